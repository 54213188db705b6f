package org.porthole;

/// A rank that an operation needs has died, or left the job while it was still needed. The survivors may go on without it.
public final class PeerFailedException extends PortholeException {
    private static final long serialVersionUID = 1;

    private final int rank;

    /// With a message.
    ///
    /// @param rank    the world rank that failed
    /// @param message the one line a user sees: what was waited for, and how the rank ended
    public PeerFailedException(int rank, String message) {
        super(message);
        this.rank = rank;
    }

    /// With a message and a cause.
    ///
    /// @param rank    the world rank that failed
    /// @param message the one line a user sees
    /// @param cause   the failure that this one follows from
    public PeerFailedException(int rank, String message, Throwable cause) {
        super(message, cause);
        this.rank = rank;
    }

    /// The rank that failed.
    ///
    /// @return its number in the world team
    public int rank() {
        return rank;
    }
}
