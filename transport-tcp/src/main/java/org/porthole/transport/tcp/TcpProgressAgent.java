package org.porthole.transport.tcp;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.Agent;

/// Carries out what peers ask for while no thread of this rank waits, lets members in, and watches over connections.
///
/// While a thread waits it drives the connections itself; the agent then only looks in now and then, since a wake-up for each message would
/// take a core from the one who waits. It takes over at once when that thread goes to sleep, and soon when it has left.
///
/// **Threads.** Its own; any for [#call()] and [#wakeToClose()].
final class TcpProgressAgent implements Agent {
    /// How long to stay away while others drive.
    private static final long AWAY_NS = 200_000;
    /// How long to look for more after something has come: less than it takes to be woken.
    private static final long LINGER_NS = 30_000;

    private final TcpTransport transport;
    private final TcpPoller poller;
    private final String name;
    private long polledBefore;
    private volatile boolean closing;
    private volatile boolean away;
    /// The number of polls when a thread that had polled last went to sleep.
    private volatile long restedAt;
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
    public int doWork() throws IOException {
        if (closing) {
            return 0;
        }
        long polled = transport.polls();
        boolean othersDrive = polled != polledBefore && polled != restedAt;
        polledBefore = polled;
        if (othersDrive) {
            stayAway();
        } else {
            long events = transport.events();
            poller.run(transport.untilCheckNs());
            if (events != transport.events()) {
                linger();
            }
        }
        transport.check();
        return 1;
    }

    private void stayAway() throws IOException {
        away = true;
        if (transport.polls() != restedAt && !closing) {
            LockSupport.parkNanos(AWAY_NS);
        }
        away = false;
        if (!closing) {
            poller.run(0);
        }
    }

    private void linger() throws IOException {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < LINGER_NS && transport.polls() == polledBefore && !closing) {
            poller.run(0);
        }
    }

    /// Lets the agent take over, if it has stayed away.
    void call() {
        restedAt = transport.polls();
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
