package org.porthole.transport.tcp;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A few blocks that long payloads are copied to which the system cannot send from where they are, or not again: each stays until the request that it
/// was sent with is acknowledged.
///
/// **Threads.** One at a time.
final class TcpBounce {
    static final int BLOCK = 256 << 10;
    private static final int BLOCKS = 4;

    private final MemorySegment[] blocks = new MemorySegment[BLOCKS];
    /// How many payloads had been sent in place with the block's last.
    private final long[] usedUntil = new long[BLOCKS];
    private int next;

    /// After how many acknowledged payloads the next block is free.
    long freeAfter() {
        return usedUntil[next];
    }

    /// The next block, which is free.
    MemorySegment block() {
        if (blocks[next] == null) {
            blocks[next] = Arena.ofAuto().allocate(BLOCK, Long.BYTES);
        }
        return blocks[next];
    }

    /// The next block has been given away.
    ///
    /// @param until how many payloads have been, with this one
    void use(long until) {
        usedUntil[next] = until;
        next = (next + 1) % BLOCKS;
    }
}
