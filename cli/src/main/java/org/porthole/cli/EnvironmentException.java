package org.porthole.cli;

/// The machine stands in the way; the message is the one line that the user sees.
final class EnvironmentException extends RuntimeException {
    private static final long serialVersionUID = 1;

    EnvironmentException(String message, Throwable cause) {
        super(message, cause);
    }
}
