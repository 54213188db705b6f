package org.porthole.transport.tcp;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.Agent;

/// Carries out what peers ask for while no thread of this rank waits, lets members in, and watches over connections.
///
/// While a thread waits it drives the connections itself, and the agent stays away: a wake-up for each message would take a core from the one who
/// waits. When the last of them goes to sleep the agent is called at once. When the last of them just leaves, it will often soon be back; waking the
/// agent costs more than a message then, so that it is called only if it had work after the last time, and else looks after a while.
///
/// **Threads.** Its own; any for [#isNeeded()], [#takeOver()] and [#wakeToClose()].
final class TcpProgressAgent implements Agent {
    /// How long to stay away before looking whether the others are still there, at first and at most: each look takes a core from one who waits.
    private static final long AWAY_NS = 200_000;
    private static final long LONG_AWAY_NS = 2_000_000;
    /// How long to look for more after something has come: about what a wake-up takes.
    private static final long LINGER_NS = 30_000;
    /// What comes so soon after this thread has gone to sleep had waited for its core: it would have come earlier had the thread not lingered.
    private static final long SOON_NS = 10_000;
    /// So often it does not linger then, before it tries again.
    private static final int SHORT_STAYS = 16;

    private final TcpTransport transport;
    private final TcpPoller poller;
    private final String name;
    private volatile boolean closing;
    private volatile boolean away;
    private long awayNs = AWAY_NS;
    private int shortStays;
    private boolean hasLingered;
    /// Whether something came to this agent since it was last called for the case that something would.
    private volatile boolean needed;
    private volatile Thread thread;

    TcpProgressAgent(TcpTransport transport, TcpPoller poller, String name) {
        this.transport = transport;
        this.poller = poller;
        this.name = name;
    }

    @Override
    public void onStart() {
        thread = Thread.currentThread();
    }

    @Override
    @SuppressWarnings("ThreadPriorityCheck")
    public int doWork() throws IOException {
        if (closing) {
            return 0;
        }
        if (transport.isDriven()) {
            stayAway();
        } else {
            long arrived = transport.arrived();
            long begin = System.nanoTime();
            poller.run(transport.untilCheckNs());
            if (arrived != transport.arrived()) {
                needed = transport.isLeft();
                stay(System.nanoTime() - begin);
            } else {
                Thread.yield(); // a thread that is busy with the connection may have been on this core
            }
        }
        transport.check();
        return 1;
    }

    /// Looks for more, if that has not been in the way of what was to come.
    private void stay(long sleptNs) throws IOException {
        if (shortStays > 0) {
            shortStays--;
        } else if (hasLingered && sleptNs < SOON_NS) {
            shortStays = SHORT_STAYS;
            hasLingered = false;
        } else {
            linger();
            hasLingered = true;
        }
    }

    private void stayAway() throws IOException {
        away = true;
        if (transport.isDriven() && !closing) {
            LockSupport.parkNanos(awayNs);
        }
        away = false;
        awayNs = transport.isDriven() ? Math.min(LONG_AWAY_NS, 2 * awayNs) : AWAY_NS;
        if (!closing) {
            long arrived = transport.arrived();
            poller.run(0); // strangers come by the poller alone
            if (arrived != transport.arrived()) {
                needed = transport.isLeft();
            }
        }
    }

    private void linger() throws IOException {
        long begin = System.nanoTime();
        long arrived = transport.arrived();
        while (System.nanoTime() - begin < LINGER_NS && !transport.isDriven() && !closing) {
            if (transport.isPolled()) {
                transport.driveAll();
            } else {
                poller.run(0);
            }
            if (arrived != transport.arrived()) {
                arrived = transport.arrived();
                begin = System.nanoTime();
                if (transport.isLeft()) {
                    needed = true;
                }
            }
        }
    }

    /// Whether to be called though the thread that leaves may be back soon. True only once for each time that something came.
    boolean isNeeded() {
        if (needed) {
            needed = false;
            return true;
        }
        return false;
    }

    /// The last thread that drove the connections does so no more.
    void takeOver() {
        if (away) {
            LockSupport.unpark(thread);
        }
    }

    /// Ends the sleep for good; the runner must be closed next.
    void wakeToClose() {
        closing = true;
        poller.wakeup();
        LockSupport.unpark(thread);
    }

    @Override
    public void onClose() {
        transport.end();
        poller.close();
    }

    @Override
    public String roleName() {
        return name;
    }
}
