package org.porthole.internal.port;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.porthole.port.Message;
import org.porthole.port.Port;
import org.porthole.port.PortSet;
import org.porthole.spi.Awaited;

/// Ports that are received from in turn.
public final class OpenPortSet implements PortSet {
    private final PostOffice office;
    private volatile OpenPort[] ports = {};
    private int turn;

    /// An empty set.
    ///
    /// @param office where the ports are
    public OpenPortSet(PostOffice office) {
        this.office = office;
    }

    @Override
    public synchronized void add(Port port) {
        OpenPort added = (OpenPort) port;
        office.requireOwn(added);
        if (!added.hasQueue()) {
            throw new IllegalArgumentException(added + " has an agent");
        }
        OpenPort[] more = java.util.Arrays.copyOf(ports, ports.length + 1);
        for (OpenPort each : ports) {
            if (each == added) {
                throw new IllegalArgumentException(added + " is in the set already");
            }
        }
        more[ports.length] = added;
        ports = more;
    }

    @Override
    public synchronized void remove(Port port) {
        ports = java.util.Arrays.stream(ports).filter(each -> each != port).toArray(OpenPort[]::new);
    }

    private PooledMessage poll() {
        OpenPort[] all = ports;
        int first = turn;
        boolean anyClosed = false;
        for (int i = 0; i < all.length; i++) {
            int at = Math.floorMod(first + i, all.length);
            OpenPort port = all[at];
            if (port.isClosed()) {
                anyClosed = true;
            } else if (port.queued() > 0) {
                port.requireReceiver();
                PooledMessage message = port.poll();
                if (message != null) {
                    turn = at + 1;
                    return message;
                }
            }
        }
        if (anyClosed) {
            dropClosed();
        }
        return null;
    }

    private synchronized void dropClosed() {
        ports = java.util.Arrays.stream(ports).filter(each -> !each.isClosed()).toArray(OpenPort[]::new);
    }

    private void requireAny() {
        dropClosed();
        if (ports.length == 0) {
            throw new IllegalStateException("no open port is in the set");
        }
        for (OpenPort each : ports) {
            each.requireReceiver();
        }
    }

    @Override
    public Message tryReceive() {
        PooledMessage message = poll();
        if (message == null) {
            office.look();
            message = poll();
        }
        return message;
    }

    @Override
    public Message receive() {
        return receive(Long.MAX_VALUE);
    }

    @Override
    public Message receive(Duration deadline) {
        return receive(Math.max(0, deadline.toNanos()));
    }

    private Message receive(long deadlineNs) {
        Message message = tryReceive();
        if (message != null) {
            return message;
        }
        requireAny();
        Wait wait = new Wait();
        office.await(wait, deadlineNs);
        if (wait.taken == null && ports.length == 0) {
            requireAny();
        }
        return wait.taken;
    }

    private final class Wait implements Awaited {
        private PooledMessage taken;

        @Override
        public boolean isReady() {
            if (taken == null) {
                taken = poll();
                if (taken == null) {
                    office.look();
                    taken = poll();
                }
            }
            return taken != null || ports.length == 0;
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
            OpenPort[] all = ports;
            PortQueue.Sleeper[] sleepers = new PortQueue.Sleeper[all.length];
            for (int i = 0; i < all.length; i++) {
                sleepers[i] = all[i].queue().sleep();
            }
            if (!isReady()) {
                LockSupport.parkNanos(this, timeoutNs);
            }
            for (int i = 0; i < all.length; i++) {
                all[i].queue().leave(sleepers[i]);
            }
        }

        @Override
        public void checkPeers() {
            office.checkInline();
        }

        @Override
        public String describe() {
            return "rank " + office.rank() + " waits for a message to any of " + ports.length + " ports";
        }
    }
}
