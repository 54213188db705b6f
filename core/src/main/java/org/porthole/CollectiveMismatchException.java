package org.porthole;

/// The ranks of a team called different collective operations, or the same one with arguments that must agree but do not. Thrown on every rank of the team; the team can do no further collective operation.
public final class CollectiveMismatchException extends PortholeException {
    private static final long serialVersionUID = 1;

    /// With a message.
    ///
    /// @param message the one line a user sees: the value, the place and what to do about it
    public CollectiveMismatchException(String message) {
        super(message);
    }

    /// With a message and a cause.
    ///
    /// @param message the one line a user sees
    /// @param cause   what the platform said
    public CollectiveMismatchException(String message, Throwable cause) {
        super(message, cause);
    }
}
