package dev.restante;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * The words that a {@link Question} begins with, to be imported statically:
 * {@code mailbox.await(to("ann@app.test").subject("Welcome"))}.
 */
public final class Questions {
    private Questions() {}

    /**
     * Asks for any message.
     *
     * @return to be made narrower
     */
    public static Question any() {
        return Question.EMPTY;
    }

    /**
     * Asks for an address in the From field or in MAIL FROM.
     *
     * @param address a whole one, or a part of it
     * @return the question
     */
    public static Question from(String address) {
        return any().from(address);
    }

    /**
     * Asks for an address in the From field or in MAIL FROM.
     *
     * @param address found there
     * @return the question
     */
    public static Question from(Pattern address) {
        return any().from(address);
    }

    /**
     * Asks for an address in the From field or in MAIL FROM.
     *
     * @param address as it is meant
     * @return the question
     */
    public static Question from(Text address) {
        return any().from(address);
    }

    /**
     * Asks for an address in the To field or in RCPT TO.
     *
     * @param address a whole one, or a part of it
     * @return the question
     */
    public static Question to(String address) {
        return any().to(address);
    }

    /**
     * Asks for an address in the To field or in RCPT TO.
     *
     * @param address found there
     * @return the question
     */
    public static Question to(Pattern address) {
        return any().to(address);
    }

    /**
     * Asks for an address in the To field or in RCPT TO.
     *
     * @param address as it is meant
     * @return the question
     */
    public static Question to(Text address) {
        return any().to(address);
    }

    /**
     * Asks for an address in the Cc field.
     *
     * @param address a whole one, or a part of it
     * @return the question
     */
    public static Question cc(String address) {
        return any().cc(address);
    }

    /**
     * Asks for an address in the Cc field.
     *
     * @param address found there
     * @return the question
     */
    public static Question cc(Pattern address) {
        return any().cc(address);
    }

    /**
     * Asks for an address in the Cc field.
     *
     * @param address as it is meant
     * @return the question
     */
    public static Question cc(Text address) {
        return any().cc(address);
    }

    /**
     * Asks for an address in the Bcc field.
     *
     * @param address a whole one, or a part of it
     * @return the question
     */
    public static Question bcc(String address) {
        return any().bcc(address);
    }

    /**
     * Asks for an address in the Bcc field.
     *
     * @param address found there
     * @return the question
     */
    public static Question bcc(Pattern address) {
        return any().bcc(address);
    }

    /**
     * Asks for an address in the Bcc field.
     *
     * @param address as it is meant
     * @return the question
     */
    public static Question bcc(Text address) {
        return any().bcc(address);
    }

    /**
     * Asks for an address in the Reply-To field.
     *
     * @param address a whole one, or a part of it
     * @return the question
     */
    public static Question replyTo(String address) {
        return any().replyTo(address);
    }

    /**
     * Asks for an address in the Reply-To field.
     *
     * @param address found there
     * @return the question
     */
    public static Question replyTo(Pattern address) {
        return any().replyTo(address);
    }

    /**
     * Asks for an address in the Reply-To field.
     *
     * @param address as it is meant
     * @return the question
     */
    public static Question replyTo(Text address) {
        return any().replyTo(address);
    }

    /**
     * Asks for an address of MAIL FROM or RCPT TO, whatever the fields say.
     *
     * @param address a whole one, or a part of it
     * @return the question
     */
    public static Question envelope(String address) {
        return any().envelope(address);
    }

    /**
     * Asks for an address of MAIL FROM or RCPT TO, whatever the fields say.
     *
     * @param address found there
     * @return the question
     */
    public static Question envelope(Pattern address) {
        return any().envelope(address);
    }

    /**
     * Asks for an address of MAIL FROM or RCPT TO, whatever the fields say.
     *
     * @param address as it is meant
     * @return the question
     */
    public static Question envelope(Text address) {
        return any().envelope(address);
    }

    /**
     * Asks for a text in the subject.
     *
     * @param text contained, whatever the case
     * @return the question
     */
    public static Question subject(String text) {
        return any().subject(text);
    }

    /**
     * Asks for a text in the subject.
     *
     * @param text found there
     * @return the question
     */
    public static Question subject(Pattern text) {
        return any().subject(text);
    }

    /**
     * Asks for a text in the subject.
     *
     * @param text as it is meant
     * @return the question
     */
    public static Question subject(Text text) {
        return any().subject(text);
    }

    /**
     * Asks for a text in the plain text or in the HTML.
     *
     * @param text contained, whatever the case
     * @return the question
     */
    public static Question body(String text) {
        return any().body(text);
    }

    /**
     * Asks for a text in the plain text or in the HTML.
     *
     * @param text found there
     * @return the question
     */
    public static Question body(Pattern text) {
        return any().body(text);
    }

    /**
     * Asks for a text in the plain text or in the HTML.
     *
     * @param text as it is meant
     * @return the question
     */
    public static Question body(Text text) {
        return any().body(text);
    }

    /**
     * Asks for a text in the Message-ID field.
     *
     * @param text contained, whatever the case
     * @return the question
     */
    public static Question messageId(String text) {
        return any().messageId(text);
    }

    /**
     * Asks for a text in the Message-ID field.
     *
     * @param text found there
     * @return the question
     */
    public static Question messageId(Pattern text) {
        return any().messageId(text);
    }

    /**
     * Asks for a text in the Message-ID field.
     *
     * @param text as it is meant
     * @return the question
     */
    public static Question messageId(Text text) {
        return any().messageId(text);
    }

    /**
     * Asks for a text in a field of the header.
     *
     * @param name of the field
     * @param value contained, whatever the case
     * @return the question
     */
    public static Question header(String name, String value) {
        return any().header(name, value);
    }

    /**
     * Asks for a text in a field of the header.
     *
     * @param name of the field
     * @param value found there
     * @return the question
     */
    public static Question header(String name, Pattern value) {
        return any().header(name, value);
    }

    /**
     * Asks for a text in a field of the header.
     *
     * @param name of the field
     * @param value as it is meant
     * @return the question
     */
    public static Question header(String name, Text value) {
        return any().header(name, value);
    }

    /**
     * Asks for a tag.
     *
     * @param name of the tag
     * @return the question
     */
    public static Question tag(String name) {
        return any().tag(name);
    }

    /**
     * Asks for an attachment by its file name.
     *
     * @param name contained, whatever the case
     * @return the question
     */
    public static Question attachment(String name) {
        return any().attachment(name);
    }

    /**
     * Asks for an attachment.
     *
     * @param like to which all of this applies
     * @return the question
     */
    public static Question attachment(AttachmentLike like) {
        return any().attachment(like);
    }

    /**
     * Asks for what a search finds.
     *
     * @param query in its language: {@code to:ann (subject:welcome OR subject:hello)}
     * @return the question
     */
    public static Question query(String query) {
        return any().query(query);
    }

    /**
     * Counts only what came after a place.
     *
     * @param cursor the place
     * @return the question
     */
    public static Question since(Cursor cursor) {
        return any().since(cursor);
    }

    /**
     * Asks for any message, within another time than three seconds.
     *
     * @param timeout 300 s at most
     * @return the question
     */
    public static Question timeout(Duration timeout) {
        return any().timeout(timeout);
    }
}
