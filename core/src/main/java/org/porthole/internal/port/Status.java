package org.porthole.internal.port;

import java.util.concurrent.CancellationException;
import org.porthole.AgentFailedException;
import org.porthole.DeadPortException;

/// How a message ended, as it travels.
final class Status {
    static final int DONE = 0;
    /// The agent threw, or nobody answered; the payload says what.
    static final int FAILED = 1;
    static final int ABORTED = 2;
    /// The port has ended.
    static final int DEAD = 3;
    /// The right is not, or no more, good.
    static final int REFUSED = 4;
    /// The owner has ended.
    static final int GONE = 5;

    private Status() {}

    /// What whoever waited for the outcome gets.
    ///
    /// @param result  the agent's
    /// @param owner   whose port it was
    /// @param content what came with it
    /// @return the result, if the agent has finished the message
    static int outcome(int status, int result, int owner, MessageContent content) {
        return switch (status) {
            case DONE -> result;
            case FAILED ->
                throw new AgentFailedException(
                        owner, "the agent of a port of rank " + owner + " failed: " + content.decoded());
            case ABORTED -> throw new CancellationException("the message to rank " + owner + " was aborted");
            case REFUSED -> throw new DeadPortException(owner, PostOffice.refusedRight(owner));
            case GONE -> throw new DeadPortException(owner, content.decoded());
            default -> throw new DeadPortException(owner, PostOffice.endedPort(owner));
        };
    }
}
