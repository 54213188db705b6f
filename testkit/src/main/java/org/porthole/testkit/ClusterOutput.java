package org.porthole.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/// What one process has written: its last lines, each up to a length.
///
/// **Threads.** Any; a thread of its own reads.
final class ClusterOutput {
    private static final int MOST_LINES = 500;
    private static final int LONGEST_LINE = 2_000;
    private static final long END_MS = TimeUnit.SECONDS.toMillis(10);

    private final Deque<String> lines = new ArrayDeque<>();
    private final Thread reader;
    private boolean ended;

    ClusterOutput(String name, InputStream stream) {
        reader = Thread.ofPlatform().daemon().name("output of " + name).start(() -> read(stream));
    }

    private void read(InputStream stream) {
        try (Reader in = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            StringBuilder line = new StringBuilder();
            for (int c = in.read(); c >= 0; c = in.read()) {
                if (c == '\n' || line.length() == LONGEST_LINE) {
                    add(line.toString());
                    line.setLength(0);
                }
                if (c != '\n') {
                    line.append((char) c);
                }
            }
            add(line.toString());
        } catch (IOException e) {
            add("(its output broke off: " + e + ")");
        } finally {
            end();
        }
    }

    private synchronized void add(String line) {
        if (lines.size() == MOST_LINES) {
            lines.removeFirst();
        }
        lines.addLast(line);
        notifyAll();
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }

    /// Waits for `count` lines that contain `text`; false if they do not come.
    synchronized boolean await(String text, int count, long deadlineNs) throws InterruptedException {
        long endNs = System.nanoTime() + deadlineNs;
        while (lines.stream().filter(line -> line.contains(text)).count() < count) {
            long leftNs = endNs - System.nanoTime();
            if (ended || leftNs <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, leftNs);
        }
        return true;
    }

    void awaitEnd() throws InterruptedException {
        reader.join(END_MS);
    }

    synchronized String text() {
        return String.join("\n", lines);
    }
}
