package dev.restante;

/** An attachment, or a part that the HTML shows. */
public final class Attachment {
    private final Mailbox mailbox;
    private final String message;
    private final Members members;

    Attachment(Mailbox mailbox, String message, Members members) {
        this.mailbox = mailbox;
        this.message = message;
        this.members = members;
    }

    /**
     * Its file name.
     *
     * @return decoded; the Content-ID if it has none
     */
    public String name() {
        return members.text("FileName");
    }

    /**
     * Its media type.
     *
     * @return such as {@code application/pdf}
     */
    public String type() {
        return members.text("ContentType");
    }

    /**
     * Its Content-ID.
     *
     * @return without brackets; empty if it has none
     */
    public String contentId() {
        return members.text("ContentID");
    }

    /**
     * Its size.
     *
     * @return in bytes, decoded
     */
    public long size() {
        return members.number("Size");
    }

    /**
     * A digest of its bytes.
     *
     * @return in hexadecimal digits
     */
    public String md5() {
        return members.object("Checksums").text("MD5");
    }

    /**
     * A digest of its bytes.
     *
     * @return in hexadecimal digits
     */
    public String sha1() {
        return members.object("Checksums").text("SHA1");
    }

    /**
     * A digest of its bytes.
     *
     * @return in hexadecimal digits
     */
    public String sha256() {
        return members.object("Checksums").text("SHA256");
    }

    /**
     * Its bytes, its transfer encoding undone. They are fetched now.
     *
     * @return a new array
     * @throws RestanteException if no Restante answers
     */
    public byte[] bytes() {
        String part = Percent.encode(members.text("PartID"));
        return mailbox.caller.bytes("GET", mailbox.path("/api/v1/message/" + message + "/part/" + part));
    }

    @Override
    public String toString() {
        return name() + " (" + type() + ", " + size() + " bytes)";
    }
}
