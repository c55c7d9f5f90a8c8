package dev.restante;

import java.nio.charset.StandardCharsets;

/** Percent-encoding of one segment of a path, or of one value. */
final class Percent {
    private Percent() {}

    /** All but letters, digits, "-", "_" and "~" is encoded: a dot alone would be a step in the path. */
    static String encode(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
            char letter = (char) (one & 0xff);
            if (letter < 0x80 && (Character.isLetterOrDigit(letter) || "-_~".indexOf(letter) >= 0)) {
                encoded.append(letter);
            } else {
                encoded.append(String.format("%%%02X", one & 0xff));
            }
        }
        return encoded.toString();
    }
}
