package org.porthole.port;

import java.time.Duration;
import org.porthole.internal.port.HeldRight;

/// The right to send messages to one port.
///
/// **Ordering.** Messages of one rank to one port arrive in the order of their sends.
/// **Threads.** Any, but for [#close()].  **Cost.** Sending allocates nothing once warm.
public sealed interface SendRight extends AutoCloseable permits HeldRight {
    /// The rank that owns the port.
    ///
    /// @return its number in the job
    int rank();

    /// Whether the port is known to have ended, or this right to have been revoked or used up.
    ///
    /// @return true if nothing can be sent with it any more
    boolean isDead();

    /// Sends a message, and waits for room if there is none.
    ///
    /// **Completion.** The message may be used again when this returns, and is on its way in order; [#flush()] waits until it is with the port. If it
    /// has a reply port, the outcome arrives there, otherwise a result is dropped.
    ///
    /// @param message the message
    /// @throws org.porthole.DeadPortException             if the right is dead; nothing was sent
    /// @throws org.porthole.JobTimeoutException           if there is no room within `porthole.wait.deadline`; nothing was sent
    /// @throws java.util.concurrent.CancellationException if the thread is interrupted while it waits; nothing was sent
    void send(Message message);

    /// Sends a message, and waits for room if there is none, but not for ever.
    ///
    /// @param message  the message
    /// @param deadline how long
    /// @return false if there was no room; nothing was sent
    /// @throws org.porthole.DeadPortException             if the right is dead; nothing was sent
    /// @throws java.util.concurrent.CancellationException if the thread is interrupted while it waits; nothing was sent
    boolean send(Message message, Duration deadline);

    /// Sends a message if there is room.
    ///
    /// @param message the message
    /// @return false if the port, or the way to it, is full; nothing was sent
    /// @throws org.porthole.DeadPortException if the right is dead; nothing was sent
    boolean trySend(Message message);

    /// Sends a message and waits for its outcome, which is in the message afterwards.
    ///
    /// **Cost.** A finished result of an inline agent touches no queue; between ranks of one process the agent runs in this thread.
    ///
    /// @param message the message; holds the reply when this returns
    /// @return the agent's result
    /// @throws org.porthole.AgentFailedException          if the agent threw, or the receiver closed the message unanswered
    /// @throws org.porthole.DeadPortException             if the right is dead, or the port ended before it answered
    /// @throws org.porthole.JobTimeoutException           if there is no outcome within `porthole.wait.deadline`; the message stays the runtime's until
    ///                                                    there is
    /// @throws java.util.concurrent.CancellationException if the message was aborted; or the thread is interrupted, and the message stays the
    ///                                                    runtime's until there is an outcome
    int call(Message message);

    /// Sends a message whose outcome [Message#await()] waits for.
    ///
    /// @param message the message; the runtime's until its outcome is here
    /// @throws org.porthole.DeadPortException             if the right is dead; nothing was sent
    /// @throws org.porthole.JobTimeoutException           if there is no room within `porthole.wait.deadline`; nothing was sent
    /// @throws java.util.concurrent.CancellationException if the thread is interrupted while it waits; nothing was sent
    void start(Message message);

    /// Waits until every message that this rank has sent with this right is with its port.
    ///
    /// @throws org.porthole.DeadPortException if the right is dead: some may not have been received
    void flush();

    /// Asks for one message of kind [MessageKind#DEAD_NAME] when this right becomes dead: at once if it is.
    ///
    /// @param port where it goes; a port of this rank
    /// @param tag  what [Message#tag()] will be
    void notifyDead(Port port, long tag);

    /// Another right like this one, to be closed by itself.
    ///
    /// @return the copy
    /// @throws IllegalStateException if this one is closed, or good for one message only
    SendRight copy();

    /// Gives the right up. Closing it again does nothing.
    @Override
    void close();
}
