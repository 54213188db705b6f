package org.porthole.internal.collective;

/// Where the pieces for or from each rank lie in a buffer, in bytes: one after the other and equally long, or as arrays say.
///
/// Reused by later operations, so that none allocates.
final class Layout {
    private long length;
    private long[] counts;
    private long[] displacements;

    Layout equal(long bytes) {
        length = bytes;
        counts = null;
        displacements = null;
        return this;
    }

    /// @param lengths the pieces' lengths
    /// @param offsets where they begin; null if one after the other
    Layout of(long[] lengths, long[] offsets) {
        counts = lengths;
        displacements = offsets;
        return this;
    }

    long count(int rank) {
        return counts == null ? length : counts[rank];
    }

    long offset(int rank) {
        if (displacements != null) {
            return displacements[rank];
        }
        if (counts == null) {
            return rank * length;
        }
        long sum = 0;
        for (int before = 0; before < rank; before++) {
            sum += counts[before];
        }
        return sum;
    }

    /// How much of a rank's piece a step moves that begins at `done` and moves at most `step` bytes.
    long part(int rank, long done, long step) {
        return Math.clamp(count(rank) - done, 0, step);
    }

    static long longest(long[] lengths) {
        long longest = 0;
        for (long each : lengths) {
            longest = Math.max(longest, each);
        }
        return longest;
    }
}
