package org.porthole.internal.port;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.BitSet;

/// One right of a port, as its owner knows it.
final class RightEntry {
    private static final VarHandle USED;

    static {
        try {
            USED = MethodHandles.lookup().findVarHandle(RightEntry.class, "used", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final long high;
    final long low;
    final boolean once;
    /// Who may use it; null for all.
    private final BitSet ranks;

    @SuppressWarnings("UnusedVariable") // by USED
    private int used;

    RightEntry(long high, long low, boolean once, BitSet ranks) {
        this.high = high;
        this.low = low;
        this.once = once;
        this.ranks = ranks;
    }

    /// Whether the bits are these, found out in the same time whichever differ, and the rank may use them. Uses up what is good once.
    boolean admits(long theirHigh, long theirLow, int rank) {
        boolean same = ((high ^ theirHigh) | (low ^ theirLow)) == 0;
        return same && (ranks == null || ranks.get(rank)) && (!once || USED.compareAndSet(this, 0, 1));
    }
}
