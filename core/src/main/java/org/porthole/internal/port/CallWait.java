package org.porthole.internal.port;

import org.porthole.spi.Awaited;

/// A thread's wait for one of a rank's outstanding messages to end, so that another may be sent.
final class CallWait implements Awaited {
    private final PostOffice office;
    private final CallTable calls;
    private final int rank;
    private final HeldRight right;
    private final PooledMessage into;
    private final OpenPort replyPort;
    private final long tag;
    private long call;

    CallWait(
            PostOffice office,
            CallTable calls,
            int rank,
            HeldRight right,
            PooledMessage into,
            OpenPort replyPort,
            long tag) {
        this.office = office;
        this.calls = calls;
        this.rank = rank;
        this.right = right;
        this.into = into;
        this.replyPort = replyPort;
        this.tag = tag;
    }

    long call() {
        return call;
    }

    @Override
    public boolean isReady() {
        if (call == 0) {
            office.look();
            call = calls.enter(rank, right, into, replyPort, tag);
        }
        return call != 0;
    }

    @Override
    public void park(long timeoutNs) {
        office.bell().park(this, timeoutNs);
    }

    @Override
    public void checkPeers() {
        office.checkInline();
    }

    @Override
    public String describe() {
        return "rank " + office.rank() + " waits for one of its " + CallTable.SIZE + " outstanding messages to end";
    }
}
