package dev.restante;

import java.util.List;

/**
 * Where an application sends its mail, and how it logs in so that the mail comes into one mailbox.
 *
 * @param host the host
 * @param port the port
 * @param user the name of the mailbox; empty for all of them, where no login is needed
 * @param password any
 */
public record Smtp(String host, int port, String user, String password) {
    /**
     * For what takes both in one.
     *
     * @return {@code host:port}
     */
    public String address() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /**
     * For what takes all in one.
     *
     * @return {@code smtp://user:password@host:port}, percent-encoded
     */
    public String url() {
        String login = user.isEmpty() ? "" : Percent.encode(user) + ":" + Percent.encode(password) + "@";
        return "smtp://" + login + address();
    }

    /** Of the line of a child, by what TLS there is: plain is what every client can. */
    static Smtp of(List<Members> doors) {
        for (String tls : List.of("none", "starttls", "implicit")) {
            for (Members door : doors) {
                if (door.text("tls").equals(tls)) {
                    return new Smtp(door.text("host"), door.integer("port"), "", "");
                }
            }
        }
        throw new RestanteException("The Restante that was started has no door for SMTP; leave one open.");
    }

    /** Of a running one. A door's own host is "localhost", seen from where Restante runs. */
    static Smtp of(List<Members> doors, String host) {
        String said = System.getenv().getOrDefault("RESTANTE_SMTP_ADDRESS", "");
        if (!said.isEmpty()) {
            return said(said);
        }
        for (String kind : List.of("smtp", "submission", "smtps")) {
            for (Members door : doors) {
                if (door.text("Kind").equals(kind)) {
                    String own = door.text("Host");
                    return new Smtp(own.equals("localhost") ? host : own, door.integer("Port"), "", "");
                }
            }
        }
        throw new RestanteException(
                "This Restante has no door for SMTP; say where its SMTP is in RESTANTE_SMTP_ADDRESS, as host:port.");
    }

    /** What RESTANTE_SMTP_ADDRESS says. */
    static Smtp said(String text) {
        int colon = text.lastIndexOf(':');
        try {
            if (colon > 0) {
                String host = text.substring(0, colon).replaceAll("^\\[|]$", "");
                return new Smtp(host, Integer.parseInt(text.substring(colon + 1)), "", "");
            }
        } catch (NumberFormatException unread) {
            // Said below.
        }
        throw new IllegalArgumentException("RESTANTE_SMTP_ADDRESS is \"" + text + "\"; write it like localhost:2525.");
    }
}
