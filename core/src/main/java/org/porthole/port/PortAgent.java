package org.porthole.port;

/// What finishes a port's messages, at once or later.
///
/// ```java
/// Port squares = job.openPort(PortSpec.inline(message -> {
///     message.setLong(0, message.getLong(0) * message.getLong(0));
///     return 0;
/// }).named("squares"));
/// ```
///
/// **Source.** DragonFly BSD, `lwkt_msgport`: `mp_beginmsg` returns a synchronous error code or `EASYNC`.
@FunctionalInterface
public interface PortAgent {
    /// What [#onMessage(Message)] returns for a message that it, or somebody whom it has given it to, answers later.
    int ASYNC = Integer.MIN_VALUE;

    /// Deals with a message. What the message holds when this returns a result is the reply: it begins as the request, and an agent that has
    /// nothing to say sets its length to 0.
    ///
    /// Throwing is an answer: who waits for the reply gets [org.porthole.AgentFailedException]. After a result the message is the runtime's again.
    ///
    /// **Threads.** As the port's [PortKind] says; of an inline port several at once, and it must not block.
    ///
    /// @param message the message
    /// @return the result, or [#ASYNC]; then the message is to be replied to or closed
    /// @throws Exception if it fails
    int onMessage(Message message) throws Exception;
}
