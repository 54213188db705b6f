package org.porthole.internal.window;

import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.porthole.Access;
import org.porthole.Epoch;
import org.porthole.Exposure;
import org.porthole.ExposurePolicy;
import org.porthole.ExposureSpec;
import org.porthole.Grant;
import org.porthole.Lease;
import org.porthole.LockKind;
import org.porthole.PeerFailedException;
import org.porthole.Right;
import org.porthole.Team;
import org.porthole.Window;
import org.porthole.WindowRight;
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
    private final Parts parts;
    private final Leasing leasing;
    private final SharedPart control;
    private final Target[] none;
    private final Locks locks;
    private final FenceEpoch fence;
    private final Groups groups;
    private final boolean adapterOnly;
    private final boolean keyed;
    private final Turn[] turns;
    private final WindowNotifications notifications;
    private final EndpointRequests requests;
    private final Attachments attachments;
    private final Occupation occupation;
    private final SlowReach slow;
    private final OwnPart own;

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
    /// @param sides      the parts; twice if they are staged
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
            SharedPart[] sides,
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
        this.control = control;
        keyed = spec.keysPerExposure();
        parts = new Parts(name, context, descriptor, lengths, keyed, sides, control);
        leasing = new Leasing(this, context, descriptor, parts, control, this::arrivingAtomics);
        none = new Target[lengths.length];
        Arrays.fill(none, Target.NONE);
        turns = spec.bulkAtomics() ? Turn.all(control.targets(), name, context) : null;
        adapterOnly = spec.adapterAtomics();
        locks = new Locks(this, context, control.targets());
        notifications = new WindowNotifications(
                name, spec.notifications(), descriptor, context, control.memory(), control.targets());
        requests = new EndpointRequests(context, name);
        attachments = spec.isDynamic()
                ? new Attachments(name, descriptor, context, control.targets(), this::arrivingAtomics)
                : null;
        fence = new FenceEpoch(this);
        own = new OwnPart(spec, parts, context.rank(), lengths[context.rank()], locks.of(context.rank()));
        GroupSync sync = new GroupSync(name, descriptor, context, control.memory(), control.targets());
        PermitKeys keys = keyed ? new PermitKeys(parts, this::arrivingAtomics, false) : null;
        groups = new Groups(this, sync, locks.of(context.rank()), own, keys);
        occupation = new Occupation(fence, groups, locks, leasing);
        slow = new SlowReach(this, context, lengths, attachments);
        context.membership().listen(onGone);
    }

    boolean isAdapterOnly() {
        return adapterOnly;
    }

    /// Whether this rank has no key of the parts but those of exposures.
    boolean isKeyed() {
        return keyed;
    }

    private TargetAtomics arrivingAtomics(Memory memory) {
        if (parts.isByAdapter()) {
            return TargetAtomics.BY_ADAPTER;
        }
        return turns == null ? TargetAtomics.of(memory) : new TurnAtomics(memory, turns[context.rank()]);
    }

    /// Whether a rank is known to be gone, even if its part has not been marked yet.
    private boolean isGone(int rank) {
        return parts.exposed()[rank].limit < 0 || context.membership().isGone(rank);
    }

    private void targetGone(int rank) {
        if (rank != context.rank()) {
            parts.lose(rank);
            leasing.lose(rank);
            groups.access().lose(rank);
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

    /// All parts, as they lay when [#refresh()] was called last.
    Target[] allTargets() {
        return parts.exposed();
    }

    /// A rank's part, as it lies now.
    Target target(int rank) {
        parts.refresh();
        return parts.exposed()[rank];
    }

    /// Takes in which memory each part lies in now.
    void refresh() {
        parts.refresh();
    }

    @Override
    public MemorySegment local() {
        return own.view(this, false);
    }

    @Override
    public MemorySegment localShared() {
        return own.view(this, true);
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
        requireNone("open", leasing.busyAsOwner());
        own.open();
    }

    @Override
    public void stage(boolean copyBack) {
        requireOpen();
        if (policy != ExposurePolicy.STAGED) {
            throw new IllegalStateException("window \"" + name + "\" cannot be staged: its policy is " + policy
                    + ", not " + ExposurePolicy.STAGED);
        }
        requireNone("stage", occupation.any());
        own.stage(copyBack);
    }

    @Override
    public Epoch fence() {
        requireKeysForAll("begin a fence epoch of");
        requireNone("begin a fence epoch of", occupation.any());
        own.open();
        sync(CollectiveKind.FENCE_OPEN);
        parts.refresh();
        fence.begin(allTargets());
        return fence;
    }

    @Override
    public Exposure post(int... origins) {
        return keyed ? post(ExposureSpec.to(origins)) : groups.post(GroupSync.EVERYTHING, origins);
    }

    @Override
    public Exposure post(ExposureSpec spec) {
        int[] origins = spec.grants().stream().mapToInt(Grant::rank).toArray();
        for (int origin : origins) {
            long ignored = length(origin);
        }
        return groups.post(permits(spec), origins);
    }

    private Permit[] permits(ExposureSpec spec) {
        return Grants.permits(spec, lengths.length, lengths[context.rank()]);
    }

    @Override
    public Lease expose(ExposureSpec spec, Duration duration) {
        long lengthNs = leasing.requireLeasable(policy, duration);
        for (Grant grant : spec.grants()) {
            long ignored = length(grant.rank());
        }
        own.hold();
        return leasing.open(permits(spec), lengthNs);
    }

    /// Gives a lease to whoever gets hold of the token: a rank of the job, in this window's team or not. Like [#expose(ExposureSpec, Duration)], but that it
    /// names nobody; up to 32 at a time.
    ///
    /// @param permit   what is allowed, in this rank's part
    /// @param duration how long, positive
    /// @return the token, whose lease is to be closed unless it ends before
    /// @throws IndexOutOfBoundsException if the permit's range leaves the part
    /// @throws IllegalStateException     as leasing to named ranks does; or 32 are given already
    public LeaseToken grant(Permit permit, Duration duration) {
        long lengthNs = leasing.requireLeasable(policy, duration);
        Objects.checkFromToIndex(permit.from(), permit.to(), lengths[context.rank()]);
        own.hold();
        return leasing.openToBearer(permit, lengthNs);
    }

    @Override
    public WindowRight grant(Set<Right> rights, long offset, long length, Duration duration) {
        Objects.checkFromIndexSize(offset, length, lengths[context.rank()]);
        leasing.requireGrantable(rights);
        return BearerRight.ofOwner(grant(Permit.of(rights, offset, offset + length), duration));
    }

    TeamContext context() {
        return context;
    }

    @Override
    public Access access(int target) {
        long ignored = length(target);
        requireNone("reach by lease into", occupation.access());
        requireAlive(target);
        return leasing.access(target);
    }

    /// What this rank is doing with the window.
    Occupation occupation() {
        return occupation;
    }

    /// The leases that this rank gives and takes.
    Leasing leasing() {
        return leasing;
    }

    @Override
    public Access start(int... targets) {
        return groups.start(targets);
    }

    @Override
    public Epoch exchange(int... neighbours) {
        return groups.exchange(neighbours);
    }

    void requireAlive(int rank) {
        if (isGone(rank)) {
            throw slow.gone(rank);
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
        return locks.lock(own, target, Objects.requireNonNull(kind, "kind"));
    }

    @Override
    public Access lockAll() {
        return locks.lockAll(own);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        own.endView();
        leasing.end();
        own.end();
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
        locks.close();
        groups.abandon();
    }

    private void shut() {
        closed = true;
        context.membership().forget(onGone);
        fence.end();
        groups.shut();
        locks.shut();
    }

    private void free() {
        leasing.free();
        boolean lost = own.isLost();
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
            parts.close();
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

    void requireOpen() {
        if (closed) {
            throw new IllegalStateException("window \"" + name + "\" is closed");
        }
    }

    void requireNone(String what, String inTheWay) {
        requireOpen();
        if (inTheWay != null) {
            throw new IllegalStateException("rank " + context.rank() + " cannot " + what + " window \"" + name
                    + "\" while it is in the " + inTheWay);
        }
    }

    /// Refuses what exposes parts to all.
    void requireKeysForAll(String what) {
        requireOpen();
        if (keyed) {
            throw new IllegalStateException(
                    "rank " + context.rank() + " cannot " + what + " window \"" + name
                            + "\", which was opened withKeysPerExposure(): it is reached after post(), by leases and by rights");
        }
    }

    IndexOutOfBoundsException noSuchRank(int rank) {
        return new IndexOutOfBoundsException(
                "rank " + rank + " is not in the team of window \"" + name + "\", which has " + lengths.length);
    }

    IllegalStateException closed(CoveredTargets access) {
        return new IllegalStateException(
                closed ? "window \"" + name + "\" is closed" : "the " + access.describe() + " has ended");
    }

    /// What the fast path does not find; see [SlowReach#find].
    Target reachSlowly(CoveredTargets access, Target target, Right right, int rank, long offset, long length) {
        return slow.find(access, target, right, rank, offset, length);
    }
}
