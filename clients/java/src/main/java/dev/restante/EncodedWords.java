package dev.restante;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The encoded words of a field (RFC 2047), which the JDK does not read. */
final class EncodedWords {
    private static final Pattern WORD = Pattern.compile("=\\?([^?*\\s]+)(?:\\*[^?\\s]*)?\\?([BbQq])\\?([^?\\s]*)\\?=");
    /** Space between two of them is not shown (section 6.2). */
    private static final Pattern BETWEEN = Pattern.compile("(\\?=)\\s+(?==\\?[^?\\s]+\\?[BbQq]\\?)");

    private EncodedWords() {}

    /** What cannot be decoded stays as it is. */
    static String decode(String field) {
        return WORD.matcher(BETWEEN.matcher(field).replaceAll("$1"))
                .replaceAll(word -> Matcher.quoteReplacement(decoded(word.group(), word.group(1), word.group(2), word.group(3))));
    }

    private static String decoded(String whole, String charset, String encoding, String text) {
        try {
            byte[] bytes = encoding.equalsIgnoreCase("B") ? Base64.getDecoder().decode(text) : quoted(text);
            return new String(bytes, Charset.forName(charset));
        } catch (IllegalArgumentException unknown) {
            return whole;
        }
    }

    private static byte[] quoted(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            char next = text.charAt(i);
            if (next == '=' && i + 2 < text.length()) {
                bytes.write(Integer.parseInt(text.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                bytes.write(next == '_' ? ' ' : next);
            }
        }
        return bytes.toByteArray();
    }
}
