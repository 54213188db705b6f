package org.porthole.cli;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/// Carries one stream of one rank to the screen, line by line, until its end.
///
/// **Threads.** Works on a daemon thread of its own: a blocking read of a pipe would hold a virtual thread's carrier, and there may be
/// more pipes than carriers.
final class OutputPump {
    private static final int CHUNK = 16 * 1024;
    private static final int STACK = 256 * 1024;
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final long NOT_READING = Long.MAX_VALUE;

    private final InputStream source;
    private final LineTagger tagger;
    private final Outlet outlet;
    private final Screen screen;
    private final Thread thread;
    private volatile long readingSinceNs = NOT_READING;

    private OutputPump(String name, InputStream source, LineTagger tagger, Outlet outlet, Screen screen) {
        this.source = source;
        this.tagger = tagger;
        this.outlet = outlet;
        this.screen = screen;
        this.thread = new Thread(null, this::run, name, STACK, false);
        thread.setDaemon(true);
    }

    /// Starts carrying.
    ///
    /// @param name   the thread's name
    /// @param source where bytes come from
    /// @param tagger what tags them
    /// @param outlet where they go
    /// @param screen the streams
    /// @return the pump
    static OutputPump start(String name, InputStream source, LineTagger tagger, Outlet outlet, Screen screen) {
        OutputPump pump = new OutputPump(name, source, tagger, outlet, screen);
        pump.thread.start();
        return pump;
    }

    /// Waits until all bytes are on the screen.
    ///
    /// @param patience how long to wait for bytes that do not come: a child of the rank may have kept the stream open
    /// @param deadline how long to wait at most, though the screen does not take the bytes
    /// @throws InterruptedException if the thread is interrupted
    void awaitEnd(Duration patience, Duration deadline) throws InterruptedException {
        long patienceNs = patience.toNanos();
        long deadlineNs = deadline.toNanos();
        long startNs = System.nanoTime();
        while (!thread.join(LOOK) && System.nanoTime() - startNs < deadlineNs) {
            long since = readingSinceNs;
            if (since != NOT_READING && System.nanoTime() - Math.max(since, startNs) > patienceNs) {
                return;
            }
        }
    }

    private void run() {
        byte[] chunk = new byte[CHUNK];
        try (source) {
            for (int count = read(chunk); count >= 0; count = read(chunk)) {
                show(tagger.accept(chunk, count));
            }
        } catch (IOException e) {
            // The pipe was closed under us: the rank has ended.
        }
        show(tagger.finish());
    }

    private int read(byte[] chunk) throws IOException {
        readingSinceNs = System.nanoTime();
        try {
            return source.read(chunk);
        } finally {
            readingSinceNs = NOT_READING;
        }
    }

    private void show(byte[] bytes) {
        if (bytes.length > 0) {
            screen.write(outlet, bytes, bytes.length);
        }
    }
}
