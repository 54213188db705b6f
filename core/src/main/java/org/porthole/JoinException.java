package org.porthole;

/// A job could not be joined: the peers could not be found, do not agree, or cannot be reached.
public final class JoinException extends PortholeException {
    private static final long serialVersionUID = 1;

    /// With a message.
    ///
    /// @param message the one line a user sees: the value, the place and what to do about it
    public JoinException(String message) {
        super(message);
    }

    /// With a message and a cause.
    ///
    /// @param message the one line a user sees
    /// @param cause   what the platform said
    public JoinException(String message, Throwable cause) {
        super(message, cause);
    }
}
