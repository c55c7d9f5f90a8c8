package dev.restante;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A whole message. What it holds came with it and does not change; {@link #header}, {@link #headers}, {@link #raw} and the
 * bytes of an {@link Attachment} are fetched when they are asked for.
 */
public final class Message {
    private final Mailbox from;
    private final Members members;
    private final Cursor cursor;

    Message(Mailbox from, Members members) {
        this(from, members, new Cursor(members.text("Cursor")));
    }

    Message(Mailbox from, Members members, Cursor cursor) {
        this.from = from;
        this.members = members;
        this.cursor = cursor;
    }

    /**
     * Its id, as the API, the page and the reply of SMTP name it.
     *
     * @return the id
     */
    public String id() {
        return members.text("ID");
    }

    /**
     * Its Message-ID.
     *
     * @return without brackets; empty without one
     */
    public String messageId() {
        return members.text("MessageID");
    }

    /**
     * Its subject.
     *
     * @return decoded; empty without one
     */
    public String subject() {
        return members.text("Subject");
    }

    /**
     * Its first author.
     *
     * @return name and address; both empty without one
     */
    public Address from() {
        return Address.of(members.object("From"));
    }

    /**
     * The addresses of the To field.
     *
     * @return in order
     */
    public List<Address> to() {
        return Summary.addresses(members, "To");
    }

    /**
     * The addresses of the Cc field.
     *
     * @return in order
     */
    public List<Address> cc() {
        return Summary.addresses(members, "Cc");
    }

    /**
     * The addresses of the Bcc field.
     *
     * @return in order
     */
    public List<Address> bcc() {
        return Summary.addresses(members, "Bcc");
    }

    /**
     * The addresses of the Reply-To field.
     *
     * @return in order
     */
    public List<Address> replyTo() {
        return Summary.addresses(members, "ReplyTo");
    }

    /**
     * The time of its Date field.
     *
     * @return that, or the time of its arrival without one
     */
    public OffsetDateTime date() {
        return members.time("Date");
    }

    /**
     * When it arrived.
     *
     * @return by the clock of the server
     */
    public Instant created() {
        return members.instant("Created");
    }

    /**
     * The text to read.
     *
     * @return the plain one, or else one made from the HTML; line ends are as sent
     */
    public String text() {
        return members.text("Text");
    }

    /**
     * Its HTML.
     *
     * @return as sent; empty if there is none
     */
    public String html() {
        return members.text("HTML");
    }

    /**
     * The one-time code in it.
     *
     * @return the clearest one, as it is to be typed
     */
    public Optional<String> code() {
        return codes().stream().findFirst().map(Code::value);
    }

    /**
     * All one-time codes in it.
     *
     * @return the clearest first
     */
    public List<Code> codes() {
        return members.objects("Codes").stream().map(Code::of).toList();
    }

    /**
     * The link that it is about: to verify, to reset, to sign in, to accept.
     *
     * @return its address
     */
    public Optional<String> link() {
        return members.someObject("MainLink").map(link -> link.text("URL"));
    }

    /**
     * All links in it.
     *
     * @return each once, in order
     */
    public List<Link> links() {
        return members.objects("Links").stream().map(Link::of).toList();
    }

    /**
     * Its attachments.
     *
     * @return in order
     */
    public List<Attachment> attachments() {
        return parts("Attachments");
    }

    /**
     * The parts that its HTML shows.
     *
     * @return in order
     */
    public List<Attachment> inline() {
        return parts("Inline");
    }

    /**
     * What SMTP said of it.
     *
     * @return sender, recipients, and what is known of the client
     */
    public Envelope envelope() {
        return Envelope.of(members.object("Envelope"));
    }

    /**
     * Its tags.
     *
     * @return by name
     */
    public List<String> tags() {
        return members.texts("Tags");
    }

    /**
     * What was odd about it, on the wire and in its bytes.
     *
     * @return each finding
     */
    public List<Finding> findings() {
        return members.objects("Findings").stream().map(Finding::of).toList();
    }

    /**
     * Whether a strict server would have refused it.
     *
     * @return whether it would
     */
    public boolean refusable() {
        return members.flag("Refusable");
    }

    /**
     * The mailbox that it came into.
     *
     * @return its name
     */
    public String mailbox() {
        return members.text("Mailbox");
    }

    /**
     * Whether someone had looked at it.
     *
     * @return whether it was read
     */
    public boolean read() {
        return members.flag("Read");
    }

    /**
     * Its size.
     *
     * @return in bytes, as sent
     */
    public long size() {
        return members.number("Size");
    }

    /**
     * The place after the answer that it came with, for {@link Question#since(Cursor)}.
     *
     * @return the place; empty if it was not waited for
     */
    public Cursor cursor() {
        return cursor;
    }

    /**
     * A field of its header. It is fetched now.
     *
     * @param name in any case
     * @return the first of this name, decoded
     * @throws RestanteException if no Restante answers
     */
    public Optional<String> header(String name) {
        return fields("?decoded=1").getOrDefault(name, List.of()).stream().findFirst();
    }

    /**
     * All fields of its header. They are fetched now.
     *
     * @return by names in any case, unfolded and not decoded
     * @throws RestanteException if no Restante answers
     */
    public Map<String, List<String>> headers() {
        return fields("");
    }

    private Map<String, List<String>> fields(String how) {
        Members fields = from.caller.json("GET", from.path("/api/v1/message/" + id() + "/headers" + how));
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String name : fields.all().keySet()) {
            headers.computeIfAbsent(name, first -> new ArrayList<>()).addAll(fields.texts(name));
        }
        return Collections.unmodifiableMap(headers);
    }

    /**
     * The message as sent, byte for byte. It is fetched now.
     *
     * @return a new array
     * @throws RestanteException if no Restante answers
     */
    public byte[] raw() {
        return from.caller.bytes("GET", from.path("/api/v1/message/" + id() + "/raw"));
    }

    /**
     * The answer of the server, for what has no method here.
     *
     * @return its members: {@code String}, {@code BigDecimal}, {@code Boolean}, {@code Map}, {@code List} or null
     */
    public Map<String, Object> json() {
        return members.all();
    }

    /** One line: the subject, the sender and the recipients. */
    @Override
    public String toString() {
        return envelope().line(subject());
    }

    private List<Attachment> parts(String name) {
        return members.objects(name).stream().map(part -> new Attachment(from, id(), part)).toList();
    }
}
