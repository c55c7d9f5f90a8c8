package dev.restante;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What SMTP said of a message.
 *
 * @param from MAIL FROM; its address is empty for the null sender
 * @param to each RCPT TO, in order
 * @param door where it came in: {@code smtp}, {@code submission}, {@code smtps}, {@code http} or {@code pickup}
 * @param peer the address of the client
 * @param helo the client's name for itself
 * @param tls the TLS of the connection
 * @param login the login of the client
 */
public record Envelope(
        Path from,
        List<Path> to,
        String door,
        Optional<String> peer,
        Optional<String> helo,
        Optional<Tls> tls,
        Optional<Login> login) {
    /**
     * An address of the envelope.
     *
     * @param address without brackets
     * @param parameters those of its command
     */
    public record Path(String address, String parameters) {
        static Path of(Members members) {
            return new Path(members.text("Address"), members.text("Parameters"));
        }
    }

    /**
     * The TLS of a connection.
     *
     * @param version of the protocol
     * @param cipher its suite
     * @param serverName the name that the client asked for
     */
    public record Tls(String version, String cipher, Optional<String> serverName) {}

    /**
     * The login of a client.
     *
     * @param mechanism such as {@code PLAIN}
     * @param user the user name, which is that of the mailbox
     */
    public record Login(String mechanism, String user) {}

    static Envelope of(Members members) {
        return new Envelope(
                Path.of(members.object("From")),
                members.objects("To").stream().map(Path::of).toList(),
                members.text("Door"),
                members.someText("Peer"),
                members.someText("Helo"),
                members.someObject("TLS")
                        .map(tls -> new Tls(tls.text("Version"), tls.text("Cipher"), tls.someText("ServerName"))),
                members.someObject("Auth").map(login -> new Login(login.text("Mechanism"), login.text("User"))));
    }

    /** A message in one line, as the explanations of the server have it. */
    String line(String subject) {
        String sender = from.address().isEmpty() ? "<>" : from.address();
        String recipients = to.stream().map(Path::address).collect(Collectors.joining(", "));
        return (subject.isEmpty() ? "no subject" : "\"" + subject + "\"") + " from " + sender + " to " + recipients;
    }
}
