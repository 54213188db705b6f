package org.porthole;

/// An atomic operation was under way when its connection was cut, and nobody can know whether it was carried out: it may have been, once, or not at
/// all. It is not repeated. What else was started on the rank is carried out; the rank itself has not failed.
public final class OutcomeUnknownException extends PortholeException {
    private static final long serialVersionUID = 1;

    private final int rank;

    /// An unknown outcome.
    ///
    /// @param rank    the target's rank in the job
    /// @param message what happened
    public OutcomeUnknownException(int rank, String message) {
        super(message);
        this.rank = rank;
    }

    /// The target of the operation.
    ///
    /// @return its rank in the job
    public int rank() {
        return rank;
    }
}
