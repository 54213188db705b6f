package org.porthole.transport.rdma;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.LongSupplier;

/// Who takes completions: threads that wait, or, when they are gone, the progress agent.
///
/// A thread that goes from wait to wait is soon back, and an agent that takes over in between takes a core from it, arms the queues and is woken by
/// what the thread takes itself. So the agent waits for a while after the last thread has left, twice as long each time that a thread was back
/// nevertheless, and is called at once only when a thread goes to sleep, or after something has come while all had been gone for long.
///
/// **Threads.** Any, unless a method says otherwise.
final class RdmaAttendance {
    /// A thread that goes from wait to wait is back before this, at first and at most.
    static final long BACK_NS = 20_000;

    static final long LONG_BACK_NS = 16 * BACK_NS;
    /// A thread that is away for longer is at work of its own: what comes is the agent's.
    static final long GONE_NS = 200_000;

    private static final VarHandle DRIVERS = drivers();

    private final LongSupplier clockNs;

    @SuppressWarnings("UnusedVariable") // changed by its VarHandle
    private volatile int drivers;

    /// When the last of them left.
    private volatile long leftNs;

    private volatile boolean handedOver;
    /// Whether something came to the agent since it was last called for the case that something would.
    private volatile boolean needed;

    private volatile long backNs = BACK_NS;

    /// Nobody has waited yet.
    ///
    /// @param clockNs a clock that never goes back
    RdmaAttendance(LongSupplier clockNs) {
        this.clockNs = clockNs;
        leftNs = clockNs.getAsLong() - GONE_NS;
    }

    private static VarHandle drivers() {
        try {
            return MethodHandles.lookup().findVarHandle(RdmaAttendance.class, "drivers", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /// A thread begins to take completions.
    void enter() {
        DRIVERS.getAndAdd(this, 1);
    }

    /// A thread takes completions no more.
    ///
    /// @param sleeps whether it goes to sleep
    /// @return whether the agent is to be called
    boolean leave(boolean sleeps) {
        if ((int) DRIVERS.getAndAdd(this, -1) != 1) {
            return false;
        }
        leftNs = clockNs.getAsLong();
        boolean calls = sleeps || needed;
        needed = false;
        handedOver = calls;
        return calls;
    }

    /// Whether threads that wait take completions, or did until now and may be back.
    boolean isDriven() {
        return drivers > 0 || (!handedOver && awayNs() <= backNs);
    }

    private long awayNs() {
        return clockNs.getAsLong() - leftNs;
    }

    /// The agent has taken completions, since nobody else did. The agent alone.
    ///
    /// @param something whether there were any
    /// @return false if a thread was back meanwhile
    boolean attended(boolean something) {
        if (drivers > 0) {
            backNs = Math.min(LONG_BACK_NS, 2 * backNs);
            return false;
        }
        if (something && awayNs() > GONE_NS) {
            backNs = Math.max(BACK_NS, backNs / 2);
            needed = true;
        }
        return true;
    }
}
