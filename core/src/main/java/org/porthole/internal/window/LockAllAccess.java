package org.porthole.internal.window;

import org.porthole.PeerFailedException;

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
            PeerFailedException failure = unlock(held);
            if (failure != null) {
                e.addSuppressed(failure);
            }
            throw e;
        }
        window.refresh();
        begin(window.allTargets());
    }

    /// Gives back the locks on the first ranks, whichever of them have died.
    ///
    /// @return the first failure; null if there is none
    private PeerFailedException unlock(int held) {
        PeerFailedException failure = null;
        for (int rank = 0; rank < held; rank++) {
            try {
                locks[rank].unlockShared();
            } catch (PeerFailedException e) {
                failure = failure == null ? e : failure;
            }
        }
        return failure;
    }

    @Override
    String describe() {
        return "lock on all ranks of window \"" + window.name() + '"';
    }

    @Override
    public void close() {
        if (!isOpen()) {
            return;
        }
        PeerFailedException failure = null;
        try {
            flushAll();
        } catch (PeerFailedException e) {
            failure = e; // what was put to the others is complete all the same
        }
        end();
        PeerFailedException kept = unlock(locks.length);
        failure = failure == null ? kept : failure;
        if (failure != null) {
            throw failure;
        }
    }
}
