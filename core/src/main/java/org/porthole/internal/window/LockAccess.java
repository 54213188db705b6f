package org.porthole.internal.window;

import java.util.Arrays;
import org.porthole.LockKind;
import org.porthole.internal.route.Target;

/// A passive-target epoch on one rank; the same object serves all of them.
public final class LockAccess extends WindowAccess {
    private final int target;
    private final TargetLock lock;
    private final Target[] covered;
    private boolean exclusive;
    /// What had been started towards the target when the lock was taken.
    private long before;

    LockAccess(OpenWindow window, int target, TargetLock lock) {
        super(window);
        this.target = target;
        this.lock = lock;
        covered = new Target[window.noTargets().length];
        Arrays.fill(covered, Target.NONE);
    }

    void lock(LockKind kind) {
        exclusive = kind == LockKind.EXCLUSIVE;
        if (exclusive) {
            lock.lockExclusive();
        } else {
            lock.lockShared();
        }
        covered[target] = window.target(target);
        before = covered[target].startedIfRemote();
        begin(covered);
    }

    @Override
    String describe() {
        return "lock on rank " + target + "'s part of window \"" + window.name() + '"';
    }

    @Override
    public void close() {
        if (!isOpen()) {
            return;
        }
        end();
        boolean used = covered[target].startedIfRemote() != before;
        // The release of the lock comes after everything that was put before it.
        if (exclusive) {
            lock.unlockExclusive();
        } else {
            lock.unlockShared();
        }
        if (used) {
            covered[target].flushIfRemote();
        }
    }
}
