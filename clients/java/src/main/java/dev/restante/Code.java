package dev.restante;

/**
 * A one-time code.
 *
 * @param value as it is to be typed
 * @param shown as it is written, such as {@code 481 516}
 * @param context the words around it
 * @param source where it stands: {@code subject}, {@code text}, {@code html} or {@code both}
 */
public record Code(String value, String shown, String context, String source) {
    static Code of(Members members) {
        return new Code(members.text("Value"), members.text("Shown"), members.text("Context"), members.text("Source"));
    }
}
