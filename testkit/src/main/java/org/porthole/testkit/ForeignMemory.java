package org.porthole.testkit;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.porthole.spi.Memory;

/// Memory that no transport allocated, on no page's boundary.
final class ForeignMemory implements Memory {
    private static final long SHIFT = 8;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment segment;
    private boolean closed;

    ForeignMemory(long byteSize) {
        segment = arena.allocate(byteSize + SHIFT, Long.BYTES).asSlice(SHIFT);
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }

    @Override
    public void park(long offset, int expected, long timeoutNs) {
        throw new AssertionError("nobody sleeps on memory that the user brought");
    }

    @Override
    public boolean isParkFencing() {
        return false;
    }

    @Override
    public void unpark(long offset) {}

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            arena.close();
        }
    }
}
