package dev.restante;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** What is asked of one attachment: all of it must apply to the same. Immutable; each method answers another. */
public final class AttachmentLike {
    private final Map<String, Object> members;

    private AttachmentLike(Map<String, Object> members) {
        this.members = members;
    }

    /**
     * Any attachment.
     *
     * @return to be made narrower
     */
    public static AttachmentLike any() {
        return new AttachmentLike(Map.of());
    }

    /**
     * A text in its file name.
     *
     * @param name contained, whatever the case
     * @return what is asked so far
     */
    public AttachmentLike name(String name) {
        return name(Text.of(name));
    }

    /**
     * A text in its file name.
     *
     * @param name found there
     * @return what is asked so far
     */
    public AttachmentLike name(Pattern name) {
        return name(Text.matching(name));
    }

    /**
     * A text in its file name.
     *
     * @param name as it is meant
     * @return what is asked so far
     */
    public AttachmentLike name(Text name) {
        return with("name", name.wire());
    }

    /**
     * A text in its media type.
     *
     * @param mediaType such as {@code application/pdf}
     * @return what is asked so far
     */
    public AttachmentLike type(String mediaType) {
        return type(Text.of(mediaType));
    }

    /**
     * A text in its media type.
     *
     * @param mediaType as it is meant
     * @return what is asked so far
     */
    public AttachmentLike type(Text mediaType) {
        return with("type", mediaType.wire());
    }

    /**
     * A digest of its bytes.
     *
     * @param digest MD5, SHA-1 or SHA-256, in hexadecimal digits
     * @return what is asked so far
     */
    public AttachmentLike digest(String digest) {
        return with("digest", digest);
    }

    Object wire() {
        return members.isEmpty() ? true : members;
    }

    private AttachmentLike with(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(members);
        if (more.put(name, value) != null) {
            throw new IllegalArgumentException(
                    "The " + name + " of one attachment is asked twice; ask attachment(…) once more for another one.");
        }
        return new AttachmentLike(more);
    }
}
