package org.porthole;

/// A port that a message was for has ended, or the right to it is not, or no more, good: it was revoked, used up, forged, or is not for this rank.
public final class DeadPortException extends PortholeException {
    private static final long serialVersionUID = 1;

    private final int rank;

    /// With a message.
    ///
    /// @param rank    the world rank that owned the port
    /// @param message the one line a user sees
    public DeadPortException(int rank, String message) {
        super(message);
        this.rank = rank;
    }

    /// The rank that owned the port.
    ///
    /// @return its number in the world team
    public int rank() {
        return rank;
    }
}
