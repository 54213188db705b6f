package org.porthole.internal.port;

import org.porthole.spi.Awaited;

/// A thread's wait for room for a message, which it then sends.
final class SendWait implements Awaited {
    private final PostOffice office;
    private final HeldRight right;
    private final PooledMessage message;
    private final long call;
    private boolean sent;

    SendWait(PostOffice office, HeldRight right, PooledMessage message, long call) {
        this.office = office;
        this.right = right;
        this.message = message;
        this.call = call;
    }

    @Override
    public boolean isReady() {
        if (!sent) {
            office.look();
            sent = office.trySend(right, message, call);
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
        return "rank " + office.rank() + " waits for room at a port of rank " + right.rank();
    }
}
