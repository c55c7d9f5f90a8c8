package dev.restante;

import java.net.URI;
import java.net.URISyntaxException;
import java.security.SecureRandom;
import java.util.List;

/**
 * A Restante that runs: one that was running already, or a child of this JVM. It is itself the view of all mailboxes. It may
 * be used by many threads at once.
 */
public final class Restante extends Mailbox implements AutoCloseable {
    /** Where a Restante answers that was started without a word. */
    public static final String DEFAULT_URL = "http://localhost:8025";

    private static final Object LOCK = new Object();
    private static Restante shared;

    private final Child child;

    private Restante(Caller caller, Smtp smtp, Child child) {
        super(caller, smtp, "");
        this.child = child;
    }

    /**
     * Asks the Restante at {@code RESTANTE_URL}, or at {@link #DEFAULT_URL} if that is not set.
     *
     * @return the running one
     * @throws RestanteException if none answers
     */
    public static Restante connect() {
        return connect(environment("RESTANTE_URL", DEFAULT_URL));
    }

    /**
     * Asks the Restante at this address. Where its SMTP is it tells itself; {@code RESTANTE_SMTP_ADDRESS=host:port} overrides that,
     * for the published ports of a container.
     *
     * @param url its address, such as {@code http://localhost:8025}
     * @return the running one
     * @throws RestanteException if none answers
     * @throws IllegalArgumentException if this is not an address
     */
    public static Restante connect(String url) {
        String host = hostOf(url);
        Caller caller = new Caller(url.replaceAll("/+$", ""), null);
        Members info = caller.json("GET", "/api/v1/info");
        if (!info.has("Doors")) {
            throw new RestanteException("What answers at " + url + " is not a Restante: its /api/v1/info names no doors.");
        }
        return new Restante(caller, Smtp.of(info.objects("Doors"), host), null);
    }

    /**
     * Starts a Restante of its own on free ports: the program that {@code RESTANTE_BIN} names, or else {@code restante} on
     * the path. {@link #close} stops it; so does the end of this JVM, however that comes.
     *
     * @param flags more of its flags, such as {@code --auth-required}
     * @return the one that was started
     * @throws RestanteException if there is no such program, or if it does not open
     */
    public static Restante start(String... flags) {
        return startProgram(environment("RESTANTE_BIN", "restante"), List.of(flags));
    }

    /** As {@link #start}, with the program as an argument: a JVM cannot change its environment. */
    static Restante startProgram(String program, List<String> flags) {
        Child child = Child.start(program, flags);
        Caller caller = new Caller(child.http().replaceAll("/+$", ""), child);
        try {
            return new Restante(caller, Smtp.of(child.doors()), child);
        } catch (RestanteException noDoor) {
            child.stop();
            throw noDoor;
        }
    }

    /**
     * Connects to the Restante that {@code RESTANTE_URL} names, or starts one if it is not set: the same tests run beside the
     * one of a container, and alone.
     *
     * @return either
     * @throws RestanteException if there is neither
     */
    public static Restante open() {
        return environment("RESTANTE_URL", "").isEmpty() ? start() : connect();
    }

    /**
     * The one of this JVM: {@link #open} the first time, and the same until it is closed. The JUnit extension gives this one
     * and closes it when all tests are done.
     *
     * @return the same for all
     * @throws RestanteException if there is none
     */
    public static Restante shared() {
        synchronized (LOCK) {
            if (shared == null) {
                shared = open();
            }
            return shared;
        }
    }

    /**
     * The mailbox of this name: of the messages whose client logged in by it, with any password.
     *
     * @param name any text; {@code default}, or an empty one, is that of clients that did not log in
     * @return the mailbox, which comes into being by its first message
     */
    public Mailbox mailbox(String name) {
        return new Mailbox(caller, smtp, name.isEmpty() ? "default" : name);
    }

    /**
     * A mailbox that nobody else has, whatever other processes and machines share this Restante.
     *
     * @param hint what its name begins with, as far as that can be read: 40 characters at most; eight by chance follow
     * @return the mailbox
     */
    public Mailbox freshMailbox(String hint) {
        String slug = hint.replaceAll("[^A-Za-z0-9_.]+", "-").replaceAll("^-|-$", "");
        slug = slug.substring(0, Math.min(slug.length(), HINT_MAX));
        StringBuilder name = new StringBuilder(slug.isEmpty() ? "mailbox" : slug).append('-');
        CHANCE.ints(8, 0, LETTERS.length()).forEach(index -> name.append(LETTERS.charAt(index)));
        return mailbox(name.toString());
    }

    /**
     * Stops the Restante if {@link #start} has started it, and its messages are gone. One that was only connected to goes
     * on. A second call does nothing.
     */
    @Override
    public void close() {
        synchronized (LOCK) {
            if (shared == this) {
                shared = null;
            }
        }
        if (child != null) {
            child.stop();
        }
    }

    private static final SecureRandom CHANCE = new SecureRandom();
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
    /** What follows a hint must be seen in a list. */
    private static final int HINT_MAX = 40;

    private static String environment(String name, String otherwise) {
        String value = System.getenv().getOrDefault(name, "");
        return value.isEmpty() ? otherwise : value;
    }

    /** Of an address, without the brackets of IPv6. */
    static String hostOf(String url) {
        try {
            URI address = new URI(url);
            if (address.getHost() != null && List.of("http", "https").contains(address.getScheme())) {
                return address.getHost().replaceAll("^\\[|]$", "");
            }
        } catch (URISyntaxException unread) {
            // Said below.
        }
        throw new IllegalArgumentException(
                "\"" + url + "\" is not the address of a Restante; write it like " + DEFAULT_URL + ".");
    }
}
