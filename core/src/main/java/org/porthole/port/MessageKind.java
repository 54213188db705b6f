package org.porthole.port;

/// What a received message is.
public enum MessageKind {
    /// Somebody sent it.
    DATA,
    /// The outcome of a message that this rank sent with [Message#replyTo(Port, long)].
    REPLY,
    /// No send right of the port is left: see [Port#notifyNoSenders()].
    NO_SENDERS,
    /// The port of a right has ended: see [SendRight#notifyDead(Port, long)].
    DEAD_NAME
}
