package org.porthole.internal.port;

import java.util.concurrent.locks.LockSupport;
import org.porthole.spi.Awaited;

/// A thread's wait for a message of one port.
final class ReceiveWait implements Awaited {
    private final PostOffice office;
    private final OpenPort port;
    private PooledMessage taken;

    ReceiveWait(PostOffice office, OpenPort port) {
        this.office = office;
        this.port = port;
    }

    void begin() {
        taken = null;
    }

    PooledMessage taken() {
        PooledMessage message = taken;
        taken = null;
        return message;
    }

    @Override
    public boolean isReady() {
        if (taken == null) {
            taken = port.poll();
            if (taken == null && !port.isClosed()) {
                office.look();
                taken = port.poll();
            }
        }
        return taken != null || port.isClosed();
    }

    @Override
    public boolean parksVirtually() {
        return true;
    }

    @Override
    public void park(long timeoutNs) {
        if (!Thread.currentThread().isVirtual()) {
            office.bell().park(this, timeoutNs);
            return;
        }
        PortQueue.Sleeper sleeper = port.queue().sleep();
        if (!isReady()) {
            LockSupport.parkNanos(this, timeoutNs);
        }
        port.queue().leave(sleeper);
    }

    @Override
    public void checkPeers() {
        office.checkInline();
    }

    @Override
    public String describe() {
        return "rank " + office.rank() + " waits for a message to " + port;
    }
}
