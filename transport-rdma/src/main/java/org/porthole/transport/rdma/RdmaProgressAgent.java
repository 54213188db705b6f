package org.porthole.transport.rdma;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.Agent;

/// Carries out what peers ask for while no thread of this rank waits; sleeps on the device's completion channel.
///
/// While threads take completions themselves, which [RdmaAttendance] tells, the agent stays away, and only looks now and then whether they are still
/// there.
///
/// **Threads.** Its own; any for [#takeOver()], [#wakeup()] and [#wakeToClose()].
final class RdmaProgressAgent implements Agent {
    /// How long to stay away before looking whether the others are still there, at first and at most: each look takes a core from one who waits.
    private static final long AWAY_NS = 200_000;

    private static final long LONG_AWAY_NS = 2_000_000;
    /// How long to look for more after something has come: about what a wake-up takes.
    private static final long LINGER_NS = 30_000;

    private static final int SLEEP_MS = (int) TimeUnit.SECONDS.toMillis(10);

    private final RdmaTransport transport;
    private final RdmaAttendance attendance;
    private final RdmaDevice device;
    private final String name;
    private final int eventFd = RdmaSystemNative.eventFd();
    private final MemorySegment polled = Arena.ofAuto().allocate(RdmaSystemNative.SCRATCH, Long.BYTES);
    private volatile boolean closing;
    private volatile boolean away;
    private long awayNs = AWAY_NS;
    private volatile Thread thread;

    RdmaProgressAgent(RdmaTransport transport, RdmaAttendance attendance, RdmaDevice device, String name) {
        this.transport = transport;
        this.attendance = attendance;
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
        if (attendance.isDriven()) {
            stayAway();
        } else {
            attend();
        }
        return 1;
    }

    private void attend() {
        long arrived = transport.arrived();
        // Armed before the last look, so that nothing comes in between.
        transport.armAll();
        transport.driveAll();
        if (arrived == transport.arrived() && !closing) {
            RdmaSystemNative.sleep(polled, device.channelFd(), eventFd, SLEEP_MS);
            device.takeEvents();
            if (!attendance.isDriven()) {
                transport.driveAll();
            }
        }
        boolean something = arrived != transport.arrived();
        if (attendance.attended(something)) {
            awayNs = Math.max(AWAY_NS, awayNs / 2);
        }
        if (something) {
            linger();
        }
    }

    private void stayAway() {
        away = true;
        if (attendance.isDriven() && !closing) {
            LockSupport.parkNanos(awayNs);
        }
        away = false;
        awayNs = Math.min(LONG_AWAY_NS, 2 * awayNs);
    }

    private void linger() {
        long begin = System.nanoTime();
        long arrived = transport.arrived();
        while (System.nanoTime() - begin < LINGER_NS && !attendance.isDriven() && !closing) {
            transport.driveAll();
            if (arrived != transport.arrived()) {
                arrived = transport.arrived();
                begin = System.nanoTime();
                boolean ignored = attendance.attended(true);
            }
        }
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
