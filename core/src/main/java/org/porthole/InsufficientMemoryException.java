package org.porthole;

/// A window does not fit the memory of a host or the limit of its control group. Thrown on every rank before anything was allocated.
public final class InsufficientMemoryException extends PortholeException {
    private static final long serialVersionUID = 1;

    /// With a message.
    ///
    /// @param message the one line a user sees: the value, the place and what to do about it
    public InsufficientMemoryException(String message) {
        super(message);
    }

    /// With a message and a cause.
    ///
    /// @param message the one line a user sees
    /// @param cause   what the platform said
    public InsufficientMemoryException(String message, Throwable cause) {
        super(message, cause);
    }
}
