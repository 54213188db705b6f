package org.porthole.transport.rdma;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.Agent;

/// Carries out what peers ask for while no thread of this rank waits; sleeps on the device's completion channel.
///
/// While a thread waits it takes completions itself, and the agent stays away. When the last of them goes to sleep the agent is called at once; when
/// the last of them just leaves, it will often soon be back, and the agent looks after a while.
///
/// **Threads.** Its own; any for [#isNeeded()], [#takeOver()], [#wakeup()] and [#wakeToClose()].
final class RdmaProgressAgent implements Agent {
    /// How long to stay away before looking whether the others are still there.
    private static final long AWAY_NS = 200_000;
    /// How long to look for more after something has come: about what a wake-up takes.
    private static final long LINGER_NS = 30_000;

    private static final int SLEEP_MS = (int) TimeUnit.SECONDS.toMillis(10);

    private final RdmaTransport transport;
    private final RdmaDevice device;
    private final String name;
    private final int eventFd = RdmaSystemNative.eventFd();
    private final MemorySegment polled = Arena.ofAuto().allocate(RdmaSystemNative.SCRATCH, Long.BYTES);
    private volatile boolean closing;
    private volatile boolean away;
    /// Whether something came to this agent since it was last called for the case that something would.
    private volatile boolean needed;
    private volatile Thread thread;

    RdmaProgressAgent(RdmaTransport transport, RdmaDevice device, String name) {
        this.transport = transport;
        this.device = device;
        this.name = name;
    }

    @Override
    public void onStart() {
        thread = Thread.currentThread();
    }

    @Override
    public int doWork() {
        if (closing) {
            return 0;
        }
        if (transport.isDriven()) {
            stayAway();
            return 1;
        }
        long arrived = transport.arrived();
        // Armed before the last look, so that nothing comes in between.
        transport.armAll();
        transport.driveAll();
        if (arrived == transport.arrived() && !closing) {
            RdmaSystemNative.sleep(polled, device.channelFd(), eventFd, SLEEP_MS);
            device.takeEvents();
            if (!transport.isDriven()) {
                transport.driveAll();
            }
        }
        if (arrived != transport.arrived()) {
            needed = transport.isLeft();
            linger();
        }
        return 1;
    }

    private void stayAway() {
        away = true;
        if (transport.isDriven() && !closing) {
            LockSupport.parkNanos(AWAY_NS);
        }
        away = false;
    }

    private void linger() {
        long begin = System.nanoTime();
        long arrived = transport.arrived();
        while (System.nanoTime() - begin < LINGER_NS && !transport.isDriven() && !closing) {
            transport.driveAll();
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

    /// The last thread that took completions does so no more.
    void takeOver() {
        if (away) {
            LockSupport.unpark(thread);
        }
    }

    /// There is a connection that was not there when the agent went to sleep.
    void wakeup() {
        RdmaSystemNative.signalEvent(eventFd);
    }

    /// Ends the sleep for good; the runner must be closed next.
    void wakeToClose() {
        closing = true;
        wakeup();
        LockSupport.unpark(thread);
    }

    @Override
    public void onClose() {
        RdmaSystemNative.close(eventFd);
    }

    @Override
    public String roleName() {
        return name;
    }
}
