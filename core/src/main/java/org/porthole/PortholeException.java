package org.porthole;

/// A failure of the world around the program: a dead peer, a mismatch between ranks, a deadline, a missing device.
/// Misuse of the API throws the JDK's own exceptions instead.
public abstract sealed class PortholeException extends RuntimeException
        permits AccessRefusedException,
                AgentFailedException,
                CollectiveMismatchException,
                ConfigurationException,
                DeadPortException,
                InsufficientMemoryException,
                JobTimeoutException,
                JoinException,
                OutcomeUnknownException,
                PeerFailedException,
                RaceException,
                TransportException {
    private static final long serialVersionUID = 1;

    PortholeException(String message) {
        super(message);
    }

    PortholeException(String message, Throwable cause) {
        super(message, cause);
    }
}
