package org.porthole.transport.rdma;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import org.porthole.TransportException;
import org.porthole.spi.Memory;

/// Memory of this process, on whose words its threads sleep in one queue: whoever is woken looks whether it was meant.
///
/// **Threads.** Any.
final class RdmaMemory implements Memory {
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final long PAGE = 4096;

    private final Arena arena = Arena.ofShared();
    private final Object sleepers = new Object();
    private final MemorySegment segment;
    private boolean closed;

    RdmaMemory(long byteSize, String label) {
        try {
            segment = arena.allocate(byteSize, PAGE);
        } catch (OutOfMemoryError | IllegalArgumentException e) {
            arena.close();
            throw new TransportException(
                    "rdma: cannot allocate " + byteSize + " bytes for " + label + ": " + e.getMessage()
                            + "; -XX:MaxDirectMemorySize bounds what one process may take",
                    e);
        }
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }

    /// The word is looked at and the sleep begins under the monitor that [#unpark(long)] takes after the word was stored: no wake-up is lost.
    @Override
    @SuppressWarnings("WaitNotInLoop") // the caller looks again
    public void park(long offset, int expected, long timeoutNs) {
        synchronized (sleepers) {
            if ((int) INT.getVolatile(segment, offset) == expected) {
                try {
                    TimeUnit.NANOSECONDS.timedWait(sleepers, timeoutNs);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    @Override
    public boolean isParkFencing() {
        return false;
    }

    @Override
    public void unpark(long offset) {
        synchronized (sleepers) {
            sleepers.notifyAll();
        }
    }

    @Override
    public void close() {
        synchronized (sleepers) {
            if (!closed) {
                closed = true;
                arena.close();
            }
        }
    }
}
