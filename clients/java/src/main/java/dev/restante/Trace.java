package dev.restante;

import java.util.Arrays;
import java.util.Set;

/** A stack trace begins in the line that asked, not in here. */
final class Trace {
    private static final Set<String> OURS = Set.of(
            Trace.class.getName(), Caller.class.getName(), Mailbox.class.getName(), Restante.class.getName(),
            Message.class.getName(), Attachment.class.getName());

    private Trace() {}

    static <T extends Throwable> T trimmed(T thrown) {
        StackTraceElement[] frames = thrown.getStackTrace();
        int ours = 0;
        while (ours < frames.length && OURS.contains(frames[ours].getClassName())) {
            ours++;
        }
        thrown.setStackTrace(Arrays.copyOfRange(frames, ours, frames.length));
        return thrown;
    }
}
