package dev.restante;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Speaks HTTP with one Restante. What is no success is thrown, and what is thrown begins in the caller's line. */
final class Caller {
    /** What a call may take beside what it waits for. */
    private static final Duration MARGIN = Duration.ofSeconds(30);

    /** One for all: its threads are daemons, so that the JVM ends, and it has no limit of connections. */
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(MARGIN).build();

    private final String root;
    private final Child child;

    Caller(String root, Child child) {
        this.root = root;
        this.child = child;
    }

    String root() {
        return root;
    }

    /** Whether it is gone when the JVM is. */
    boolean isOfChild() {
        return child != null;
    }

    /** A call that changes nothing, or may be done twice. */
    Members json(String method, String path) {
        return read(call(method, path, null, Duration.ZERO, true), path);
    }

    /** A question, which is held. */
    Members ask(String path, String question, Duration held) {
        return read(call("POST", path, question.getBytes(StandardCharsets.UTF_8), held, true), path);
    }

    /** Something that must be done once. */
    Members post(String path, byte[] body) {
        return read(call("POST", path, body, Duration.ZERO, false), path);
    }

    byte[] bytes(String method, String path) {
        return call(method, path, null, Duration.ZERO, true);
    }

    private byte[] call(String method, String path, byte[] body, Duration held, boolean isSafe) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(root + path))
                .timeout(held.plus(MARGIN))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body))
                .build();
        HttpResponse<byte[]> answer;
        try {
            answer = send(request, isSafe);
        } catch (IOException error) {
            // Of a refused connection the sentence says all; the JDK's causes of it say nothing.
            throw Trace.trimmed(new RestanteException(noAnswer(error), error instanceof ConnectException ? null : error));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw Trace.trimmed(new RestanteException("The thread was interrupted before an answer came.", interrupted));
        }
        if (answer.statusCode() / 100 == 2) {
            return answer.body();
        }
        throw problem(answer, method + " " + root + path);
    }

    private HttpResponse<byte[]> send(HttpRequest request, boolean isSafe) throws IOException, InterruptedException {
        try {
            return HTTP.send(request, BodyHandlers.ofByteArray());
        } catch (ConnectException | HttpTimeoutException unanswered) {
            throw unanswered;
        } catch (IOException closed) {
            // A connection that the server closes just now is no answer; a new one is asked once more.
            if (isSafe && (child == null || !child.hasEnded())) {
                return HTTP.send(request, BodyHandlers.ofByteArray());
            }
            throw closed;
        }
    }

    private String noAnswer(IOException error) {
        if (child != null && child.hasEnded()) {
            return "The Restante at " + root + ", which this JVM started, " + child.end();
        }
        return "No Restante answers at " + root + ": " + reason(error)
                + ". Start one (\"restante\"), or say where it is in RESTANTE_URL.";
    }

    private static String reason(IOException error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return "no such host";
            }
        }
        if (error instanceof HttpTimeoutException && !(error instanceof HttpConnectTimeoutException)) {
            return "it took too long";
        }
        // The JDK's own has no words.
        boolean isRefused = error instanceof ConnectException && error.getMessage() == null;
        return isRefused ? "connection refused" : error.getMessage() == null ? error.toString() : error.getMessage();
    }

    private static Members read(byte[] body, String path) {
        try {
            return new Members(Json.object(text(body)));
        } catch (JsonException | CharacterCodingException unread) {
            String sentence = "The answer to " + path + " cannot be read: " + unread.getMessage();
            throw Trace.trimmed(new RestanteException(sentence, unread));
        }
    }

    private static String text(byte[] body) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    }

    /** RFC 9457's "detail", or the plain text of the calls that are Mailpit's. */
    private static RuntimeException problem(HttpResponse<byte[]> answer, String call) {
        int status = answer.statusCode();
        String kind = answer.headers().firstValue("Content-Type").orElse("");
        if (kind.startsWith("application/problem+json")) {
            Members problem = read(answer.body(), call);
            String type = problem.text("type");
            String detail = problem.text("detail");
            if (type.endsWith("/wait-timed-out") || type.endsWith("/wait-too-many")) {
                throw Trace.trimmed(new WaitFailedError(detail, status == 409, problem));
            }
            if (status == 400) {
                return Trace.trimmed(new IllegalArgumentException(detail));
            }
            return Trace.trimmed(new RestanteException(detail + " (" + status + " to " + call + ")"));
        }
        String body = new String(answer.body(), StandardCharsets.UTF_8).strip();
        if (status == 400 && !body.isEmpty()) {
            return Trace.trimmed(new IllegalArgumentException(body));
        }
        return Trace.trimmed(new RestanteException(call + " was answered " + status + ": " + body, status));
    }
}
