package org.porthole;

/// The agent of a port failed to answer a message: it threw, or the message was closed unanswered.
public final class AgentFailedException extends PortholeException {
    private static final long serialVersionUID = 1;

    private final int rank;

    /// With a message.
    ///
    /// @param rank    the world rank that owns the port
    /// @param message what the agent threw, as text
    public AgentFailedException(int rank, String message) {
        super(message);
        this.rank = rank;
    }

    /// The rank that owns the port.
    ///
    /// @return its number in the world team
    public int rank() {
        return rank;
    }
}
