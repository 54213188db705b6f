package org.porthole.internal.window;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.porthole.Right;
import org.porthole.internal.route.Target;
import org.porthole.spi.Permit;

/// Which parts an epoch covers, and what may be done with each. What an epoch does not cover has no target here, so that one comparison on the fast path
/// stands for all checks; the slow path finds out which of them failed.
///
/// **Threads.** Any for reaching; one for beginning and closing.
abstract sealed class CoveredTargets permits WindowAccess {
    private static final VarHandle UNFENCED = unfenced();

    private static VarHandle unfenced() {
        try {
            return MethodHandles.lookup().findVarHandle(CoveredTargets.class, "unfenced", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final OpenWindow window;
    final Turn[] turns;
    /// Whether the window is promised to see no atomics but those of adapters.
    final boolean adapterOnly;

    /// Everything that is covered.
    Target[] targets;
    /// The targets again, by what may be done with them: those on which it is not allowed, or only in a range, are none here.
    private Target[] readable;

    private Target[] writable;
    private Target[] atomic;
    private boolean open;
    /// Whether a put may still be on its way out of this core. Loads and atomics need no fence to be complete.
    private boolean unfenced;

    CoveredTargets(OpenWindow window) {
        this.window = window;
        turns = window.turns();
        adapterOnly = window.isAdapterOnly();
        cover(window.noTargets());
    }

    final void begin(Target[] covered) {
        cover(covered);
        open = true;
    }

    /// Begins with rights of which each target grants others.
    final void begin(Target[] covered, Grants grants) {
        targets = covered;
        readable = grants.allowing(Right.READ);
        writable = grants.allowing(Right.WRITE);
        atomic = grants.allowing(Right.ATOMIC);
        open = true;
    }

    final void end() {
        open = false;
        cover(window.noTargets());
    }

    private void cover(Target... covered) {
        targets = covered;
        readable = covered;
        writable = covered;
        atomic = covered;
    }

    /// What a target's exposure allows, where that is not everything; else null.
    Permit permit(int target) {
        return null;
    }

    final void requireOpen() {
        if (!open) {
            throw window.closed(this);
        }
    }

    /// What this epoch is called in messages.
    abstract String describe();

    /// Whether it has begun and not ended.
    public final boolean isOpen() {
        return open;
    }

    /// A target that this epoch covers, for what needs no right.
    final Target covered(int rank) {
        return reach(targets, null, rank, 0, 0);
    }

    final Target readable(int rank, long offset, long length) {
        return reach(readable, Right.READ, rank, offset, length);
    }

    final Target writable(int rank, long offset, long length) {
        return reach(writable, Right.WRITE, rank, offset, length);
    }

    /// The target, if `length` bytes at `offset` of it may be reached now.
    private Target reach(Target[] all, Right right, int rank, long offset, long length) {
        if (rank < 0 || rank >= all.length) {
            throw window.noSuchRank(rank);
        }
        Target target = all[rank];
        if ((offset | target.limit - length - offset) < 0) {
            return window.reachSlowly(this, targets[rank], right, rank, offset, length);
        }
        return target;
    }

    final Target atomic(int rank, long offset, long length) {
        return reach(atomic, Right.ATOMIC, rank, offset, length);
    }

    final Target reachAligned(int rank, long offset, long length) {
        if (adapterOnly && length != Long.BYTES) {
            throw notPromised();
        }
        Target target = atomic(rank, offset, length);
        if ((offset & length - 1) != 0) {
            throw new IllegalArgumentException("atomic operation on " + length + " bytes at offset " + offset
                    + " of window \"" + window.name() + "\": the offset must be a multiple of " + length);
        }
        return target;
    }

    /// After the put's stores, so that a thread which sees the mark, and clears it, knows them to be visible.
    final void setUnfenced() {
        UNFENCED.setRelease(this, true);
    }

    final void fencePuts() {
        VarHandle.acquireFence();
        if ((boolean) UNFENCED.getAcquire(this)) {
            UNFENCED.setOpaque(this, false);
            VarHandle.fullFence();
        }
    }

    final IllegalStateException notPromised() {
        return new IllegalStateException("window \"" + window.name()
                + "\" was opened withAdapterAtomics(): it takes sums and exchanges of 8 bytes, and no other atomics");
    }
}
