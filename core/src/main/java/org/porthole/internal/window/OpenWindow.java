package org.porthole.internal.window;

import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.porthole.Access;
import org.porthole.Epoch;
import org.porthole.LockKind;
import org.porthole.PeerFailedException;
import org.porthole.Team;
import org.porthole.Window;
import org.porthole.internal.collective.ArrivalBoard;
import org.porthole.internal.collective.CollectiveKind;
import org.porthole.internal.collective.TeamContext;
import org.porthole.internal.route.Target;

/// A window as one rank of its team holds it, and the state machine of its epochs.
public final class OpenWindow implements Window {
    private static final System.Logger LOG = System.getLogger(OpenWindow.class.getName());

    private enum Mode {
        IDLE,
        FENCE,
        LOCK_ALL,
        CLOSED
    }

    private final Team team;
    private final ArrivalBoard board;
    private final Consumer<OpenWindow> onClose;
    private final TeamContext context;
    private final long number;
    private final String name;
    private final long[] lengths;
    private final SharedPart data;
    private final SharedPart lockWords;
    private final Target[] none;
    private final TargetLock[] locks;
    private final LockAccess[] lockAccesses;
    private final LockAllAccess lockAll;
    private final FenceEpoch fence;
    private final LocalView view;
    private final IntConsumer onGone = this::targetGone;

    private Mode mode = Mode.IDLE;

    /// A window whose parts all ranks have attached.
    ///
    /// @param team      the team that opens it
    /// @param context   the team's job
    /// @param board     the team's synchronisation
    /// @param number    its number in the team, the same on all ranks
    /// @param name      what diagnostics call it
    /// @param lengths   the size of each rank's part
    /// @param data      the parts
    /// @param lockWords the parts' locks
    /// @param onClose   told when it has closed
    OpenWindow(
            Team team,
            TeamContext context,
            ArrivalBoard board,
            long number,
            String name,
            long[] lengths,
            SharedPart data,
            SharedPart lockWords,
            Consumer<OpenWindow> onClose) {
        this.team = team;
        this.context = context;
        this.board = board;
        this.onClose = onClose;
        this.number = number;
        this.name = name;
        this.lengths = lengths;
        this.data = data;
        this.lockWords = lockWords;
        none = new Target[lengths.length];
        Arrays.fill(none, Target.NONE);
        locks = new TargetLock[lengths.length];
        for (int target = 0; target < locks.length; target++) {
            locks[target] = new TargetLock(
                    target,
                    context.rank(),
                    context.size(),
                    name,
                    lockWords.targets()[target],
                    context.membership(),
                    context.waiter());
        }
        lockAccesses = new LockAccess[lengths.length];
        lockAll = new LockAllAccess(this, locks);
        fence = new FenceEpoch(this);
        view = new LocalView(name, data.memory().segment().asSlice(0, lengths[context.rank()]), locks[context.rank()]);
        context.membership().listen(onGone);
    }

    private void targetGone(int rank) {
        if (rank != context.rank()) {
            data.targets()[rank].limit = -1;
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Team team() {
        return team;
    }

    @Override
    public long length(int rank) {
        if (rank < 0 || rank >= lengths.length) {
            throw noSuchRank(rank);
        }
        return lengths[rank];
    }

    @Override
    public boolean isOpen() {
        return mode != Mode.CLOSED;
    }

    Target[] noTargets() {
        return none;
    }

    Target[] allTargets() {
        return data.targets();
    }

    Target target(int rank) {
        return data.targets()[rank];
    }

    @Override
    public MemorySegment local() {
        if (!view.isHeld()) {
            requireIdle("take the local view of");
            requireNoLock("take the local view of");
        }
        return view.take();
    }

    @Override
    public void expose() {
        requireOpen();
        view.end();
    }

    @Override
    public Epoch fence() {
        requireIdle("begin a fence epoch of");
        requireNoLock("begin a fence epoch of");
        view.end();
        sync(CollectiveKind.FENCE_OPEN);
        mode = Mode.FENCE;
        fence.begin(allTargets());
        return fence;
    }

    void sync(CollectiveKind kind) {
        board.sync(kind, number);
    }

    void endFence() {
        fence.end();
        mode = Mode.IDLE;
    }

    @Override
    public Access lock(int target, LockKind kind) {
        if (target < 0 || target >= lockAccesses.length) {
            throw noSuchRank(target);
        }
        if (mode != Mode.IDLE) {
            requireIdle("lock a part of");
        }
        LockAccess access = lockAccesses[target];
        if (access == null) {
            access = new LockAccess(this, target, locks[target]);
            lockAccesses[target] = access;
        }
        if (access.isOpen()) {
            throw new IllegalStateException("rank " + context.rank() + " holds the " + access.describe() + " already");
        }
        if (data.targets()[target].limit < 0) {
            throw gone(target);
        }
        view.end();
        access.lock(Objects.requireNonNull(kind, "kind"));
        return access;
    }

    @Override
    public Access lockAll() {
        requireIdle("lock all parts of");
        requireNoLock("lock all parts of");
        for (int rank = 0; rank < lengths.length; rank++) {
            if (data.targets()[rank].limit < 0) {
                throw gone(rank);
            }
        }
        view.end();
        lockAll.lock();
        mode = Mode.LOCK_ALL;
        return lockAll;
    }

    void endLockAll() {
        mode = Mode.IDLE;
    }

    @Override
    public void close() {
        if (mode == Mode.CLOSED) {
            return;
        }
        view.end();
        endLocks();
        boolean together = false;
        try {
            if (!board.isBroken()) {
                sync(CollectiveKind.CLOSE_WINDOW);
                together = true;
            }
        } catch (PeerFailedException e) {
            // Nothing is lost: every epoch of this rank is over, and who is gone need not be waited for.
            LOG.log(Level.DEBUG, "a window closes without a rank that failed", e);
        } finally {
            shut();
            if (together) {
                free();
                onClose.accept(this);
            }
        }
    }

    /// Gives back what this rank still holds, so that peers which wait for it come to their own close.
    private void endLocks() {
        lockAll.close();
        for (LockAccess access : lockAccesses) {
            if (access != null) {
                access.close();
            }
        }
    }

    private void shut() {
        mode = Mode.CLOSED;
        context.membership().forget(onGone);
        fence.end();
        lockAll.end();
        for (LockAccess access : lockAccesses) {
            if (access != null) {
                access.end();
            }
        }
    }

    private void free() {
        boolean lost = view.isLost();
        lockWords.close();
        if (lost) {
            // Unmapped memory under a living view would end the process at a touch.
            LOG.log(
                    Level.WARNING,
                    "the memory of window \"{0}\" stays until this process ends: a thread still holds its local view",
                    name);
        } else {
            data.close();
        }
    }

    /// Frees everything that is this rank's, without the others: the job ends. A window that was closed without agreement is freed only here, since
    /// ranks of this process may have been reaching for it.
    public void release() {
        if (mode != Mode.CLOSED) {
            shut();
        }
        free();
    }

    private void requireOpen() {
        if (mode == Mode.CLOSED) {
            throw new IllegalStateException("window \"" + name + "\" is closed");
        }
    }

    private void requireIdle(String what) {
        requireOpen();
        if (mode != Mode.IDLE) {
            WindowAccess epoch = mode == Mode.FENCE ? fence : lockAll;
            throw new IllegalStateException("rank " + context.rank() + " cannot " + what + " window \"" + name
                    + "\" while it is in the " + epoch.describe());
        }
    }

    private void requireNoLock(String what) {
        for (LockAccess access : lockAccesses) {
            if (access != null && access.isOpen()) {
                throw new IllegalStateException("rank " + context.rank() + " cannot " + what + " window \"" + name
                        + "\" while it holds the " + access.describe());
            }
        }
    }

    IndexOutOfBoundsException noSuchRank(int rank) {
        return new IndexOutOfBoundsException(
                "rank " + rank + " is not in the team of window \"" + name + "\", which has " + lengths.length);
    }

    IllegalStateException closed(WindowAccess access) {
        return new IllegalStateException(
                mode == Mode.CLOSED ? "window \"" + name + "\" is closed" : "the " + access.describe() + " has ended");
    }

    private RuntimeException gone(int rank) {
        return context.membership()
                .failure(rank, "rank " + context.rank() + " reaches for its part of window \"" + name + '"');
    }

    /// Why an access does not reach a range.
    RuntimeException refusal(WindowAccess access, Target target, int rank, long offset, long length) {
        if (!access.isOpen()) {
            return closed(access);
        }
        if (target == Target.NONE) {
            return new IllegalStateException("rank " + rank + " is not covered by the " + access.describe());
        }
        if (target.limit < 0) {
            return gone(rank);
        }
        return new IndexOutOfBoundsException(length + " bytes at offset " + offset + " leave rank " + rank
                + "'s part of window \"" + name + "\", which has " + lengths[rank]);
    }
}
