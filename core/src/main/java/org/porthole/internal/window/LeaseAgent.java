package org.porthole.internal.window;

import java.lang.System.Logger.Level;
import java.util.concurrent.locks.LockSupport;

/// Ends the leases of one rank's part when their time is over. Has a thread from the first one on, until the window closes.
///
/// **Threads.** Any.
final class LeaseAgent implements Runnable {
    private static final System.Logger LOG = System.getLogger(LeaseAgent.class.getName());
    private static final long RETRY_NS = 100_000_000;

    private final Leases leases;
    private final String windowName;
    private Thread thread;
    private volatile boolean closed;

    LeaseAgent(Leases leases, String windowName) {
        this.leases = leases;
        this.windowName = windowName;
    }

    /// Something may be due earlier than before.
    synchronized void wake() {
        if (thread == null) {
            thread = Thread.ofPlatform()
                    .daemon()
                    .name("porthole-leases-" + windowName)
                    .unstarted(this);
            thread.start();
        } else {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public void run() {
        while (!closed) {
            LockSupport.parkNanos(this, expireDue());
        }
    }

    private long expireDue() {
        try {
            return leases.expireDue();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "a lease of window \"" + windowName + "\" cannot be ended yet", e);
            return RETRY_NS;
        }
    }

    /// Ends the thread. The caller does not hold what it may wait for.
    void close() {
        closed = true;
        Thread running;
        synchronized (this) {
            running = thread;
        }
        boolean interrupted = false;
        while (running != null && running.isAlive()) {
            LockSupport.unpark(running);
            try {
                running.join(1);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
