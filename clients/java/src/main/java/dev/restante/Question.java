package dev.restante;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a wait asks of a message. All of it must hold; what is asked twice is meant twice. {@link Questions} has the words to
 * begin with. Immutable; each method answers another.
 *
 * <p>A string is contained, whatever the case, and a whole address is meant as a whole; a {@link Pattern} is found, with its
 * flags; {@link Text} says it otherwise.
 */
public final class Question {
    /** The server's. */
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    /** The server's: it refuses a longer wait at once. */
    private static final Duration HELD_MAX = Duration.ofSeconds(300);

    static final Question EMPTY = new Question(Map.of(), TIMEOUT);

    /** In the order in which they were asked, which the explanation keeps. */
    private final Map<String, Object> members;
    private final Duration held;

    private Question(Map<String, Object> members, Duration held) {
        this.members = members;
        this.held = held;
    }

    /**
     * Asks for an address in the From field or in MAIL FROM.
     *
     * @param address a whole one, or a part of it
     * @return what is asked so far
     */
    public Question from(String address) {
        return from(Text.of(address));
    }

    /**
     * Asks for an address in the From field or in MAIL FROM.
     *
     * @param address found there
     * @return what is asked so far
     */
    public Question from(Pattern address) {
        return from(Text.matching(address));
    }

    /**
     * Asks for an address in the From field or in MAIL FROM.
     *
     * @param address as it is meant
     * @return what is asked so far
     */
    public Question from(Text address) {
        return and("from", address.wire());
    }

    /**
     * Asks for an address in the To field or in RCPT TO.
     *
     * @param address a whole one, or a part of it
     * @return what is asked so far
     */
    public Question to(String address) {
        return to(Text.of(address));
    }

    /**
     * Asks for an address in the To field or in RCPT TO.
     *
     * @param address found there
     * @return what is asked so far
     */
    public Question to(Pattern address) {
        return to(Text.matching(address));
    }

    /**
     * Asks for an address in the To field or in RCPT TO.
     *
     * @param address as it is meant
     * @return what is asked so far
     */
    public Question to(Text address) {
        return and("to", address.wire());
    }

    /**
     * Asks for an address in the Cc field.
     *
     * @param address a whole one, or a part of it
     * @return what is asked so far
     */
    public Question cc(String address) {
        return cc(Text.of(address));
    }

    /**
     * Asks for an address in the Cc field.
     *
     * @param address found there
     * @return what is asked so far
     */
    public Question cc(Pattern address) {
        return cc(Text.matching(address));
    }

    /**
     * Asks for an address in the Cc field.
     *
     * @param address as it is meant
     * @return what is asked so far
     */
    public Question cc(Text address) {
        return and("cc", address.wire());
    }

    /**
     * Asks for an address in the Bcc field.
     *
     * @param address a whole one, or a part of it
     * @return what is asked so far
     */
    public Question bcc(String address) {
        return bcc(Text.of(address));
    }

    /**
     * Asks for an address in the Bcc field.
     *
     * @param address found there
     * @return what is asked so far
     */
    public Question bcc(Pattern address) {
        return bcc(Text.matching(address));
    }

    /**
     * Asks for an address in the Bcc field.
     *
     * @param address as it is meant
     * @return what is asked so far
     */
    public Question bcc(Text address) {
        return and("bcc", address.wire());
    }

    /**
     * Asks for an address in the Reply-To field.
     *
     * @param address a whole one, or a part of it
     * @return what is asked so far
     */
    public Question replyTo(String address) {
        return replyTo(Text.of(address));
    }

    /**
     * Asks for an address in the Reply-To field.
     *
     * @param address found there
     * @return what is asked so far
     */
    public Question replyTo(Pattern address) {
        return replyTo(Text.matching(address));
    }

    /**
     * Asks for an address in the Reply-To field.
     *
     * @param address as it is meant
     * @return what is asked so far
     */
    public Question replyTo(Text address) {
        return and("replyTo", address.wire());
    }

    /**
     * Asks for an address of MAIL FROM or RCPT TO, whatever the fields say.
     *
     * @param address a whole one, or a part of it
     * @return what is asked so far
     */
    public Question envelope(String address) {
        return envelope(Text.of(address));
    }

    /**
     * Asks for an address of MAIL FROM or RCPT TO, whatever the fields say.
     *
     * @param address found there
     * @return what is asked so far
     */
    public Question envelope(Pattern address) {
        return envelope(Text.matching(address));
    }

    /**
     * Asks for an address of MAIL FROM or RCPT TO, whatever the fields say.
     *
     * @param address as it is meant
     * @return what is asked so far
     */
    public Question envelope(Text address) {
        return and("envelope", address.wire());
    }

    /**
     * Asks for a text in the subject.
     *
     * @param text contained, whatever the case
     * @return what is asked so far
     */
    public Question subject(String text) {
        return subject(Text.of(text));
    }

    /**
     * Asks for a text in the subject.
     *
     * @param text found there
     * @return what is asked so far
     */
    public Question subject(Pattern text) {
        return subject(Text.matching(text));
    }

    /**
     * Asks for a text in the subject.
     *
     * @param text as it is meant
     * @return what is asked so far
     */
    public Question subject(Text text) {
        return and("subject", text.wire());
    }

    /**
     * Asks for a text in the plain text or in the HTML.
     *
     * @param text contained, whatever the case
     * @return what is asked so far
     */
    public Question body(String text) {
        return body(Text.of(text));
    }

    /**
     * Asks for a text in the plain text or in the HTML.
     *
     * @param text found there
     * @return what is asked so far
     */
    public Question body(Pattern text) {
        return body(Text.matching(text));
    }

    /**
     * Asks for a text in the plain text or in the HTML.
     *
     * @param text as it is meant
     * @return what is asked so far
     */
    public Question body(Text text) {
        return and("body", text.wire());
    }

    /**
     * Asks for a text in the Message-ID field.
     *
     * @param text contained, whatever the case
     * @return what is asked so far
     */
    public Question messageId(String text) {
        return messageId(Text.of(text));
    }

    /**
     * Asks for a text in the Message-ID field.
     *
     * @param text found there
     * @return what is asked so far
     */
    public Question messageId(Pattern text) {
        return messageId(Text.matching(text));
    }

    /**
     * Asks for a text in the Message-ID field.
     *
     * @param text as it is meant
     * @return what is asked so far
     */
    public Question messageId(Text text) {
        return and("messageId", text.wire());
    }

    /**
     * Asks for a text in a field of the header.
     *
     * @param name of the field
     * @param value contained, whatever the case
     * @return what is asked so far
     */
    public Question header(String name, String value) {
        return header(name, Text.of(value));
    }

    /**
     * Asks for a text in a field of the header.
     *
     * @param name of the field
     * @param value found there
     * @return what is asked so far
     */
    public Question header(String name, Pattern value) {
        return header(name, Text.matching(value));
    }

    /**
     * Asks for a text in a field of the header.
     *
     * @param name of the field
     * @param value as it is meant
     * @return what is asked so far
     */
    public Question header(String name, Text value) {
        return field(name, value.wire());
    }

    /**
     * Asks that a field is in the header.
     *
     * @param name of the field
     * @return what is asked so far
     */
    public Question hasHeader(String name) {
        return field(name, true);
    }

    /**
     * Asks for a tag.
     *
     * @param name of the tag
     * @return what is asked so far
     */
    public Question tag(String name) {
        return and("tag", name);
    }

    /**
     * Asks whether there is any attachment.
     *
     * @param is whether there is to be one
     * @return what is asked so far
     */
    public Question attachment(boolean is) {
        return and("attachment", is);
    }

    /**
     * Asks for an attachment by its file name.
     *
     * @param name contained, whatever the case
     * @return what is asked so far
     */
    public Question attachment(String name) {
        return attachment(AttachmentLike.any().name(name));
    }

    /**
     * Asks for an attachment.
     *
     * @param like to which all of this applies
     * @return what is asked so far
     */
    public Question attachment(AttachmentLike like) {
        return and("attachment", like.wire());
    }

    /**
     * Asks for a larger message.
     *
     * @param bytes than so many
     * @return what is asked so far
     */
    public Question largerThan(long bytes) {
        return size("larger", bytes);
    }

    /**
     * Asks for a smaller message.
     *
     * @param bytes than so many
     * @return what is asked so far
     */
    public Question smallerThan(long bytes) {
        return size("smaller", bytes);
    }

    /**
     * Asks whether anything was odd about the message.
     *
     * @param is whether there is to be a finding
     * @return what is asked so far
     */
    public Question findings(boolean is) {
        return with("findings", is);
    }

    /**
     * Asks for all of these findings; without an id, for any.
     *
     * @param ids as /api/v1/findings lists them
     * @return what is asked so far
     */
    public Question findings(String... ids) {
        return ids.length == 0 ? findings(true) : with("findings", List.of(ids));
    }

    /**
     * Asks whether a strict server would refuse the message.
     *
     * @param is whether it would
     * @return what is asked so far
     */
    public Question refusable(boolean is) {
        return with("refusable", is);
    }

    /**
     * Asks for what a search finds.
     *
     * @param query in its language: {@code to:ann (subject:welcome OR subject:hello)}
     * @return what is asked so far
     */
    public Question query(String query) {
        return with("query", query);
    }

    /**
     * Asks for messages of a mailbox, where a {@link Restante} is asked.
     *
     * @param name of the mailbox
     * @return what is asked so far
     */
    public Question mailbox(String name) {
        return with("mailbox", name);
    }

    /**
     * Counts only what came after a place.
     *
     * @param cursor the place
     * @return what is asked so far
     */
    public Question since(Cursor cursor) {
        return with("since", cursor.value());
    }

    /**
     * Counts only what came after a time.
     *
     * @param time by the clock of the server
     * @return what is asked so far
     */
    public Question since(Instant time) {
        return with("since", time.toString());
    }

    /**
     * Says how long to wait. Without it these are three seconds.
     *
     * @param timeout 300 s at most
     * @return what is asked so far
     */
    public Question timeout(Duration timeout) {
        return with("timeout", milliseconds(timeout)).held(timeout);
    }

    @Override
    public String toString() {
        return json();
    }

    Duration held() {
        return held;
    }

    Question held(Duration longer) {
        return new Question(members, longer.compareTo(HELD_MAX) > 0 ? HELD_MAX : longer.isNegative() ? Duration.ZERO : longer);
    }

    /** A member that counts once. */
    Question with(String name, Object value) {
        if (members.containsKey(name)) {
            throw new IllegalArgumentException("\"" + name + "\" is asked twice, which cannot both be meant; leave one out.");
        }
        return put(name, value);
    }

    String json() {
        return Json.write(members);
    }

    /** Rounded up, lest a short time becomes none. */
    static String milliseconds(Duration time) {
        return time.compareTo(HELD_MAX) > 0 ? time.toSeconds() + "s" : time.plusNanos(999_999).toMillis() + "ms";
    }

    private Question put(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(members);
        more.put(name, value);
        return new Question(more, held);
    }

    /** A member of which all are meant. One alone is no list: the sentences of the server are about one text then. */
    private Question and(String name, Object value) {
        return put(name, joined(members.get(name), value));
    }

    private static Object joined(Object before, Object value) {
        if (before == null) {
            return value;
        }
        List<Object> all = new ArrayList<>(before instanceof List<?> list ? list : List.of(before));
        all.add(value);
        return List.copyOf(all);
    }

    private Question field(String name, Object value) {
        Map<String, Object> fields = inner("header");
        // That a field is there follows from what is in it.
        if (!fields.containsKey(name) || Boolean.TRUE.equals(fields.get(name))) {
            fields.put(name, value);
        } else if (!Boolean.TRUE.equals(value)) {
            fields.put(name, joined(fields.get(name), value));
        }
        return put("header", fields);
    }

    private Question size(String name, long bytes) {
        Map<String, Object> sizes = inner("size");
        if (sizes.put(name, bytes) != null) {
            throw new IllegalArgumentException("\"size." + name + "\" is asked twice; leave one out.");
        }
        return put("size", sizes);
    }

    private Map<String, Object> inner(String name) {
        Map<String, Object> inner = new LinkedHashMap<>();
        if (members.get(name) instanceof Map<?, ?> before) {
            before.forEach((key, value) -> inner.put(key.toString(), value));
        }
        return inner;
    }
}
