package org.porthole.internal.route;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Eight bytes per thread that an endpoint's atomics write their result to.
final class ResultWord {
    private static final ThreadLocal<MemorySegment> WORD =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(Long.BYTES, Long.BYTES));

    private ResultWord() {}

    static MemorySegment ofThread() {
        return WORD.get();
    }
}
