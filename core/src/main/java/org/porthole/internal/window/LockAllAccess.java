package org.porthole.internal.window;

/// A passive-target epoch on all ranks; the same object serves all of them.
public final class LockAllAccess extends WindowAccess {
    private final TargetLock[] locks;

    LockAllAccess(OpenWindow window, TargetLock[] locks) {
        super(window);
        this.locks = locks;
    }

    void lock() {
        int held = 0;
        try {
            for (; held < locks.length; held++) {
                locks[held].lockShared();
            }
        } catch (RuntimeException e) {
            unlock(held);
            throw e;
        }
        window.refresh();
        begin(window.allTargets());
    }

    private void unlock(int held) {
        for (int rank = 0; rank < held; rank++) {
            locks[rank].unlockShared();
        }
    }

    @Override
    String describe() {
        return "lock on all ranks of window \"" + window.name() + '"';
    }

    @Override
    public void close() {
        if (isOpen()) {
            flushAll();
            end();
            unlock(locks.length);
        }
    }
}
