package org.porthole;

/// The exposure that an operation rests on has ended, by time or because its owner revoked it.
///
/// Operations that were under way at the end may or may not have taken effect before it; none does afterwards.
public final class ExposureExpiredException extends AccessRefusedException {
    private static final long serialVersionUID = 1;

    /// With a message.
    ///
    /// @param message the one line a user sees
    public ExposureExpiredException(String message) {
        super(message);
    }

    /// With a message and a cause.
    ///
    /// @param message the one line a user sees
    /// @param cause   what the transport said
    public ExposureExpiredException(String message, Throwable cause) {
        super(message, cause);
    }
}
