package org.porthole.transport.rdma;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The threads that look for peers whose queue pairs are in error.
///
/// **Threads.** Any.
final class RdmaMenders {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    /// Has a mender work on a thread of its own.
    void start(String name, RdmaMender mender) {
        Thread thread = Thread.ofVirtual().name(name).unstarted(() -> {
            try {
                mender.run();
            } finally {
                threads.remove(Thread.currentThread());
            }
        });
        threads.add(thread);
        thread.start();
    }

    /// Waits until there are none. Nobody starts more.
    void awaitEnd() {
        threads.forEach(RdmaMenders::awaitEnd);
    }

    /// A mender sees by itself that it is not wanted any more, unless the peer says nothing.
    private static void awaitEnd(Thread mender) {
        boolean interrupted = false;
        for (boolean ended = false; !ended; ) {
            try {
                ended = mender.join(PATIENCE);
                mender.interrupt();
            } catch (InterruptedException e) {
                interrupted = true;
                mender.interrupt();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
