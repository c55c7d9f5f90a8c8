package dev.restante;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A wait that failed: too few messages came within the time, or more than were expected. Its message is the server's
 * explanation, for people; its methods say the same for programs.
 */
public final class WaitFailedError extends AssertionError {
    private static final long serialVersionUID = 1;

    /**
     * A message that did not match.
     *
     * @param message what came
     * @param failed why it does not fit
     */
    public record NearMiss(Summary message, List<FailedClause> failed) {}

    /**
     * A clause that a message did not match.
     *
     * @param clause its name
     * @param expected what it asked for
     * @param found what was there
     */
    public record FailedClause(String clause, String expected, String found) {}

    /**
     * An SMTP connection that broke off.
     *
     * @param number counts connections
     * @param peer the address of the client
     * @param door {@code smtp}, {@code submission} or {@code smtps}
     * @param trouble what became of it, and what to change
     */
    public record Session(long number, Optional<String> peer, String door, Optional<String> trouble) {}

    /** Whether there is what should not be. */
    private final boolean tooMany;
    private final transient Members problem;

    WaitFailedError(String detail, boolean tooMany, Members problem) {
        super(detail);
        this.tooMany = tooMany;
        this.problem = problem;
    }

    /**
     * Whether there is what should not be; otherwise something is missing.
     *
     * @return whether too many came
     */
    public boolean tooMany() {
        return tooMany;
    }

    /**
     * What was asked for.
     *
     * @return {@code at least 1}, {@code exactly 2}, {@code none}
     */
    public String expected() {
        return problem().text("expected");
    }

    /**
     * The question.
     *
     * @return in the language of the search
     */
    public String query() {
        return problem().text("query");
    }

    /**
     * The messages that fit.
     *
     * @return the oldest first
     */
    public List<Summary> found() {
        return summaries("found");
    }

    /**
     * The messages that came close.
     *
     * @return the nearest first
     */
    public List<NearMiss> nearMisses() {
        return problem().objects("nearMisses").stream()
                .map(near -> new NearMiss(Summary.of(near.object("message")), failed(near)))
                .toList();
    }

    /**
     * The messages that fit, and came before the cursor of the question.
     *
     * @return some of them
     */
    public List<Summary> earlier() {
        return summaries("earlier");
    }

    /**
     * The messages that fit, and are in another mailbox.
     *
     * @return some of them
     */
    public List<Summary> elsewhere() {
        return summaries("elsewhere");
    }

    /**
     * The SMTP connections that broke off meanwhile.
     *
     * @return some of them
     */
    public List<Session> sessions() {
        return problem().objects("sessions").stream()
                .map(session -> new Session(
                        session.number("number"),
                        session.someText("peer"),
                        session.text("door"),
                        session.someText("trouble")))
                .toList();
    }

    /**
     * How many messages came where the question looked, fitting or not.
     *
     * @return their number
     */
    public int arrivedCount() {
        return problem().integer("arrivedCount");
    }

    private static List<FailedClause> failed(Members near) {
        return near.objects("failed").stream()
                .map(one -> new FailedClause(one.text("clause"), one.text("expected"), one.text("found")))
                .toList();
    }

    private List<Summary> summaries(String name) {
        return problem().objects(name).stream().map(Summary::of).toList();
    }

    /** A runner that sends errors between processes sends the message alone. */
    private Members problem() {
        return problem == null ? new Members(Map.of()) : problem;
    }
}
