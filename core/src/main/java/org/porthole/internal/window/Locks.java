package org.porthole.internal.window;

import java.lang.System.Logger.Level;
import org.porthole.Access;
import org.porthole.AccessRefusedException;
import org.porthole.LockKind;
import org.porthole.PeerFailedException;
import org.porthole.internal.collective.TeamContext;
import org.porthole.internal.route.Target;

/// The locks on all parts of one window, as one rank takes them, and the epochs under them.
///
/// **Threads.** One at a time.
final class Locks {
    private static final System.Logger LOG = System.getLogger(Locks.class.getName());

    private final OpenWindow window;
    private final TargetLock[] locks;
    /// By target; null until one is locked for the first time.
    private final LockAccess[] accesses;
    private final LockAllAccess all;

    Locks(OpenWindow window, TeamContext context, Target... controls) {
        this.window = window;
        locks = new TargetLock[controls.length];
        for (int target = 0; target < locks.length; target++) {
            locks[target] = new TargetLock(
                    target,
                    context.rank(),
                    context.size(),
                    window.name(),
                    controls[target],
                    context.membership(),
                    context.waiter());
        }
        accesses = new LockAccess[controls.length];
        all = new LockAllAccess(window, locks);
    }

    TargetLock of(int target) {
        return locks[target];
    }

    LockAllAccess all() {
        return all;
    }

    Access lock(OwnPart own, int target, LockKind kind) {
        if (target < 0 || target >= accesses.length) {
            throw window.noSuchRank(target);
        }
        if (target != window.team().rank()) {
            window.requireKeysForAll("lock another rank's part of");
        }
        window.requireNone("lock a part of", window.occupation().butLocks());
        LockAccess access = accesses[target];
        if (access == null) {
            access = new LockAccess(window, target, locks[target]);
            accesses[target] = access;
        }
        if (access.isOpen()) {
            throw new IllegalStateException(
                    "rank " + window.context().rank() + " holds the " + access.describe() + " already");
        }
        window.requireAlive(target);
        own.open();
        access.lock(kind);
        return access;
    }

    Access lockAll(OwnPart own) {
        window.requireKeysForAll("lock all parts of");
        window.requireNone("lock all parts of", window.occupation().any());
        for (int rank = 0; rank < locks.length; rank++) {
            window.requireAlive(rank);
        }
        own.open();
        all.lock();
        return all;
    }

    /// The lock on a single rank that is held, in words; null if there is none.
    String describe() {
        for (LockAccess access : accesses) {
            if (access != null && access.isOpen()) {
                return access.describe();
            }
        }
        return null;
    }

    /// Gives back all that are held: the window closes.
    void close() {
        close(all);
        for (LockAccess access : accesses) {
            if (access != null) {
                close(access);
            }
        }
    }

    static void close(WindowAccess access) {
        try {
            access.close();
        } catch (PeerFailedException | AccessRefusedException e) {
            LOG.log(
                    Level.DEBUG,
                    "an epoch ends without a rank that failed, or that reaches nothing any more",
                    e); // so does the window
        }
    }

    /// Ends all epochs under them without that.
    void shut() {
        all.end();
        for (LockAccess access : accesses) {
            if (access != null) {
                access.end();
            }
        }
    }
}
