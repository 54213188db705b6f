package org.porthole.internal.port;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.porthole.spi.Awaited;
import org.porthole.spi.Memory;

/// What this rank's threads sleep on that wait for messages, and what whoever brings something rings if one sleeps.
///
/// What has come is somewhere else than the word slept on. So a sleeper counts itself, lets [Memory#park] fence on behalf of all others, looks again,
/// and only then sleeps (adr/0003).
///
/// **Threads.** Any.
final class Bell {
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final VarHandle WAITERS;

    static {
        try {
            WAITERS = MethodHandles.lookup().findVarHandle(Bell.class, "waiters", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Memory memory;
    private final MemorySegment segment;
    private final long asleep;
    private final long bell;
    private final boolean fencing;
    /// Those who sleep for something that other threads of this rank bring; the port agent is not among them.
    @SuppressWarnings("UnusedVariable") // by WAITERS
    private int waiters;

    /// A bell that is silent.
    ///
    /// @param memory this rank's control memory
    /// @param base   where its post office begins
    Bell(Memory memory, long base) {
        this.memory = memory;
        segment = memory.segment();
        asleep = base + OfficeDescriptor.ASLEEP;
        bell = base + OfficeDescriptor.BELL;
        fencing = memory.isParkFencing();
    }

    /// Sleeps until it rings, or the time is over, unless what is awaited is ready.
    void park(Awaited awaited, long timeoutNs) {
        WAITERS.getAndAdd(this, 1);
        try {
            sleep(awaited, timeoutNs);
        } finally {
            WAITERS.getAndAdd(this, -1);
        }
    }

    /// The same for the port agent, whom only peers wake.
    void sleep(Awaited awaited, long timeoutNs) {
        INT.getAndAdd(segment, asleep, 1);
        try {
            int rung = (int) INT.getVolatile(segment, bell);
            if (fencing) {
                memory.park(bell, ~rung, 1);
            }
            if (!awaited.isReady()) {
                memory.park(bell, rung, timeoutNs);
            }
        } finally {
            INT.getAndAdd(segment, asleep, -1);
        }
    }

    /// Whether somebody sleeps who waits for what threads of this rank bring.
    boolean hasWaiters() {
        return (int) WAITERS.getVolatile(this) != 0;
    }

    /// Wakes those that wait for something which this thread has just stored.
    void wakeWaiters() {
        if (!fencing) {
            VarHandle.fullFence();
        }
        if ((int) WAITERS.getOpaque(this) != 0) {
            ring();
        }
    }

    /// Wakes whoever sleeps: something has come from a peer.
    void wakeAll() {
        VarHandle.fullFence();
        if ((int) INT.getOpaque(segment, asleep) != 0) {
            ring();
        }
    }

    void ring() {
        INT.getAndAdd(segment, bell, 1);
        memory.unpark(bell);
    }
}
