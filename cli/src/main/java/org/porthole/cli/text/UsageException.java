package org.porthole.cli.text;

/// The command line cannot be used; the message is the one line that the user sees.
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// Complains.
    ///
    /// @param message what is wrong and what would be right
    public UsageException(String message) {
        super(message);
    }
}
