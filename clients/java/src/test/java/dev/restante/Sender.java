package dev.restante;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** The application: it sends by SMTP, and logs in if it is told a user. */
public final class Sender {
    private Sender() {}

    public static void send(Smtp to, String source) {
        try (Socket socket = new Socket(to.host(), to.port())) {
            BufferedReader replies = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            OutputStream wire = socket.getOutputStream();
            expect(replies, "220");
            say(wire, replies, "EHLO app.test", "250");
            if (!to.user().isEmpty()) {
                byte[] login = ("\0" + to.user() + "\0" + to.password()).getBytes(StandardCharsets.UTF_8);
                say(wire, replies, "AUTH PLAIN " + Base64.getEncoder().encodeToString(login), "235");
            }
            for (String line : List.of("MAIL FROM:<hello@shop.test>", "RCPT TO:<ann@app.test>")) {
                say(wire, replies, line, "250");
            }
            say(wire, replies, "DATA", "354");
            say(wire, replies, source + ".", "250");
            say(wire, replies, "QUIT", "221");
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    /** A message with these. */
    public static String mail(String subject, String body) {
        return "From: The shop <hello@shop.test>\r\nTo: Ann <ann@app.test>\r\nSubject: " + subject + "\r\n\r\n" + body + "\r\n";
    }

    private static void say(OutputStream wire, BufferedReader replies, String line, String reply) throws IOException {
        wire.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
        expect(replies, reply);
    }

    private static void expect(BufferedReader replies, String code) throws IOException {
        String line;
        do {
            line = replies.readLine();
            if (line == null || !line.startsWith(code)) {
                throw new IOException("expected " + code + ", found " + line);
            }
        } while (line.startsWith(code + "-"));
    }
}
