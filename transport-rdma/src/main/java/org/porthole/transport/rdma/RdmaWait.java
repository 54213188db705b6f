package org.porthole.transport.rdma;

import org.porthole.spi.Awaited;

/// A thread that waits for operations of one endpoint to complete, or for room for one more.
final class RdmaWait implements Awaited {
    /// What is waited for.
    enum Goal {
        ROOM("room for a put to"),
        ROOM_IN_RING("room for a get from"),
        CREDIT("room for a request to"),
        ANSWERED("requests before a fence to be carried out by"),
        LOCALLY("operations to be complete locally on"),
        REMOTELY("operations to be complete at");

        final String words;

        Goal(String words) {
            this.words = words;
        }
    }

    private final RdmaEndpoint endpoint;
    private Goal goal = Goal.ROOM;
    private long amount;

    RdmaWait(RdmaEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    /// Sets what to wait for.
    ///
    /// @param what  the goal
    /// @param value bytes of room, or a number of work
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
