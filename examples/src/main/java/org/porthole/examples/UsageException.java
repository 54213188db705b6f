package org.porthole.examples;

/// The user gave a word or an input that cannot be used. The message is the one line that he sees.
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UsageException(String message) {
        super(message);
    }

    UsageException(String message, Throwable cause) {
        super(message, cause);
    }
}
