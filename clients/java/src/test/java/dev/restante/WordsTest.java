package dev.restante;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What is written on the wire. */
class WordsTest {
    @Test
    void flagsOfAPatternGoAlong() {
        assertEquals(Map.of("regex", "(?-i)a"), Text.matching(Pattern.compile("a")).wire());
        assertEquals(Map.of("regex", "(?i)a"), Text.matching(Pattern.compile("a", Pattern.CASE_INSENSITIVE)).wire());
        int all = Pattern.MULTILINE | Pattern.DOTALL | Pattern.COMMENTS;
        assertEquals(Map.of("regex", "(?msx-i)a"), Text.matching(Pattern.compile("a", all)).wire());
        assertEquals(Map.of("regex", "(?-i)a\\.\\(b"), Text.matching(Pattern.compile("a.(b", Pattern.LITERAL)).wire());
        assertThrows(IllegalArgumentException.class, () -> Text.matching(Pattern.compile("a", Pattern.CANON_EQ)));
    }

    @Test
    void quotationsAreWrittenOtherwise() {
        assertEquals(Map.of("regex", "(?-i)^1\\+1\\$x"), Text.matching(Pattern.compile("^" + Pattern.quote("1+1$") + "x")).wire());
        assertEquals(Map.of("regex", "(?-i)\\\\Q"), Text.matching(Pattern.compile("\\\\Q")).wire());
        assertEquals(Map.of("regex", "(?-i)a\\*"), Text.matching(Pattern.compile("\\Qa*")).wire());
    }

    @Test
    void aQuestionKeepsItsOrderAndItsTexts() {
        Question question = Questions.to("ann@app.test").subject("a").subject(Text.equalTo("b")).header("X-A", "1").header("X-A", "2");
        assertEquals(
                "{\"to\":\"ann@app.test\",\"subject\":[\"a\",{\"equals\":\"b\"}],\"header\":{\"X-A\":[\"1\",\"2\"]},\"timeout\":\"2ms\"}",
                question.hasHeader("X-A").timeout(Duration.ofNanos(1_000_001)).json());
        assertEquals("{}", Questions.any().toString());
        assertEquals("{\"findings\":true}", Questions.any().findings().json(), "none would ask for nothing");
        assertThrows(IllegalArgumentException.class, () -> question.timeout(Duration.ZERO).timeout(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> question.largerThan(1).largerThan(2));
        assertThrows(IllegalArgumentException.class, () -> AttachmentLike.any().name("a").name("b"));
    }

    @Test
    void addressesOfSmtp() {
        assertEquals("smtp://a%2Fb%40c%3Ad%25%F0%9F%93%AC:x@127.0.0.1:25", new Smtp("127.0.0.1", 25, "a/b@c:d%📬", "x").url());
        assertEquals("smtp://[::1]:25", new Smtp("::1", 25, "", "").url());
        assertEquals(new Smtp("mail.test", 40025, "", ""), Smtp.said("mail.test:40025"));
        assertEquals(new Smtp("::1", 25, "", ""), Smtp.said("[::1]:25"));
        assertEquals("::1", Restante.hostOf("http://[::1]:8025"));
        assertEquals("[::1]:25", new Smtp(Restante.hostOf("http://[::1]:8025"), 25, "", "").address());
        for (String wrong : new String[] {"40025", "host:", ":25", "host:x"}) {
            assertThrows(IllegalArgumentException.class, () -> Smtp.said(wrong));
        }
    }
}
