package org.porthole.internal.port;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// A lock for a few dozen instructions, of a kind that a virtual thread may hold: it never parks, and nobody waits while holding it.
final class SpinLock {
    private static final VarHandle HELD;
    private static final int SPINS = 200;

    static {
        try {
            HELD = MethodHandles.lookup().findVarHandle(SpinLock.class, "held", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("UnusedVariable") // by HELD
    private int held;

    boolean tryLock() {
        return (int) HELD.getOpaque(this) == 0 && HELD.compareAndSet(this, 0, 1);
    }

    @SuppressWarnings("ThreadPriorityCheck") // to the holder, which may have lost this core
    void lock() {
        for (int i = 0; !tryLock(); i++) {
            if (i < SPINS) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
    }

    void unlock() {
        HELD.setRelease(this, 0);
    }
}
