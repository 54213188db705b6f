package org.porthole.cli.perf;

/// Where the operations that are outstanding together go: side by side, over 16 MiB of the window at most.
final class Slots {
    /// Operations started before a flush.
    static final int OUTSTANDING = 64;

    /// The bytes that the slots of one flush cover at most, and so the largest size measured.
    static final long FOOTPRINT = 16L << 20;

    /// The size of each rank's window and of its local buffer.
    static final long WINDOW = FOOTPRINT + 4096;

    private Slots() {}

    /// The offset of an operation.
    ///
    /// @param j    its number among those outstanding, `0 <= j < OUTSTANDING`
    /// @param size its bytes, `1 <= size <= FOOTPRINT`
    /// @return bytes from the start of the window
    static long slot(int j, long size) {
        return j % Math.min(OUTSTANDING, FOOTPRINT / size) * size;
    }

    /// All offsets, so that the hot loops need not divide.
    ///
    /// @param size the bytes of each operation
    /// @return [#OUTSTANDING] offsets
    static long[] offsets(long size) {
        long[] offsets = new long[OUTSTANDING];
        for (int j = 0; j < OUTSTANDING; j++) {
            offsets[j] = slot(j, size);
        }
        return offsets;
    }
}
