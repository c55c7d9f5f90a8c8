package dev.restante;

/** No Restante answers, or it answers what was not expected. The message is a sentence that says what to do. */
public final class RestanteException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Of the answer, or 0 without one. */
    private final int status;

    RestanteException(String sentence) {
        this(sentence, 0);
    }

    RestanteException(String sentence, int status) {
        super(sentence);
        this.status = status;
    }

    RestanteException(String sentence, Throwable cause) {
        super(sentence, cause);
        this.status = 0;
    }

    int status() {
        return status;
    }
}
