package org.porthole.internal.port;

import org.porthole.spi.Awaited;

/// A thread's wait for room for what is no message, which it then sends.
final class FlushWait implements Awaited {
    private final PostOffice office;
    private final Channel channel;
    private final HeldRight right;
    private final int kind;
    private final long call;
    private boolean sent;

    FlushWait(PostOffice office, Channel channel, HeldRight right, int kind, long call) {
        this.office = office;
        this.channel = channel;
        this.right = right;
        this.kind = kind;
        this.call = call;
    }

    @Override
    public boolean isReady() {
        if (!sent) {
            office.look();
            right.holding().requireAlive(right.high());
            sent = channel.trySend(kind, right.holding().number(), call);
        }
        return sent;
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
        return "rank " + office.rank() + " waits for room on the way to rank " + right.rank();
    }
}
