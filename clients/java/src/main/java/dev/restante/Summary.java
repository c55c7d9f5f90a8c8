package dev.restante;

import java.time.Instant;
import java.util.List;

/**
 * A message in a list: what is known of it without decoding its parts. {@link Mailbox#message} has the whole.
 *
 * @param id its id
 * @param messageId its Message-ID, without brackets
 * @param subject decoded
 * @param from the first author
 * @param to of the To field
 * @param cc of the Cc field
 * @param bcc of the Bcc field
 * @param replyTo of the Reply-To field
 * @param created when it arrived
 * @param snippet how its text begins
 * @param attachments how many there are
 * @param size in bytes, as sent
 * @param tags by name
 * @param mailbox that it came into
 * @param read whether someone has looked at it
 * @param envelope what SMTP said
 * @param findings how many there are
 * @param refusable whether a strict server would have refused it
 */
public record Summary(
        String id,
        String messageId,
        String subject,
        Address from,
        List<Address> to,
        List<Address> cc,
        List<Address> bcc,
        List<Address> replyTo,
        Instant created,
        String snippet,
        int attachments,
        long size,
        List<String> tags,
        String mailbox,
        boolean read,
        Envelope envelope,
        int findings,
        boolean refusable) {
    static Summary of(Members members) {
        return new Summary(
                members.text("ID"),
                members.text("MessageID"),
                members.text("Subject"),
                Address.of(members.object("From")),
                addresses(members, "To"),
                addresses(members, "Cc"),
                addresses(members, "Bcc"),
                addresses(members, "ReplyTo"),
                members.instant("Created"),
                members.text("Snippet"),
                members.integer("Attachments"),
                members.number("Size"),
                members.texts("Tags"),
                members.text("Mailbox"),
                members.flag("Read"),
                Envelope.of(members.object("Envelope")),
                members.integer("Findings"),
                members.flag("Refusable"));
    }

    static List<Address> addresses(Members members, String name) {
        return members.objects(name).stream().map(Address::of).toList();
    }

    /** One line: the subject, the sender and the recipients. */
    @Override
    public String toString() {
        return envelope.line(subject);
    }
}
