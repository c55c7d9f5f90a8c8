package dev.restante;

import static dev.restante.Questions.any;
import static dev.restante.Questions.since;
import static dev.restante.Questions.subject;
import static dev.restante.Questions.timeout;
import static dev.restante.Questions.to;
import static dev.restante.Sender.mail;
import static dev.restante.Sender.send;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.restante.junit.RestanteTest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@RestanteTest
class MailboxTest {
    private static final Duration SHORT = Duration.ofMillis(30);

    @Test
    void aMessageIsAnsweredWhole(Mailbox mailbox) throws Exception {
        byte[] pdf = new byte[1200];
        for (int i = 0; i < pdf.length; i++) {
            pdf[i] = (byte) i;
        }
        String source = "From: =?utf-8?q?Ren=C3=A9?= <rene@shop.test>\r\nTo: Ann <ann@app.test>, bob@app.test\r\nCc: carl@app.test\r\n"
                + "Reply-To: help@shop.test\r\nSubject: =?utf-8?b?5rOo5YaM?= =?utf-8?q?_caf=C3=A9?=\r\nMessage-ID: <1@shop.test>\r\n"
                + "Date: Thu, 26 Nov 2026 10:00:00 +0100\r\nX-Kind: =?utf-8?q?d=C3=A9j=C3=A0?=\r\nX-Tags: signup\r\n"
                + "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
                + "Content-Type: text/html; charset=utf-8\r\n\r\n<p>Your code is <b>481 516</b>. "
                + "<a href=\"https://app.test/verify?token=abcdefgh12345\">Confirm email</a></p>\r\n--b\r\n"
                + "Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"a b.pdf\"\r\n"
                + "Content-Transfer-Encoding: base64\r\n\r\n" + Base64.getMimeEncoder().encodeToString(pdf) + "\r\n--b\r\n"
                + "Content-Type: image/png\r\nContent-Disposition: inline; filename=logo.png\r\nContent-ID: <logo@shop>\r\n\r\n"
                + "PNG\r\n--b--\r\n";
        send(mailbox.smtp(), source);
        Message message = mailbox.await(to("ann@app.test"));

        assertEquals("注册 café", message.subject());
        assertEquals("René <rene@shop.test>", message.from().toString());
        assertEquals(List.of(new Address("Ann", "ann@app.test"), new Address("", "bob@app.test")), message.to());
        assertEquals(List.of(new Address("", "carl@app.test")), message.cc());
        assertEquals(List.of(), message.bcc());
        assertEquals(List.of(new Address("", "help@shop.test")), message.replyTo());
        assertEquals("1@shop.test", message.messageId());
        assertEquals(Instant.parse("2026-11-26T09:00:00Z"), message.date().toInstant());
        assertTrue(Duration.between(message.created(), Instant.now()).abs().toHours() < 1);
        assertTrue(message.html().contains("<b>481 516</b>"));
        assertTrue(message.text().contains("Your code is 481 516"));
        assertEquals(Optional.of("481516"), message.code());
        assertEquals("481 516", message.codes().get(0).shown());
        assertEquals(Optional.of("https://app.test/verify?token=abcdefgh12345"), message.link());
        assertEquals("Confirm email", message.links().get(0).text());
        assertEquals("verify", message.links().get(0).purpose());
        assertEquals(List.of("signup"), message.tags());
        assertEquals(mailbox.name(), message.mailbox());
        assertEquals("hello@shop.test", message.envelope().from().address());
        assertEquals("ann@app.test", message.envelope().to().get(0).address());
        assertEquals(mailbox.name(), message.envelope().login().orElseThrow().user());
        assertEquals("smtp", message.envelope().door());
        assertEquals(Optional.of("app.test"), message.envelope().helo());
        assertTrue(message.envelope().tls().isEmpty());
        assertEquals(source.length(), message.size());
        assertFalse(message.refusable());
        assertTrue(message.json().containsKey("ListUnsubscribe"));
        assertEquals("\"注册 café\" from hello@shop.test to ann@app.test", message.toString());

        assertEquals(1, message.attachments().size());
        Attachment attachment = message.attachments().get(0);
        assertEquals("a b.pdf (application/pdf, 1200 bytes)", attachment.toString());
        assertArrayEquals(pdf, attachment.bytes());
        assertEquals(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(pdf)), attachment.sha256());
        assertEquals("logo@shop", message.inline().get(0).contentId());
        assertEquals("PNG", new String(message.inline().get(0).bytes(), StandardCharsets.US_ASCII));
        assertEquals(Optional.of("déjà"), message.header("x-kind"));
        assertEquals(Optional.empty(), message.header("X-Absent"));
        assertEquals(List.of("=?utf-8?q?d=C3=A9j=C3=A0?="), message.headers().get("X-KIND"));
        assertEquals(source, new String(message.raw(), StandardCharsets.UTF_8));
    }

    @Test
    void clausesAreUnderstood(Mailbox mailbox) {
        send(mailbox.smtp(), "X-Kind: order\r\nX-Tags: signup\r\nCc: carl@app.test\r\nBcc: dora@app.test\r\nReply-To: help@shop.test\r\n"
                + "Message-ID: <1@shop.test>\r\nDate: Thu, 26 Nov 2026 10:00:00 +0100\r\n" + mail("Order #42 (a b)", "It leaves tomorrow."));
        List<Question> fits = List.of(
                Questions.from("hello@shop.test"), to("ann@"), Questions.cc("carl@app.test"), Questions.bcc("dora@app.test"),
                Questions.replyTo("help@shop.test"), Questions.envelope("ann@app.test"), subject("ORDER"),
                subject(Text.equalTo("Order #42 (a b)")), subject(Text.containing("#42")), subject(Text.matching("ORDER #[0-9]+ ")),
                subject(Pattern.compile("^Order #\\d+")), subject(Pattern.compile("^ORDER", Pattern.CASE_INSENSITIVE)),
                subject(Pattern.compile(Pattern.quote("#42 (a b)") + "$")), subject(Pattern.compile("#42 (a b)", Pattern.LITERAL)),
                Questions.body("leaves tomorrow"), Questions.body(Pattern.compile("^It.*\\.\\s*$", Pattern.DOTALL)),
                Questions.messageId("1@shop.test"), Questions.header("x-kind", "order"), Questions.header("X-Kind", Pattern.compile("^ord")),
                any().hasHeader("X-Kind"), Questions.tag("signup"), any().attachment(false), any().largerThan(10).smallerThan(10_000),
                any().findings(false), any().refusable(false), Questions.query("subject:order -is:read"),
                any().since(Instant.now().minusSeconds(3600)), timeout(Duration.ofSeconds(300)));
        for (Question question : fits) {
            mailbox.await(question);
        }
        List<Question> fails = List.of(
                Questions.from("nobody@shop.test"), to("nn@app.test"), Questions.bcc("ann@app.test"), subject(Text.equalTo("order #42 (a b)")),
                subject(Pattern.compile("^ORDER")), Questions.body("yesterday"), Questions.header("X-Kind", "welcome"),
                any().hasHeader("X-Absent"), Questions.tag("beta"), any().attachment(true), Questions.attachment("a.pdf"),
                Questions.attachment(AttachmentLike.any().name("a").type("application/pdf").digest("0".repeat(32))),
                any().largerThan(10_000), any().smallerThan(10), any().findings(true), any().findings("bare-lf"), any().refusable(true),
                Questions.query("-subject:order"), since(mailbox.cursor()), any().since(Instant.now().plusSeconds(3600)),
                subject("Order").subject("Welcome"));
        for (Question question : fails) {
            assertThrows(WaitFailedError.class, () -> mailbox.await(question.timeout(Duration.ZERO)), question::toString);
        }
    }

    @Test
    void severalExactlyAndNone(Mailbox mailbox) {
        Cursor start = mailbox.cursor();
        mailbox.awaitNone(SHORT);
        for (String subject : List.of("Code 1", "Code 2", "Welcome")) {
            send(mailbox.smtp(), mail(subject, "Good day."));
        }
        List<Message> two = mailbox.awaitAtLeast(2, subject("code"));
        assertEquals(List.of("Code 1", "Code 2"), two.stream().map(Message::subject).toList());
        assertEquals(2, mailbox.awaitExactly(2, subject("code")).size());
        assertEquals(3, mailbox.awaitExactly(3, since(start)).size());
        Message third = mailbox.await(since(two.get(0).cursor()));
        assertEquals("Welcome", third.subject());
        mailbox.awaitNone(SHORT, since(third.cursor()));

        WaitFailedError tooMany = assertThrows(WaitFailedError.class, () -> mailbox.awaitExactly(1, subject("code")));
        assertTrue(tooMany.tooMany());
        assertEquals("exactly 1", tooMany.expected());
        assertEquals(2, tooMany.found().size());
        WaitFailedError some = assertThrows(WaitFailedError.class, () -> mailbox.awaitNone(Duration.ofMinutes(1), subject("code 1")));
        assertEquals("Code 1", some.found().get(0).subject());
        WaitFailedError tooFew = assertThrows(WaitFailedError.class, () -> mailbox.awaitAtLeast(4, timeout(SHORT)));
        assertFalse(tooFew.tooMany());
        assertEquals(3, tooFew.found().size());

        assertEquals(List.of("Welcome", "Code 2", "Code 1"), mailbox.messages().stream().map(Summary::subject).toList());
        assertEquals("\"Code 2\" from hello@shop.test to ann@app.test", mailbox.messages("subject:code").get(0).toString());
        assertEquals(third.id(), mailbox.latest().orElseThrow().id());
        assertEquals("Code 2", mailbox.message(two.get(1).id()).orElseThrow().subject());
    }

    @Test
    void whyAWaitFailed(Mailbox mailbox, Restante restante) {
        send(mailbox.smtp(), mail("Welcom", "Good day."));
        WaitFailedError failed = assertThrows(WaitFailedError.class, () -> mailbox.await(subject("Welcome").timeout(SHORT)));
        String first = "No message in mailbox \"" + mailbox.name() + "\" matched subject:Welcome within 30 ms.\n";
        assertTrue(failed.getMessage().startsWith(first), failed.getMessage());
        assertEquals("subject:Welcome", failed.query());
        assertEquals(1, failed.arrivedCount());
        assertEquals("Welcom", failed.nearMisses().get(0).message().subject());
        assertEquals(
                List.of(new WaitFailedError.FailedClause("subject", "to contain \"Welcome\"", "\"Welcom\"")),
                failed.nearMisses().get(0).failed());
        assertTrue(failed.getStackTrace()[0].getClassName().startsWith(MailboxTest.class.getName()), "it begins here");
        WaitFailedError byClause = assertThrows(
                WaitFailedError.class, () -> restante.await(subject("Welcome").mailbox(mailbox.name()).timeout(Duration.ZERO)));
        assertTrue(byClause.getMessage().contains(mailbox.name()));
    }

    @Test
    void questionsThatAreNotUnderstood(Mailbox mailbox) {
        refused(mailbox, subject(Text.matching("(?=ahead)")), "is not a regular expression");
        refused(mailbox, subject(""), "\"subject\" is empty");
        refused(mailbox, any().findings("bare-life"), "there is no finding");
        refused(mailbox, timeout(Duration.ofSeconds(Long.MAX_VALUE)), "is more than the 300 s");
        refused(mailbox, any().mailbox("another"), "the address asks mailbox");
        assertThrows(IllegalArgumentException.class, () -> mailbox.messages("(subject:a"));
        assertThrows(IllegalArgumentException.class, () -> mailbox.awaitExactly(0, any()));
        assertEquals(Optional.empty(), mailbox.latest());
        assertEquals(Optional.empty(), mailbox.message("../x"));
    }

    private static void refused(Mailbox mailbox, Question question, String sentence) {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> mailbox.await(question));
        assertTrue(refused.getMessage().contains(sentence), refused.getMessage());
        assertTrue(refused.getStackTrace()[0].getClassName().startsWith(MailboxTest.class.getName()), "it begins here");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b c", "ann@app.test", "100%", "%2F", "📬", "a?b=c#d", "../..", "./", "a+b", "a\"b\\c", "A", "a", "name:with:colons"})
    void hostileNames(String hostile, Restante restante) {
        String name = hostile + restante.freshMailbox("-").name();
        Mailbox mailbox = restante.mailbox(name);
        send(mailbox.smtp(), mail("Welcome", "Good day."));
        Message message = mailbox.await(subject("Welcome"));
        assertEquals(name, message.mailbox());
        assertEquals(1, mailbox.messages().size());
        assertTrue(message.raw().length > 0);
        mailbox.clear();
        assertEquals(List.of(), mailbox.messages());
    }

    @Test
    void freshNames(Restante restante) {
        assertTrue(restante.freshMailbox("SignUpTest.with a code()").name().matches("SignUpTest\\.with-a-code-[a-z0-9]{8}"));
        assertTrue(restante.freshMailbox("").name().matches("mailbox-[a-z0-9]{8}"));
        assertTrue(restante.freshMailbox("注册").name().matches("mailbox-[a-z0-9]{8}"));
        assertTrue(restante.freshMailbox("-- a --").name().matches("a-[a-z0-9]{8}"));
        assertTrue(restante.freshMailbox("x".repeat(60)).name().matches("x{40}-[a-z0-9]{8}"));
        assertEquals("default", restante.mailbox("").name());
        assertTrue(restante.mailbox("..").url().toString().endsWith("/mailbox/%2E%2E/"), "no step in the path");
    }

    @Test
    void clearTouchesNoOtherMailbox(Mailbox one, Restante restante) {
        Mailbox other = restante.freshMailbox("other");
        send(one.smtp(), mail("Welcome", "Good day."));
        send(other.smtp(), mail("Welcome", "Good day."));
        Message cleared = one.await();
        one.clear();
        RestanteException gone = assertThrows(RestanteException.class, cleared::raw);
        assertTrue(gone.getMessage().endsWith("/raw was answered 404: Message not found"), gone.getMessage());
        // No client can log in by these, and neither is a step in the path.
        restante.mailbox("..").clear();
        restante.mailbox(".").clear();
        one.awaitNone(Duration.ZERO);
        other.awaitExactly(1, any());
    }

    @Test
    void delivery(Mailbox mailbox) {
        byte[] source = mail("By hand", "Good day.").getBytes(StandardCharsets.UTF_8);
        String id = mailbox.deliver(source, "a+b@shop.test", List.of("bob@app.test", "carl@app.test"));
        Message message = mailbox.await();
        assertEquals(id, message.id());
        assertEquals("\"By hand\" from a+b@shop.test to bob@app.test, carl@app.test", message.toString());
        assertThrows(IllegalArgumentException.class, () -> mailbox.deliver("Subject: to nobody\r\n\r\n"));
        String inventory = mailbox.inventory();
        assertEquals("Mailbox \"" + mailbox.name() + "\" holds one message:\n- " + message, inventory);
    }

    @RepeatedTest(32)
    void aMailboxOfItsOwnForEachTest(Mailbox mailbox, RepetitionInfo repetition) {
        String body = "Good day, number " + repetition.getCurrentRepetition() + ".";
        send(mailbox.smtp(), mail("Welcome", body));
        assertEquals(body + "\r\n", mailbox.await(to("ann@app.test").subject("Welcome")).text());
        assertEquals(1, mailbox.messages().size());
    }

    @Test
    void manyWaitsAtOnce(Restante restante) throws Exception {
        int many = 64;
        ExecutorService threads = Executors.newFixedThreadPool(many);
        CountDownLatch asking = new CountDownLatch(many);
        Mailbox[] mailboxes = IntStream.range(0, many).mapToObj(i -> restante.freshMailbox("many")).toArray(Mailbox[]::new);
        List<Future<Message>> waits = Arrays.stream(mailboxes).map(mailbox -> threads.submit(() -> {
            asking.countDown();
            return mailbox.await(timeout(Duration.ofSeconds(20)));
        })).toList();
        asking.await();
        for (int i = many - 1; i >= 0; i--) {
            mailboxes[i].deliver(mail("Welcome", "Good day."));
        }
        for (Future<Message> wait : waits) {
            assertEquals("Welcome", wait.get().subject());
        }
        threads.shutdown();
    }
}
