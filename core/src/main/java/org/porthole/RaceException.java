package org.porthole;

/// Two accesses to the same bytes conflict, and nothing orders them; or a buffer was used again before its operation was complete. Thrown with
/// `porthole.check=races` and `porthole.check.action=fail` only.
public final class RaceException extends PortholeException {
    private static final long serialVersionUID = 1;

    /// With a message.
    ///
    /// @param message the one line a user sees: both accesses, where they were called, by which ranks, and on which bytes
    public RaceException(String message) {
        super(message);
    }
}
