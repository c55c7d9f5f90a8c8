package dev.restante;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.Stream;

/**
 * The messages of one SMTP user name, or of all in a {@link Restante}. It comes into being by its first message. Its methods
 * ask the server each time, and may be called by many threads at once.
 *
 * <p>All of them throw a {@link RestanteException} if no Restante answers.
 */
public sealed class Mailbox permits Restante {
    final Caller caller;
    final Smtp smtp;
    private final String name;

    Mailbox(Caller caller, Smtp smtp, String name) {
        this.caller = caller;
        this.smtp = smtp;
        this.name = name;
    }

    /**
     * The name of the mailbox, and the SMTP user name that leads to it.
     *
     * @return the name; empty for all mailboxes
     */
    public String name() {
        return name;
    }

    /**
     * Where to send mail so that it comes here.
     *
     * @return host, port, and the login
     */
    public Smtp smtp() {
        return name.isEmpty() ? smtp : new Smtp(smtp.host(), smtp.port(), name, "x");
    }

    /**
     * The page of the mailbox, to look at while a debugger holds the test.
     *
     * @return its address
     */
    public URI url() {
        return URI.create(caller.root() + path("/"));
    }

    /**
     * Waits for a message that fits, and answers as soon as it is there, already or later. It waits three seconds, if the
     * question names no other time.
     *
     * @param question what is asked, by {@link Questions}
     * @return the oldest message that fits
     * @throws WaitFailedError if none comes, with what came close
     * @throws IllegalArgumentException if the server does not understand the question
     */
    public Message await(Question question) {
        return new Message(this, ask(question));
    }

    /**
     * Waits for any message.
     *
     * @return the oldest
     * @throws WaitFailedError if none comes
     */
    public Message await() {
        return await(Questions.any());
    }

    /**
     * Waits for so many messages, or more.
     *
     * @param count how many, 1 or more
     * @param question what is asked of each
     * @return the oldest so many, the oldest first
     * @throws WaitFailedError if fewer come
     * @throws IllegalArgumentException if the server does not understand the question
     */
    public List<Message> awaitAtLeast(int count, Question question) {
        return several(question.with("count", count));
    }

    /**
     * Waits for so many messages, and for 200 ms after the last for no other.
     *
     * @param count how many, 1 or more
     * @param question what is asked of each
     * @return the messages, the oldest first
     * @throws WaitFailedError if fewer or more come
     * @throws IllegalArgumentException if the server does not understand the question
     */
    public List<Message> awaitExactly(int count, Question question) {
        return several(question.with("exactly", count));
    }

    /**
     * Waits for all of this time that no message fits, nor comes.
     *
     * @param within how long
     * @param question what no message is to be like
     * @throws WaitFailedError as soon as there is one
     * @throws IllegalArgumentException if the server does not understand the question
     */
    public void awaitNone(Duration within, Question question) {
        ask(question.with("none", Question.milliseconds(within)).held(within));
    }

    /**
     * Waits for all of this time that no message is there, nor comes.
     *
     * @param within how long
     * @throws WaitFailedError as soon as there is one
     */
    public void awaitNone(Duration within) {
        awaitNone(within, Questions.any());
    }

    /**
     * All messages, the newest first.
     *
     * @return what is known of them without fetching each
     */
    public List<Summary> messages() {
        return summaries("/api/v1/messages?limit=0");
    }

    /**
     * The messages that a search finds, the newest first.
     *
     * @param query in the language of the search, such as {@code is:unread}
     * @return what is known of them without fetching each
     * @throws IllegalArgumentException if the search cannot be read
     */
    public List<Summary> messages(String query) {
        return query.isEmpty() ? messages() : summaries("/api/v1/search?limit=1000000&query=" + Percent.encode(query));
    }

    /**
     * The newest message. To wait for one is mostly better.
     *
     * @return the message, if there is one
     */
    public Optional<Message> latest() {
        return message("latest");
    }

    /**
     * The message with this id.
     *
     * @param id as {@link Message#id} and the reply of SMTP name it
     * @return the message, if it is here
     */
    public Optional<Message> message(String id) {
        try {
            return Optional.of(new Message(this, caller.json("GET", path("/api/v1/message/" + Percent.encode(id)))));
        } catch (RestanteException answer) {
            if (answer.status() == 404) {
                return Optional.empty();
            }
            throw answer;
        }
    }

    /**
     * The place after everything that has come: {@link Question#since(Cursor)} it a question counts only what comes later.
     *
     * @return the place
     */
    public Cursor cursor() {
        return new Cursor(caller.json("GET", path("/api/v1/info")).text("Cursor"));
    }

    /** Deletes every message of this mailbox, and of no other. Of a {@link Restante}, all. */
    public void clear() {
        caller.bytes("DELETE", path("/api/v1/messages"));
    }

    /**
     * Puts a message into the mailbox without SMTP, byte for byte. Its envelope is what its fields say.
     *
     * @param source the message
     * @return its id
     * @throws IllegalArgumentException if it names no recipient
     */
    public String deliver(byte[] source) {
        return caller.post(path("/api/v1/messages"), source).text("ID");
    }

    /**
     * Puts a message into the mailbox without SMTP, byte for byte.
     *
     * @param source the message
     * @param from the address of MAIL FROM
     * @param to the addresses of RCPT TO
     * @return its id
     */
    public String deliver(byte[] source, String from, List<String> to) {
        Stream<String> recipients = to.stream().map(one -> "to=" + Percent.encode(one));
        Stream<String> said = Stream.concat(Stream.of("from=" + Percent.encode(from)), recipients);
        return caller.post(path("/api/v1/messages?" + String.join("&", said.toList())), source).text("ID");
    }

    /**
     * Puts a message into the mailbox without SMTP, in UTF-8. Its envelope is what its fields say.
     *
     * @param source the message
     * @return its id
     * @throws IllegalArgumentException if it names no recipient
     */
    public String deliver(String source) {
        return deliver(source.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * What the mailbox holds, in lines for people: for the report of a test that failed.
     *
     * @return a sentence, and a line for each message
     */
    public String inventory() {
        List<Summary> messages = messages();
        String count = switch (messages.size()) {
            case 0 -> "no message.";
            case 1 -> "one message:";
            default -> messages.size() + " messages, the newest first:";
        };
        StringJoiner lines = new StringJoiner("\n");
        lines.add((name.isEmpty() ? "Restante" : "Mailbox \"" + name + "\"") + " holds " + count);
        messages.stream().limit(LISTED_MAX).forEach(message -> lines.add("- " + message));
        if (messages.size() > LISTED_MAX) {
            lines.add("… and " + (messages.size() - LISTED_MAX) + " more");
        }
        // One of ours is gone by the time that this is read.
        if (!messages.isEmpty() && !caller.isOfChild()) {
            lines.add("They are shown at " + url());
        }
        return lines.toString();
    }

    private static final int LISTED_MAX = 20;

    @Override
    public String toString() {
        return name.isEmpty() ? "all mailboxes" : "mailbox \"" + name + "\"";
    }

    /** Below the mailbox, whose name is one segment whatever is in it. */
    String path(String below) {
        return name.isEmpty() ? below : "/mailbox/" + Percent.encode(name) + below;
    }

    private Members ask(Question question) {
        return caller.ask(path("/api/v1/wait"), question.json(), question.held());
    }

    private List<Message> several(Question question) {
        Members answer = ask(question);
        Cursor cursor = new Cursor(answer.text("Cursor"));
        return answer.objects("Messages").stream().map(one -> new Message(this, one, cursor)).toList();
    }

    private List<Summary> summaries(String path) {
        return caller.json("GET", path(path)).objects("messages").stream().map(Summary::of).toList();
    }
}
