package org.porthole.internal.window;

import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.porthole.Access;
import org.porthole.AccessRefusedException;
import org.porthole.Epoch;
import org.porthole.Exposure;
import org.porthole.ExposurePolicy;
import org.porthole.ExposureSpec;
import org.porthole.Grant;
import org.porthole.LockKind;
import org.porthole.PeerFailedException;
import org.porthole.Right;
import org.porthole.Team;
import org.porthole.Window;
import org.porthole.WindowSpec;
import org.porthole.internal.collective.ArrivalBoard;
import org.porthole.internal.collective.CollectiveKind;
import org.porthole.internal.collective.TeamContext;
import org.porthole.internal.route.Target;
import org.porthole.spi.Memory;
import org.porthole.spi.Permit;
import org.porthole.spi.TargetAtomics;

/// A window as one rank of its team holds it, and the state machine of its epochs.
public final class OpenWindow implements Window {
    private static final System.Logger LOG = System.getLogger(OpenWindow.class.getName());

    private final Team team;
    private final ArrivalBoard board;
    private final Consumer<OpenWindow> onClose;
    private final TeamContext context;
    private final long number;
    private final String name;
    private final ExposurePolicy policy;
    private final long[] lengths;
    private final SharedPart data;
    private final SharedPart control;
    private final Target[] none;
    private final TargetLock[] locks;
    private final LockAccess[] lockAccesses;
    private final LockAllAccess lockAll;
    private final FenceEpoch fence;
    private final GroupExposure exposure;
    private final GroupAccess groupAccess;
    private final GroupEpoch groupEpoch;
    private final boolean adapterOnly;
    private final Turn[] turns;
    private final WindowNotifications notifications;
    private final EndpointRequests requests;
    private final Attachments attachments;
    private final LocalView view;
    private final IntConsumer onGone = this::targetGone;

    private boolean closed;

    /// A window whose parts all ranks have attached.
    ///
    /// @param team      the team that opens it
    /// @param context   the team's job
    /// @param board     the team's synchronisation
    /// @param number    its number in the team, the same on all ranks
    /// @param spec       what this rank asked for, with the name that diagnostics use
    /// @param descriptor where things lie in the control memory
    /// @param lengths    the size of each rank's part
    /// @param data       the parts
    /// @param control    the parts' control memory
    /// @param onClose    told when it has closed
    OpenWindow(
            Team team,
            TeamContext context,
            ArrivalBoard board,
            long number,
            WindowSpec spec,
            WindowDescriptor descriptor,
            long[] lengths,
            SharedPart data,
            SharedPart control,
            Consumer<OpenWindow> onClose) {
        this.team = team;
        this.context = context;
        this.board = board;
        this.onClose = onClose;
        this.number = number;
        this.name = spec.name();
        this.policy = spec.policy();
        this.lengths = lengths;
        this.data = data;
        this.control = control;
        none = new Target[lengths.length];
        Arrays.fill(none, Target.NONE);
        locks = new TargetLock[lengths.length];
        for (int target = 0; target < locks.length; target++) {
            locks[target] = new TargetLock(
                    target,
                    context.rank(),
                    context.size(),
                    name,
                    control.targets()[target],
                    context.membership(),
                    context.waiter());
        }
        turns = spec.bulkAtomics() ? makeTurns() : null;
        adapterOnly = spec.adapterAtomics();
        notifications = new WindowNotifications(
                name, spec.notifications(), descriptor, context, control.memory(), control.targets());
        requests = new EndpointRequests(context, name);
        attachments = spec.isDynamic()
                ? new Attachments(name, descriptor, context, control.targets(), this::arrivingAtomics)
                : null;
        lockAccesses = new LockAccess[lengths.length];
        lockAll = new LockAllAccess(this, locks);
        fence = new FenceEpoch(this);
        GroupSync sync = new GroupSync(name, descriptor, context, control.memory(), control.targets());
        exposure = new GroupExposure(this, sync, locks[context.rank()], lengths.length);
        groupAccess = new GroupAccess(this, sync);
        groupEpoch = new GroupEpoch(this, sync, locks[context.rank()]);
        view = new LocalView(name, data.memory().segment().asSlice(0, lengths[context.rank()]), locks[context.rank()]);
        context.membership().listen(onGone);
    }

    boolean isAdapterOnly() {
        return adapterOnly;
    }

    private Turn[] makeTurns() {
        Turn[] made = new Turn[lengths.length];
        for (int target = 0; target < made.length; target++) {
            MemorySegment words = control.targets()[target].segment;
            if (words != null) {
                made[target] = new Turn(words, target, context.rank(), name, context.membership(), context.waiter());
            }
        }
        return made;
    }

    private TargetAtomics arrivingAtomics(Memory memory) {
        return turns == null ? TargetAtomics.of(memory) : new TurnAtomics(memory, turns[context.rank()]);
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
        return !closed;
    }

    @Override
    public WindowNotifications notifications() {
        return notifications;
    }

    EndpointRequests requests() {
        return requests;
    }

    /// The turns at the atomics of each rank's part; null if single elements are atomic by themselves.
    Turn[] turns() {
        return turns;
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
        if (policy == ExposurePolicy.UNGUARDED) {
            requireOpen();
            return shown(context.rank());
        }
        if (policy == ExposurePolicy.NEVER_TOUCH) {
            throw new IllegalStateException("window \"" + name + "\" has no local view: its policy is " + policy
                    + "; rank " + context.rank() + " puts and gets its own part, as target " + context.rank());
        }
        if (!view.isHeld()) {
            requireNone("take the local view of", busy());
        }
        return view.take();
    }

    @Override
    public Optional<MemorySegment> shared(int rank) {
        requireOpen();
        long length = length(rank);
        if (policy != ExposurePolicy.UNGUARDED) {
            throw new IllegalStateException("window \"" + name + "\" shares no views: its policy is " + policy
                    + ", not " + ExposurePolicy.UNGUARDED);
        }
        return target(rank).segment == null
                ? Optional.empty()
                : Optional.of(target(rank).segment.asSlice(0, length));
    }

    private MemorySegment shown(int rank) {
        return target(rank).segment.asSlice(0, lengths[rank]);
    }

    @Override
    public long attach(MemorySegment memory) {
        requireDynamic();
        return attachments.attach(WindowSpec.over(memory).memory().orElseThrow());
    }

    @Override
    public void detach(long offset) {
        requireDynamic();
        attachments.detach(offset);
    }

    private void requireDynamic() {
        requireOpen();
        if (attachments == null) {
            throw new IllegalStateException("window \"" + name
                    + "\" is not dynamic (WindowSpec.dynamic()): it has the memory that it was opened with");
        }
    }

    @Override
    public void expose() {
        requireOpen();
        view.end();
    }

    @Override
    public Epoch fence() {
        requireNone("begin a fence epoch of", busy());
        view.end();
        sync(CollectiveKind.FENCE_OPEN);
        fence.begin(allTargets());
        return fence;
    }

    @Override
    public Exposure post(int... origins) {
        requireNotExposed();
        exposure.origins().set(this, origins);
        view.end();
        exposure.post();
        return exposure;
    }

    @Override
    public Exposure post(ExposureSpec spec) {
        requireNotExposed();
        int[] origins = spec.grants().stream().mapToInt(Grant::rank).toArray();
        exposure.origins().set(this, origins);
        Permit[] permits = permits(spec);
        view.end();
        exposure.post(permits);
        return exposure;
    }

    private void requireNotExposed() {
        requireOpen();
        if (!groupAccess.isOpen()) {
            requireNone("post", busy());
        } else if (exposure.isOpen()) {
            requireNone("post", exposure.describe());
        }
    }

    /// What each rank is granted, cut to this rank's part; null for those that are not named.
    private Permit[] permits(ExposureSpec spec) {
        long size = lengths[context.rank()];
        Permit[] permits = new Permit[lengths.length];
        for (Grant grant : spec.grants()) {
            long from = Math.min(grant.offset(), size);
            permits[grant.rank()] = Permit.of(grant.rights(), from, from + Math.min(grant.length(), size - from));
        }
        return permits;
    }

    @Override
    public Access start(int... targets) {
        requireOpen();
        if (!exposure.isOpen()) {
            requireNone("start an access to", busy());
        } else if (groupAccess.isOpen()) {
            requireNone("start an access to", groupAccess.describe());
        }
        groupAccess.targets().set(this, targets);
        requireAlive(targets);
        groupAccess.start();
        return groupAccess;
    }

    @Override
    public Epoch exchange(int... neighbours) {
        requireNone("begin an exchange of", busy());
        groupEpoch.neighbours().set(this, neighbours);
        requireAlive(neighbours);
        view.end();
        groupEpoch.exchange();
        return groupEpoch;
    }

    private void requireAlive(int... ranks) {
        for (int rank : ranks) {
            if (data.targets()[rank].limit < 0) {
                throw gone(rank);
            }
        }
    }

    /// Ends the team's collectives: this rank does not come to one.
    void fail(CollectiveKind kind, RuntimeException cause) {
        board.fail(cause);
        LOG.log(Level.DEBUG, "rank " + context.rank() + " does not come to " + kind, cause);
    }

    /// Whether this rank's arrivals reach a rank only after every operation on that rank's part that was started before.
    boolean isArrivalBehind(int rank) {
        return board.isSignalled(rank);
    }

    void sync(CollectiveKind kind) {
        board.sync(kind, number);
    }

    @Override
    public Access lock(int target, LockKind kind) {
        if (target < 0 || target >= lockAccesses.length) {
            throw noSuchRank(target);
        }
        requireNone("lock a part of", busyWithoutLocks());
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
        requireNone("lock all parts of", busy());
        for (int rank = 0; rank < lengths.length; rank++) {
            if (data.targets()[rank].limit < 0) {
                throw gone(rank);
            }
        }
        view.end();
        lockAll.lock();
        return lockAll;
    }

    @Override
    public void close() {
        if (closed) {
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
        groupAccess.close();
        groupEpoch.abandon();
        exposure.abandon();
        for (LockAccess access : lockAccesses) {
            if (access != null) {
                access.close();
            }
        }
    }

    private void shut() {
        closed = true;
        context.membership().forget(onGone);
        fence.end();
        groupEpoch.end();
        groupAccess.end();
        exposure.end();
        lockAll.end();
        for (LockAccess access : lockAccesses) {
            if (access != null) {
                access.end();
            }
        }
    }

    private void free() {
        boolean lost = view.isLost();
        if (attachments != null) {
            attachments.close();
        }
        control.close();
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
        if (!closed) {
            shut();
        }
        free();
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("window \"" + name + "\" is closed");
        }
    }

    /// What this rank is doing with the window; null if nothing.
    private String busy() {
        String other = busyWithoutLocks();
        if (other != null) {
            return other;
        }
        for (LockAccess access : lockAccesses) {
            if (access != null && access.isOpen()) {
                return access.describe();
            }
        }
        return null;
    }

    private String busyWithoutLocks() {
        if (fence.isOpen()) {
            return fence.describe();
        }
        if (lockAll.isOpen()) {
            return lockAll.describe();
        }
        if (groupEpoch.isOpen()) {
            return groupEpoch.describe();
        }
        if (groupAccess.isOpen()) {
            return groupAccess.describe();
        }
        return exposure.isOpen() ? exposure.describe() : null;
    }

    private void requireNone(String what, String inTheWay) {
        requireOpen();
        if (inTheWay != null) {
            throw new IllegalStateException("rank " + context.rank() + " cannot " + what + " window \"" + name
                    + "\" while it is in the " + inTheWay);
        }
    }

    IndexOutOfBoundsException noSuchRank(int rank) {
        return new IndexOutOfBoundsException(
                "rank " + rank + " is not in the team of window \"" + name + "\", which has " + lengths.length);
    }

    IllegalStateException closed(WindowAccess access) {
        return new IllegalStateException(
                closed ? "window \"" + name + "\" is closed" : "the " + access.describe() + " has ended");
    }

    private RuntimeException gone(int rank) {
        return context.membership()
                .failure(rank, "rank " + context.rank() + " reaches for its part of window \"" + name + '"');
    }

    /// What the fast path does not find: the attached memory that a range lies in, where the window is dynamic; a range that is allowed, where not all
    /// is.
    ///
    /// @param target what the access covers, whatever is allowed there
    /// @param right  what the operation takes; null if nothing
    /// @throws RuntimeException saying why an access does not reach the range
    Target reachSlowly(WindowAccess access, Target target, Right right, int rank, long offset, long length) {
        Permit permit = access.isOpen() && right != null ? access.permit(rank) : null;
        if (permit != null && target.limit >= 0) {
            if ((offset | lengths[rank] - length - offset) < 0) {
                throw outside(rank, offset, length);
            }
            if (!permit.allows(right, offset, length)) {
                throw notGranted(permit, right, rank, offset, length);
            }
            return target;
        }
        if (attachments != null && access.isOpen() && target != Target.NONE && target.limit >= 0) {
            Target found = attachments.find(rank, offset, length);
            if (found != null) {
                return found;
            }
        }
        throw refusal(access, target, rank, offset, length);
    }

    private RuntimeException refusal(WindowAccess access, Target target, int rank, long offset, long length) {
        if (!access.isOpen()) {
            return closed(access);
        }
        if (target == Target.NONE) {
            return new IllegalStateException("rank " + rank + " is not covered by the " + access.describe());
        }
        if (target.limit < 0) {
            return gone(rank);
        }
        if (attachments != null) {
            return new IndexOutOfBoundsException(length + " bytes at offset " + offset
                    + " are not all in one memory attached to rank " + rank + "'s part of window \"" + name + '"');
        }
        return outside(rank, offset, length);
    }

    private IndexOutOfBoundsException outside(int rank, long offset, long length) {
        return new IndexOutOfBoundsException(length + " bytes at offset " + offset + " leave rank " + rank
                + "'s part of window \"" + name + "\", which has " + lengths[rank]);
    }

    private AccessRefusedException notGranted(Permit permit, Right right, int rank, long offset, long length) {
        return new AccessRefusedException("rank " + context.rank() + " may not " + right + " " + length
                + " bytes at offset " + offset + " of rank " + rank + "'s part of window \"" + name
                + "\": its exposure allows "
                + permit.describe() + " on bytes " + permit.from() + " to " + permit.to());
    }
}
