package org.porthole.internal.progress;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/// A lock for a few dozen instructions, and now and then for as long as a connection has no room, of a kind that a virtual thread may hold.
///
/// A virtual thread that does not get it soon parks for a moment each time. The virtual machine hands a carrier first to those that yielded on it, so that
/// a few that yield for ever keep all carriers from those that a timer or another thread has woken; and such a one may hold the lock.
public final class SpinLock {
    private static final VarHandle HELD;
    private static final int SPINS = 200;
    private static final int YIELDS = 100;
    private static final long PARK_NS = 20_000;

    static {
        try {
            HELD = MethodHandles.lookup().findVarHandle(SpinLock.class, "held", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("UnusedVariable") // by HELD
    private int held;

    /// Free.
    public SpinLock() {}

    /// Takes the lock if it is free.
    ///
    /// @return false if it is not
    public boolean tryLock() {
        return (int) HELD.getOpaque(this) == 0 && HELD.compareAndSet(this, 0, 1);
    }

    /// Takes the lock once it is free.
    @SuppressWarnings("ThreadPriorityCheck") // to the holder, which may have lost this core
    public void lock() {
        for (int i = 0; !tryLock(); i++) {
            if (i < SPINS) {
                Thread.onSpinWait();
            } else if (i < SPINS + YIELDS || !Thread.currentThread().isVirtual()) {
                Thread.yield();
            } else {
                LockSupport.parkNanos(PARK_NS);
            }
        }
    }

    /// Gives it back.
    public void unlock() {
        HELD.setRelease(this, 0);
    }
}
