package org.porthole.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/// Tells the person at the terminal how many ranks have joined, if that takes long.
///
/// It says nothing any more once all have, or one has written something.
///
/// **Threads.** Works on a daemon thread of its own.
final class JoinProgress implements AutoCloseable {
    private static final long FIRST_MS = 2_000;
    private static final long NEXT_MS = 250;

    private final Screen screen;
    private final int ranks;
    private final IntSupplier joined;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "join progress");

    private JoinProgress(Screen screen, int ranks, IntSupplier joined) {
        this.screen = screen;
        this.ranks = ranks;
        this.joined = joined;
        thread.setDaemon(true);
    }

    /// Begins to watch.
    ///
    /// @param screen   where to tell
    /// @param ranks    how many ranks there will be
    /// @param joined   how many have joined
    /// @param isWanted whether there is anybody to tell
    /// @return to be closed when the ranks have ended
    static JoinProgress watch(Screen screen, int ranks, IntSupplier joined, boolean isWanted) {
        JoinProgress progress = new JoinProgress(screen, ranks, joined);
        if (isWanted) {
            progress.thread.start();
        }
        return progress;
    }

    @Override
    public void close() {
        closed.countDown();
        screen.clearStatus();
    }

    private void run() {
        try {
            int shown = -1;
            for (long waitMs = FIRST_MS;
                    !closed.await(waitMs, TimeUnit.MILLISECONDS) && !screen.isUsed();
                    waitMs = NEXT_MS) {
                int now = joined.getAsInt();
                if (now == ranks) {
                    break;
                }
                if (now != shown) {
                    screen.status(now + " of " + ranks + " ranks have joined");
                    shown = now;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        screen.clearStatus();
    }
}
