package org.porthole.internal.window;

import java.lang.foreign.MemorySegment;
import org.porthole.spi.Memory;

/// Memory that a rank brought: not ours to free, and nobody sleeps on its words.
final class BorrowedMemory implements Memory {
    private static final long WORD = Long.BYTES;

    private final MemorySegment segment;

    /// Memory of a user's.
    ///
    /// @param segment what the user brought
    // An atomic on the last bytes exchanges the word around them, which never leaves their page.
    @SuppressWarnings("restricted")
    BorrowedMemory(MemorySegment segment) {
        this.segment = segment.reinterpret(Math.ceilDiv(segment.byteSize(), WORD) * WORD);
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }

    @Override
    public void park(long offset, int expected, long timeoutNs) {
        throw new UnsupportedOperationException("nobody sleeps on memory that a rank brought");
    }

    @Override
    public boolean isParkFencing() {
        return false;
    }

    @Override
    public void unpark(long offset) {
        // Nobody sleeps here.
    }

    @Override
    public void close() {
        // It is the user's.
    }
}
