package dev.restante;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A Restante that this JVM started. It stops when its standard input ends. */
final class Child {
    private static final int OPEN_SECONDS = 30;
    /** It gives messages that are under way five seconds. */
    private static final int STOP_SECONDS = 10;
    /** Of what it says, the end counts. */
    private static final int SAID_MAX = 4096;

    private final Process process;
    private final String program;
    private final StringBuilder said = new StringBuilder();
    private final Thread listener;
    private Members line;
    private volatile boolean isClosed;

    private Child(Process process, String program) {
        this.process = process;
        this.program = program;
        this.listener = daemon("restante-stderr", this::listen);
    }

    static Child start(String program, List<String> flags) {
        List<String> command = new ArrayList<>(List.of(program, "--attached"));
        command.addAll(flags);
        ProcessBuilder builder = new ProcessBuilder(command);
        Child child;
        try {
            child = new Child(builder.start(), program);
        } catch (IOException error) {
            throw new RestanteException(notFound(program), error);
        }
        child.open();
        return child;
    }

    private static String notFound(String program) {
        String where = program.equals("restante")
                ? "RESTANTE_BIN is not set, and there is no \"restante\" on PATH"
                : "RESTANTE_BIN is \"" + program + "\", which cannot be run";
        return "No Restante can be started: " + where + ". Install it, say where the program is in RESTANTE_BIN, "
                + "or name one that runs in RESTANTE_URL.";
    }

    /** Waits for the one line that says where it is. */
    private void open() {
        CompletableFuture<String> first = new CompletableFuture<>();
        daemon("restante-stdout", () -> {
            try (BufferedReader lines = reader(process.getInputStream())) {
                String read = lines.readLine();
                first.complete(read == null ? "" : read);
                while (read != null) {
                    read = lines.readLine();
                }
            } catch (IOException ended) {
                first.complete("");
            }
        });
        String read = "";
        try {
            read = first.get(OPEN_SECONDS, TimeUnit.SECONDS);
            line = new Members(Json.object(read));
            if (line.has("http")) {
                return;
            }
        } catch (JsonException otherWords) {
            // Said below.
        } catch (TimeoutException | ExecutionException late) {
            process.destroyForcibly();
            throw new RestanteException(program + " did not open within " + OPEN_SECONDS + " s. " + account(read), late);
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new RestanteException("The thread was interrupted before " + program + " had opened.", interrupted);
        }
        stop();
        throw new RestanteException(program + " did not say where it is. " + account(read));
    }

    String http() {
        return line.text("http");
    }

    List<Members> doors() {
        return line.objects("smtp");
    }

    boolean hasEnded() {
        return !process.isAlive();
    }

    /** Why it runs no more. */
    String end() {
        return isClosed ? "was closed before this." : "runs no more. " + account("");
    }

    /** What one that has ended left behind. */
    private String account(String printed) {
        try {
            process.waitFor();
            listener.join(1000);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return "";
        }
        String words = (printed + "\n" + said()).strip();
        return "It ended with exit status " + process.exitValue() + ":\n" + (words.isEmpty() ? "It printed nothing." : words);
    }

    /** Ends its standard input, and kills it if it does not go. */
    void stop() {
        synchronized (process) {
            isClosed = true;
            try (OutputStream input = process.getOutputStream()) {
                input.flush();
            } catch (IOException gone) {
                // It has ended by itself.
            }
            try {
                if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException interrupted) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A pipe that nobody reads fills, and would hold the program. */
    private void listen() {
        try (BufferedReader words = reader(process.getErrorStream())) {
            char[] some = new char[1024];
            for (int count = words.read(some); count >= 0; count = words.read(some)) {
                synchronized (said) {
                    said.append(some, 0, count);
                    said.delete(0, Math.max(0, said.length() - SAID_MAX));
                }
            }
        } catch (IOException ended) {
            // With the program.
        }
    }

    private String said() {
        synchronized (said) {
            return said.toString();
        }
    }

    private static BufferedReader reader(InputStream stream) {
        return new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
