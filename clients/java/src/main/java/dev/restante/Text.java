package dev.restante;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text of a question with the way that it is meant. A plain string is contained, whatever the case, and a whole address is
 * meant as a whole.
 */
public final class Text {
    private final Object wire;

    private Text(Object wire) {
        this.wire = wire;
    }

    /**
     * Asks for a text within another, whatever the case, and for an address as its part.
     *
     * @param text what is contained
     * @return the text, so meant
     */
    public static Text containing(String text) {
        return new Text(Map.of("contains", text));
    }

    /**
     * Asks for all of a text, to the letter.
     *
     * @param text all of it
     * @return the text, so meant
     */
    public static Text equalTo(String text) {
        return new Text(Map.of("equals", text));
    }

    /**
     * Asks for a regular expression in the syntax of Rust's regex, whatever the case unless it says {@code (?-i)}.
     *
     * @param expression to be found in the text
     * @return the text, so meant
     */
    public static Text matching(String expression) {
        return new Text(Map.of("regex", expression));
    }

    /**
     * Asks for a regular expression, with its flags. The server reads it, in the syntax of Rust's regex: there is no
     * looking ahead or behind, no reference back, and nothing possessive; it is found anywhere, as by
     * {@link Matcher#find()}.
     *
     * @param pattern to be found in the text
     * @return the text, so meant
     * @throws IllegalArgumentException for {@link Pattern#CANON_EQ}, which the server cannot do
     */
    public static Text matching(Pattern pattern) {
        if (has(pattern, Pattern.CANON_EQ)) {
            throw new IllegalArgumentException("Pattern.CANON_EQ cannot be asked of the server.");
        }
        boolean isLiteral = has(pattern, Pattern.LITERAL);
        String flags = (has(pattern, Pattern.MULTILINE) ? "m" : "")
                + (has(pattern, Pattern.DOTALL) ? "s" : "")
                + (has(pattern, Pattern.COMMENTS) && !isLiteral ? "x" : "")
                // The server ignores case where nothing is said; Java counts it.
                + (has(pattern, Pattern.CASE_INSENSITIVE) ? "i" : "-i");
        String expression = isLiteral ? escaped(pattern.pattern()) : unquoted(pattern.pattern());
        return matching("(?" + flags + ")" + expression);
    }

    static Text of(String text) {
        return new Text(text);
    }

    Object wire() {
        return wire;
    }

    private static boolean has(Pattern pattern, int flag) {
        return (pattern.flags() & flag) != 0;
    }

    /** {@code Pattern.quote} writes what Rust does not read, so that it is written otherwise. */
    private static String unquoted(String expression) {
        Matcher parts = PART.matcher(expression);
        return parts.replaceAll(part -> {
            String quoted = part.group(1);
            return Matcher.quoteReplacement(quoted == null ? part.group() : escaped(quoted));
        });
    }

    /** A quotation, up to its end or that of the expression, or else an escape, which may be of a backslash. */
    private static final Pattern PART = Pattern.compile("\\\\Q(.*?)(?:\\\\E|$)|\\\\.", Pattern.DOTALL);

    private static String escaped(String literal) {
        return literal.replaceAll("[\\\\.+*?()|\\[\\]{}^$#&~ -]", "\\\\$0");
    }
}
