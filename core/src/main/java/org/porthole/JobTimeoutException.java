package org.porthole;

/// A wait for living peers outlasted `porthole.wait.deadline`.
public final class JobTimeoutException extends PortholeException {
    private static final long serialVersionUID = 1;

    /// With a message.
    ///
    /// @param message the one line a user sees: the value, the place and what to do about it
    public JobTimeoutException(String message) {
        super(message);
    }

    /// With a message and a cause.
    ///
    /// @param message the one line a user sees
    /// @param cause   what the platform said
    public JobTimeoutException(String message, Throwable cause) {
        super(message, cause);
    }
}
