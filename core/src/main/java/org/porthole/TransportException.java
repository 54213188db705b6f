package org.porthole;

/// A transport that was asked for is unusable here, or a call to the system that it rests on failed.
public final class TransportException extends PortholeException {
    private static final long serialVersionUID = 1;

    /// With a message.
    ///
    /// @param message the one line a user sees: the value, the place and what to do about it
    public TransportException(String message) {
        super(message);
    }

    /// With a message and a cause.
    ///
    /// @param message the one line a user sees
    /// @param cause   what the platform said
    public TransportException(String message, Throwable cause) {
        super(message, cause);
    }
}
