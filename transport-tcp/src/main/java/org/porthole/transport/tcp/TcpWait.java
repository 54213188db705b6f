package org.porthole.transport.tcp;

import org.porthole.spi.Awaited;

/// A thread that waits for operations of one endpoint to complete, or for room for one more.
final class TcpWait implements Awaited {
    /// What is waited for.
    enum Goal {
        ROOM("room for an operation on"),
        ACKNOWLEDGED("a source to be read by"),
        ANSWERED("answers from"),
        LOCALLY("operations to be complete locally on"),
        REMOTELY("operations to be complete at");

        final String words;

        Goal(String words) {
            this.words = words;
        }
    }

    private final TcpEndpoint endpoint;
    private Goal goal = Goal.ROOM;
    private long amount;

    TcpWait(TcpEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    /// Sets what to wait for.
    ///
    /// @param what  the goal
    /// @param value bytes of room, or a ticket
    void aim(Goal what, long value) {
        goal = what;
        amount = value;
    }

    boolean isOver() {
        return endpoint.isOver(goal, amount);
    }

    @Override
    public boolean isReady() {
        if (isOver()) {
            return true;
        }
        endpoint.drive();
        return isOver();
    }

    @Override
    public void park(long timeoutNs) {
        endpoint.sleep(this, timeoutNs);
    }

    @Override
    public void checkPeers() {
        endpoint.requireUp(describe());
    }

    @Override
    public String describe() {
        return "rank " + endpoint.rank() + " waits for " + goal.words + " rank " + endpoint.peer();
    }
}
