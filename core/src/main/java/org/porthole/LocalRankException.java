package org.porthole;

/// A rank of [Job#runLocal(int, RankBody)] threw. The cause is what it threw; failures of other ranks are suppressed exceptions.
public final class LocalRankException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int rank;

    /// Names the rank and what it threw.
    ///
    /// @param rank  the rank that failed first
    /// @param cause what it threw
    public LocalRankException(int rank, Throwable cause) {
        super("rank " + rank + " failed: " + cause, cause);
        this.rank = rank;
    }

    /// The rank that failed first.
    ///
    /// @return its number
    public int rank() {
        return rank;
    }
}
