package org.porthole.internal.port;

import org.porthole.spi.Awaited;

/// A thread's wait for room for a message, which it then sends.
final class SendWait implements Awaited {
    private final PostOffice office;
    private HeldRight right;
    private PooledMessage message;
    private long call;
    private boolean sent;

    SendWait(PostOffice office) {
        this.office = office;
    }

    /// The same object for another message.
    SendWait forMessage(HeldRight newRight, PooledMessage newMessage, long newCall) {
        right = newRight;
        message = newMessage;
        call = newCall;
        sent = false;
        return this;
    }

    @Override
    public boolean isReady() {
        if (!sent) {
            office.look();
            sent = office.outbox().trySend(right, message, call);
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
