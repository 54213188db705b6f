package org.porthole.port;

/// Who gets a port's messages.
public enum PortKind {
    /// The thread that opened the port: for an owner with a loop of its own.
    QUEUE,
    /// Whichever thread receives: for several workers that take from one queue.
    SHARED,
    /// The agent, in the thread that brings the message, several at once: for answers that are short and need no wait.
    INLINE,
    /// The agent, in a virtual thread for each message: for answers that may wait.
    PER_MESSAGE
}
