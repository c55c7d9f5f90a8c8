package dev.restante;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @Test
    void readsWhatThereIs() {
        assertEquals(
                Map.of("a", List.of(new BigDecimal("1"), new BigDecimal("-0.5e-3"), true, false, "x"), "b", Map.of(), "c", List.of()),
                Json.read(" {\"a\" : [1,-0.5e-3 , true,false,\"x\"]\n,\t\"b\":{},\"c\":[ ]}\r\n"));
        assertEquals(Arrays.asList((Object) null), Json.read("[null]"));
        assertEquals("top", Json.read("\"top\""));
    }

    @Test
    void readsTextsToTheLetter() {
        assertEquals("\"\\/\b\f\n\r\t é 📬 📬 \u007f", Json.read("\"\\\"\\\\\\/\\b\\f\\n\\r\\t \\u00e9 \\ud83d\\uDCEC 📬 \u007f\""));
        assertEquals("\ud83d", Json.read("\"\\ud83d\""), "a surrogate that is alone stays so");
    }

    @Test
    void readsNumbersWithAllTheirDigits() {
        assertEquals(new BigDecimal("12345678901234567890.123456789"), Json.read("12345678901234567890.123456789"));
        assertEquals(Long.MAX_VALUE, new Members(Json.object("{\"n\":9223372036854775807}")).number("n"));
        assertEquals(0, new Members(Json.object("{\"n\":1e999999}")).number("n"), "no number of ours, and no memory");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", "{", "[", "\"", "[1", "[1,", "[1,]", "[,1]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{1:1}", "'a'", "[1] 2",
                "01", "-", "-01", "1.", ".5", "1e", "1e+", "+1", "0x1", "1_0", "NaN", "Infinity", "-Infinity", "nul", "True", "truefalse",
                "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\u１２３４\"", "\"a\nb\"", "\"\u0000\"", "\ufeff{}", "\u00a0{}", "[1]]", "/**/1",
                "1e99999999999"
            })
    void refusesWhatIsNotJson(String text) {
        assertThrows(JsonException.class, () -> Json.read(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":"})
    void depthIsLimited(String opening) {
        assertThrows(JsonException.class, () -> Json.read(opening.repeat(1_000_000)));
        String closing = opening.equals("[") ? "]" : "}";
        Json.read(opening.repeat(Json.DEPTH_MAX) + (opening.equals("[") ? "" : "1") + closing.repeat(Json.DEPTH_MAX));
        assertThrows(JsonException.class, () -> Json.read(opening.repeat(Json.DEPTH_MAX + 1) + "1" + closing.repeat(Json.DEPTH_MAX + 1)));
    }

    @Test
    void depthIsOfWhatIsOpenNotOfWhatWas() {
        Json.read("[" + "[],".repeat(10_000) + "[]]");
    }

    @Test
    void aLargeTextTakesNoLongTime() {
        String text = "\"" + "é\\n".repeat(1_000_000) + "\"";
        assertEquals(2_000_000, assertTimeoutPreemptively(Duration.ofSeconds(10), () -> (String) Json.read(text)).length());
    }

    @Test
    void writesWhatIsReadAgain() {
        for (String text : List.of("{\"a\":[1,\"x\",null,true,{}],\"b\":[]}", "\"\\\"\\\\\\u0001é\"", "[0.5,-3]")) {
            assertEquals(Json.read(text), Json.read(Json.write(Json.read(text))));
        }
        assertEquals("\"\\ud83d\\udcec\\u000a\"", Json.write("📬\n"));
        assertEquals("\"\\udcec\"", Json.write("\udcec"), "it could not be encoded otherwise");
    }
}
