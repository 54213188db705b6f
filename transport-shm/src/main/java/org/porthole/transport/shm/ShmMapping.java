package org.porthole.transport.shm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.porthole.spi.Memory;

/// A mapping of a shared file; sleeping is by futex on the words themselves, so that it works between processes.
///
/// **Threads.** Any.
final class ShmMapping implements Memory {
    private static final long UNFENCED_SLEEP_NS = 1_000_000;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment segment;
    private boolean closed;

    @SuppressWarnings("restricted") // the address comes from mmap, and the arena unmaps it
    ShmMapping(long address, long byteSize) {
        segment = MemorySegment.ofAddress(address)
                .reinterpret(byteSize, arena, mapped -> ShmNative.unmap(mapped.address(), byteSize));
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }

    @Override
    public void park(long offset, int expected, long timeoutNs) {
        // A process whose peers cannot be fenced may miss a wake-up, and so sleeps briefly.
        boolean fenced = ShmNative.fenceAllProcesses();
        ShmNative.futexWait(
                segment.address() + offset, expected, fenced ? timeoutNs : Math.min(timeoutNs, UNFENCED_SLEEP_NS));
    }

    @Override
    public boolean isParkFencing() {
        return ShmNative.isFenceable();
    }

    @Override
    public boolean fencePeers() {
        return ShmNative.fenceAllProcesses();
    }

    @Override
    public void unpark(long offset) {
        ShmNative.futexWake(segment.address() + offset);
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            arena.close();
        }
    }
}
