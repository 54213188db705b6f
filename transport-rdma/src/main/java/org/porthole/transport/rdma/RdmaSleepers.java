package org.porthole.transport.rdma;

import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;

/// Threads that sleep until a connection's turn may have brought what they wait for.
///
/// **Threads.** Any.
final class RdmaSleepers {
    private final Object monitor = new Object();
    private volatile int count;

    /// Sleeps, unless the wait is over.
    @SuppressWarnings("WaitNotInLoop") // the caller looks again
    void sleep(RdmaWait wait, long timeoutNs) {
        synchronized (monitor) {
            count++;
            try {
                if (!wait.isOver()) {
                    TimeUnit.NANOSECONDS.timedWait(monitor, timeoutNs);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                count--;
            }
        }
    }

    /// Wakes all. Comes after what they wait for.
    void wake() {
        VarHandle.fullFence();
        if (count > 0) {
            synchronized (monitor) {
                monitor.notifyAll();
            }
        }
    }
}
