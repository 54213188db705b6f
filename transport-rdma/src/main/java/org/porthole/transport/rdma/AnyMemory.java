package org.porthole.transport.rdma;

import java.lang.foreign.MemorySegment;

/// Copies to segments that a thread may not be allowed to touch: a destination in a confined arena is filled by whichever thread receives the
/// bytes. The owner keeps the arena open until the operation is complete.
final class AnyMemory {
    /// All of this process's memory.
    @SuppressWarnings("restricted") // a bound on every copy is checked by its caller
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    /// Never started, so that no confined segment is its own.
    private static final Thread STRANGER = Thread.ofPlatform().unstarted(() -> {});

    private AnyMemory() {}

    /// Whether a segment is native memory that may be used by any thread.
    static boolean isShared(MemorySegment segment) {
        return segment.isNative() && segment.isAccessibleBy(STRANGER);
    }

    static void copy(MemorySegment from, long fromOffset, MemorySegment to, long toOffset, long length) {
        if (to.isAccessibleBy(Thread.currentThread())) {
            MemorySegment.copy(from, fromOffset, to, toOffset, length);
        } else if (to.scope().isAlive()) {
            MemorySegment.copy(from, fromOffset, ALL, to.address() + toOffset, length);
        }
    }
}
