package dev.restante;

/** A text that is not JSON. */
final class JsonException extends RuntimeException {
    private static final long serialVersionUID = 1;

    JsonException(String sentence) {
        super(sentence);
    }
}
