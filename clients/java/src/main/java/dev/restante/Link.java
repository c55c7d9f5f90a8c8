package dev.restante;

/**
 * A link and the words on it.
 *
 * @param url the address, as written
 * @param text the words
 * @param purpose {@code verify}, {@code reset}, {@code sign-in}, {@code invite}, {@code unsubscribe} or {@code other}
 * @param source where it stands: {@code text}, {@code html} or {@code both}
 */
public record Link(String url, String text, String purpose, String source) {
    static Link of(Members members) {
        return new Link(members.text("URL"), members.text("Text"), members.text("Purpose"), members.text("Source"));
    }
}
