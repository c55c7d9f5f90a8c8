package dev.restante;

import static dev.restante.Sender.mail;
import static dev.restante.Sender.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartingTest {
    @TempDir
    Path folder;

    @Test
    void oneOfItsOwnStops() {
        Restante restante = Restante.start();
        send(restante.smtp(), mail("Welcome", "Good day."));
        Message message = restante.await(Questions.subject("Welcome"));
        assertEquals("default", message.mailbox());
        assertTrue(message.envelope().login().isEmpty());
        restante.close();
        restante.close();
        RestanteException gone = assertThrows(RestanteException.class, restante::await);
        assertTrue(gone.getMessage().endsWith("which this JVM started, was closed before this."), gone.getMessage());
        assertThrows(IOException.class, () -> new Socket(restante.smtp().host(), restante.smtp().port()).close());
    }

    /** Beside what did not match: what came too early, what went elsewhere, who broke off. */
    @Test
    void allThatAFailureTells() throws Exception {
        try (Restante restante = Restante.start()) {
            Mailbox mailbox = restante.mailbox("worker-3");
            send(mailbox.smtp(), mail("Welcome", "Good day."));
            Cursor cursor = mailbox.cursor();
            restante.deliver(mail("Welcome", "To nobody's mailbox."));
            try (Socket socket = new Socket(mailbox.smtp().host(), mailbox.smtp().port())) {
                socket.getOutputStream().write(
                        "EHLO a\r\nMAIL FROM:<a@shop.test>\r\nRCPT TO:<ann@app.test>\r\nDATA\r\nSubject: Wel".getBytes(StandardCharsets.UTF_8));
                BufferedReader replies = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
                // The server has read all of it when it answers the DATA.
                while (!replies.readLine().startsWith("354")) {}
            }
            Question question = Questions.subject("Welcome").since(cursor).timeout(Duration.ofMillis(300));
            WaitFailedError failed = assertThrows(WaitFailedError.class, () -> mailbox.await(question));
            assertEquals(List.of("worker-3"), failed.earlier().stream().map(Summary::mailbox).toList());
            assertEquals(List.of("default"), failed.elsewhere().stream().map(Summary::mailbox).toList());
            assertEquals(1, failed.sessions().size(), failed.getMessage());
            assertEquals("smtp", failed.sessions().get(0).door());
            assertTrue(failed.sessions().get(0).trouble().orElseThrow().contains("in the middle of a message"));
            assertTrue(failed.sessions().get(0).peer().orElseThrow().startsWith("127.0.0.1:"));
        }
    }

    @Test
    void aStopEndsAWait() {
        Restante restante = Restante.start();
        CompletableFuture<Message> first = CompletableFuture.supplyAsync(restante::await);
        restante.deliver(mail("Welcome", "Good day."));
        first.join();
        Question never = Questions.subject("Never").timeout(Duration.ofMinutes(1));
        CompletableFuture<Message> second = CompletableFuture.supplyAsync(() -> restante.await(never));
        restante.close();
        CompletionException ended = assertThrows(CompletionException.class, second::join);
        assertTrue(ended.getCause() instanceof RestanteException, ended.toString());
    }

    @Test
    void connectingToOneThatRuns() {
        try (Restante running = Restante.start()) {
            Restante connected = Restante.connect(running.url() + "/");
            assertEquals(running.smtp(), connected.smtp());
            Mailbox mailbox = connected.freshMailbox("connected");
            send(mailbox.smtp(), mail("Welcome", "Good day."));
            assertEquals("Welcome", mailbox.await().subject());
            assertTrue(mailbox.inventory().endsWith("\nThey are shown at " + mailbox.url()));
            connected.close();
            assertEquals(1, running.messages().size(), "it is there still");
        }
    }

    @Test
    void theEnvironmentSaysWhich() throws Exception {
        try (Restante running = Restante.start()) {
            String url = running.url().toString();
            assertEquals(running.smtp().address(), probe(Map.of("RESTANTE_URL", url, "RESTANTE_BIN", "/nowhere")));
            assertEquals("mail.test:40025", probe(Map.of("RESTANTE_URL", url, "RESTANTE_SMTP_ADDRESS", "mail.test:40025")));
        }
        assertTrue(probe(Map.of("RESTANTE_SMTP_ADDRESS", "mail.test:40025")).startsWith("127.0.0.1:"), "a child is not told");
        assertTrue(probe(Map.of("RESTANTE_URL", "http://127.0.0.1:1")).startsWith("No Restante answers at http://127.0.0.1:1: "));
        assertEquals(
                "No Restante can be started: RESTANTE_BIN is \"/nowhere/restante\", which cannot be run. Install it, say where the "
                        + "program is in RESTANTE_BIN, or name one that runs in RESTANTE_URL.",
                probe(Map.of("RESTANTE_BIN", "/nowhere/restante")));
        assertTrue(probe(Map.of("RESTANTE_BIN", "", "PATH", "/nowhere")).contains("there is no \"restante\" on PATH."));
    }

    /** Another JVM, which waits and then ends by itself though nothing is closed. */
    private static String probe(Map<String, String> environment) throws Exception {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), Probe.class.getName());
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command)).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertTrue(process.waitFor(20, TimeUnit.SECONDS), "the JVM ends");
        return said;
    }

    /** What such a JVM does. */
    static final class Probe {
        private Probe() {}

        public static void main(String[] arguments) {
            try {
                Restante restante = Restante.shared();
                restante.freshMailbox("probe").awaitNone(Duration.ofMillis(1));
                System.out.println(restante.smtp().address());
            } catch (RestanteException sentence) {
                System.out.println(sentence.getMessage());
            }
        }
    }

    @Test
    void theSharedOneIsOneUntilItIsClosed() {
        try (Restante own = Restante.start()) {
            assertEquals(Restante.shared(), Restante.shared());
            assertTrue(Restante.shared() != own);
        }
    }

    @Test
    void noServerIsASentence() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        String url = "http://127.0.0.1:" + port;
        RestanteException none = assertThrows(RestanteException.class, () -> Restante.connect(url));
        assertEquals(
                "No Restante answers at " + url + ": connection refused. Start one (\"restante\"), or say where it is in RESTANTE_URL.",
                none.getMessage());
        assertEquals(StartingTest.class.getName(), none.getStackTrace()[0].getClassName().replaceAll("\\$.*", ""));
        assertTrue(assertThrows(RestanteException.class, () -> Restante.connect("http://restante.invalid:8025"))
                .getMessage().contains(": no such host. Start one"));
        assertThrows(IllegalArgumentException.class, () -> Restante.connect("localhost:8025"));
        assertThrows(IllegalArgumentException.class, () -> Restante.connect("not an address"));
    }

    @Test
    void anotherServerIsNone() throws Exception {
        answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}", "is not a Restante");
        answering("HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\n<html>", "cannot be read: This is not JSON");
        answering("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\n\"\u00ff\"", "cannot be read");
        answering("HTTP/1.1 404 Not Found\r\nContent-Length: 7\r\nConnection: close\r\n\r\nNo page", "was answered 404: No page");
    }

    private static void answering(String answer, String sentence) throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> answered = CompletableFuture.runAsync(() -> {
                try (Socket client = socket.accept(); InputStream in = client.getInputStream(); OutputStream out = client.getOutputStream()) {
                    in.read(new byte[4096]);
                    out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
                } catch (IOException error) {
                    throw new CompletionException(error);
                }
            });
            String url = "http://127.0.0.1:" + socket.getLocalPort();
            RestanteException none = assertThrows(RestanteException.class, () -> Restante.connect(url));
            assertTrue(none.getMessage().contains(sentence), none.getMessage());
            answered.join();
        }
    }

    @Test
    void aProgramThatEndsAtOnce() throws IOException {
        assertEquals("%s did not say where it is. It ended with exit status 2:\nthe port is taken", saidBy("echo 'the port is taken' >&2; exit 2"));
        assertTrue(saidBy("exit 0").endsWith("It printed nothing."));
        assertTrue(saidBy("echo 'Hello, I am another program'; cat >/dev/null").endsWith(":\nHello, I am another program"));
        RestanteException wrongFlag = assertThrows(RestanteException.class, () -> Restante.start("--no-such-flag"));
        assertTrue(wrongFlag.getMessage().contains("--no-such-flag"));
        assertThrows(RestanteException.class, () -> Restante.start("--smtp", "off", "--submission", "off", "--smtps", "off"));
    }

    private String saidBy(String script) throws IOException {
        Path program = Files.createTempFile(folder, "restante", ".sh", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(program, "#!/bin/sh\n" + script + "\n");
        String path = program.toString();
        return assertThrows(RestanteException.class, () -> Restante.startProgram(path, List.of())).getMessage().replace(path, "%s");
    }
}
