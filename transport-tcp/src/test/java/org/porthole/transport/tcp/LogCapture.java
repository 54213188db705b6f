package org.porthole.transport.tcp;

import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/// What a class logs as a warning or worse, instead of its going to the console.
///
/// **Threads.** Any.
final class LogCapture implements AutoCloseable {
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(20);

    private final Logger logger;
    private final List<String> lines = new ArrayList<>();

    private LogCapture(Logger logger) {
        this.logger = logger;
        logger.setFilter(line -> {
            if (line.getLevel().intValue() >= Level.WARNING.intValue()) {
                synchronized (lines) {
                    lines.add(MessageFormat.format(line.getMessage(), line.getParameters()));
                    lines.notifyAll();
                }
            }
            return false;
        });
    }

    static LogCapture of(Class<?> type) {
        return new LogCapture(Logger.getLogger(type.getName()));
    }

    List<String> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    /// Waits for a line that contains `text`.
    void awaitLine(String text) {
        long begin = System.nanoTime();
        synchronized (lines) {
            while (lines.stream().noneMatch(line -> line.contains(text))) {
                long leftNs = DEADLINE_NS - (System.nanoTime() - begin);
                if (leftNs <= 0) {
                    throw new AssertionError("nobody logged \"" + text + "\" but " + lines);
                }
                try {
                    TimeUnit.NANOSECONDS.timedWait(lines, leftNs);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new AssertionError(e);
                }
            }
        }
    }

    @Override
    public void close() {
        logger.setFilter(null);
    }
}
