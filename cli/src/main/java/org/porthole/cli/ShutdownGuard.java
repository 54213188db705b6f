package org.porthole.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Runs something when this process is asked to end (SIGHUP, SIGINT, SIGTERM) or ends for any reason but SIGKILL.
///
/// A shutdown hook rather than signal handlers: it catches every way out, and the JVM itself then exits with 128 and the signal's number.
/// Closing it without a signal forgets it.
///
/// **Threads.** The action runs on a thread of its own while the others go on.
final class ShutdownGuard implements AutoCloseable {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final Thread hook;

    private ShutdownGuard(Runnable action) {
        hook = new Thread(
                () -> {
                    begun.countDown();
                    action.run();
                },
                "end ranks");
    }

    static ShutdownGuard open(Runnable action) {
        ShutdownGuard guard = new ShutdownGuard(action);
        Runtime.getRuntime().addShutdownHook(guard.hook);
        return guard;
    }

    /// Whether this process was asked to end, or is so within the time given.
    boolean hasBegun(Duration patience) throws InterruptedException {
        return begun.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The shutdown has begun, and the hook runs.
        }
    }
}
