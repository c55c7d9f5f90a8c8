package dev.restante;

/** No Restante answers, or it answers what was not expected. The message is a sentence that says what to do. */
public final class RestanteException extends RuntimeException {
    private static final long serialVersionUID = 1;

    RestanteException(String sentence) {
        super(sentence);
    }

    RestanteException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
