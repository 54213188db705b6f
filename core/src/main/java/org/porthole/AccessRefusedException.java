package org.porthole;

/// An operation that the target's exposure does not allow: it has touched nothing there.
///
/// Where the CPU reaches the target's memory, the operation itself throws it. Over a network the origin refuses what it knows to be refused; what the
/// target refuses is thrown by the operation that returns a value, or by the next flush of that target.
public sealed class AccessRefusedException extends PortholeException permits ExposureExpiredException {
    private static final long serialVersionUID = 1;

    /// With a message.
    ///
    /// @param message the one line a user sees: who wanted what, and what is allowed
    public AccessRefusedException(String message) {
        super(message);
    }

    /// With a message and a cause.
    ///
    /// @param message the one line a user sees
    /// @param cause   what the transport said
    public AccessRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
