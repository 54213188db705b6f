package org.porthole;

/// What an origin may do with memory that is exposed to it.
public enum Right {
    /// Getting.
    READ(1),
    /// Putting.
    WRITE(2),
    /// Everything that changes a place atomically: accumulates, fetch-and-op, compare-and-exchange. They tell what was there before, without
    /// [#READ].
    ATOMIC(4);

    /// The bits of all rights together.
    public static final int ALL = 7;

    private final int bit;

    Right(int bit) {
        this.bit = bit;
    }

    /// The right in a set of rights that is an integer.
    ///
    /// @return one bit of [#ALL]
    public int bit() {
        return bit;
    }
}
