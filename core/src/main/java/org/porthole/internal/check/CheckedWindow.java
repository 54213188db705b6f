package org.porthole.internal.check;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.porthole.Access;
import org.porthole.Epoch;
import org.porthole.Exposure;
import org.porthole.ExposurePolicy;
import org.porthole.ExposureSpec;
import org.porthole.Grant;
import org.porthole.Lease;
import org.porthole.LockKind;
import org.porthole.Notifications;
import org.porthole.Request;
import org.porthole.Right;
import org.porthole.Team;
import org.porthole.Window;
import org.porthole.WindowRight;
import org.porthole.WindowSpec;

/// A window that takes down what is done with it. Everything itself is done by the window inside.
public final class CheckedWindow implements Window {
    private final CheckedTeam team;
    private final RaceCheck check;
    private final Window inner;
    private final int number;
    private final boolean bulk;
    private final boolean guarded;
    private final int[] everybody;
    private final TargetLog[] logs;
    /// What was done by lease; null where nothing was.
    private final TargetLog[] leasedLogs;

    private final LeaseTable leases = new LeaseTable();
    private final WindowClocks clocks;
    private final CheckedEpoch fence;
    private final CheckedEpoch exchange;
    private final CheckedAccess start;
    private final CheckedAccess lockAll;
    private final CheckedAccess[] locks;
    private final CheckedExposure exposure;
    private final CheckedNotifications notifications;
    private boolean viewed;

    /// Collective.
    CheckedWindow(CheckedTeam team, Team plain, Window inner, WindowSpec spec, int number) {
        this.team = team;
        this.inner = inner;
        this.number = number;
        check = team.check();
        bulk = spec.bulkAtomics() || spec.adapterAtomics();
        guarded = spec.policy() != ExposurePolicy.UNGUARDED;
        everybody = IntStream.range(0, plain.size()).toArray();
        clocks = new WindowClocks(plain, check.clock, spec.notifications());
        logs = new TargetLog[plain.size()];
        for (int target = 0; target < logs.length; target++) {
            logs[target] = new TargetLog(check.clock, false);
        }
        leasedLogs = new TargetLog[logs.length];
        fence = new CheckedEpoch(this, CheckedAccess.Form.FENCE);
        exchange = new CheckedEpoch(this, CheckedAccess.Form.EXCHANGE);
        start = new CheckedAccess(this, CheckedAccess.Form.START);
        lockAll = new CheckedAccess(this, CheckedAccess.Form.SHARED);
        locks = new CheckedAccess[logs.length];
        exposure = new CheckedExposure(this);
        notifications = new CheckedNotifications(this, inner.notifications());
    }

    RaceCheck check() {
        return check;
    }

    WindowClocks clocks() {
        return clocks;
    }

    TargetLog log(int target) {
        return logs[target];
    }

    TargetLog leasedLog(int target) {
        if (leasedLogs[target] == null) {
            leasedLogs[target] = new TargetLog(check.clock, true);
        }
        return leasedLogs[target];
    }

    /// What was done with a part since ranks last compared, which they are about to do.
    ///
    /// @param taken gets it
    void take(int target, List<AccessSet> taken) {
        logs[target].take(taken);
        if (leasedLogs[target] != null) {
            leasedLogs[target].take(taken);
        }
    }

    /// Those of this rank's part.
    LeaseTable leases() {
        leases.look();
        return leases;
    }

    int number() {
        return number;
    }

    boolean isBulk() {
        return bulk;
    }

    boolean hasRank(int rank) {
        return rank >= 0 && rank < logs.length;
    }

    int[] everybody() {
        return everybody;
    }

    /// A fence epoch is about to end, and with it all that was started in it.
    void announceEnd() {
        synchronized (check) {
            for (TargetLog log : logs) {
                log.complete();
            }
        }
        team.announce();
    }

    void meet() {
        team.meet();
    }

    /// What was started on a rank's part comes before what that rank does from now on.
    ///
    /// @param worldRank the job's number of the rank
    void completeAt(int worldRank) {
        int target = team.rankOf(worldRank);
        if (target >= 0) {
            logs[target].complete();
            leasedLog(target).complete();
        }
    }

    Request request(Request request, Runnable onComplete) {
        return team.request(request, onComplete);
    }

    /// Ranks have compared.
    void compared() {
        leases.forgetEnded();
    }

    /// Everything that was started on a target is complete, here and there.
    ///
    /// @param all in which log
    void complete(IntFunction<TargetLog> all, int... targets) {
        for (int target : targets) {
            all.apply(target).hearWords(clocks, target);
            all.apply(target).complete();
        }
        for (int target : targets) {
            check.buffers.complete(this, target);
        }
    }

    private void endingView() {
        synchronized (check) {
            leases.look(); // what follows tells others of it
            if (viewed) {
                clocks.unlocking(inner.team().rank(), true);
            }
        }
    }

    /// Something of this rank's has begun, so that no lease of its part is open.
    private void endedView() {
        viewed = false;
        synchronized (check) {
            leases.look();
        }
    }

    @Override
    public String name() {
        return inner.name();
    }

    @Override
    public Team team() {
        return team;
    }

    @Override
    public long length(int rank) {
        return inner.length(rank);
    }

    @Override
    public MemorySegment local() {
        return taken(inner.local());
    }

    @Override
    public MemorySegment localShared() {
        return taken(inner.localShared());
    }

    private MemorySegment taken(MemorySegment view) {
        if (guarded && !viewed) {
            viewed = true;
            synchronized (check) {
                clocks.locked(inner.team().rank(), true);
            }
        }
        return view;
    }

    @Override
    public void expose() {
        endingView();
        inner.expose();
        endedView();
    }

    /// Orders what peers did to this rank's part under a lock before what they will.
    @Override
    public void stage(boolean copyBack) {
        endingView();
        inner.stage(copyBack);
        endedView();
        synchronized (check) {
            clocks.locked(inner.team().rank(), true);
            clocks.unlocking(inner.team().rank(), true);
        }
    }

    @Override
    public Lease expose(ExposureSpec spec, Duration duration) {
        endingView();
        int[] holders = spec.grants().stream().mapToInt(Grant::rank).toArray();
        long begin;
        synchronized (check) {
            begin = check.clock.tick();
            if (IntStream.of(holders).allMatch(this::hasRank)) {
                clocks.posting(holders);
            }
        }
        Lease lease = inner.expose(spec, duration);
        endedView();
        CheckedLease checked = new CheckedLease(this, lease, begin, holders);
        synchronized (check) {
            leases.add(checked);
        }
        return checked;
    }

    /// What is done by a right that travels is not taken down: nobody knows who holds it.
    @Override
    public WindowRight grant(Set<Right> rights, long offset, long length, Duration duration) {
        endingView();
        WindowRight right = inner.grant(rights, offset, length, duration);
        endedView();
        return right;
    }

    @Override
    public Access access(int target) {
        Access begun = inner.access(target);
        synchronized (check) {
            clocks.started(target);
        }
        return new CheckedAccess(this, CheckedAccess.Form.LEASE).begin(begun, target);
    }

    @Override
    public Epoch fence() {
        endingView();
        team.announce();
        Epoch begun = inner.fence();
        endedView();
        team.meet();
        return fence.begin(begun, everybody);
    }

    @Override
    public Exposure post(int... origins) {
        return post(origins, () -> inner.post(origins));
    }

    @Override
    public Exposure post(ExposureSpec spec) {
        return post(spec.grants().stream().mapToInt(Grant::rank).toArray(), () -> inner.post(spec));
    }

    private Exposure post(int[] origins, Supplier<Exposure> inside) {
        endingView();
        if (IntStream.of(origins).allMatch(this::hasRank)) {
            synchronized (check) {
                clocks.posting(origins);
            }
        }
        Exposure posted = inside.get();
        endedView();
        return exposure.begin(posted, origins.clone());
    }

    @Override
    public Access start(int... targets) {
        Access started = inner.start(targets);
        synchronized (check) {
            clocks.started(targets);
        }
        return start.begin(started, targets.clone());
    }

    @Override
    public Epoch exchange(int... neighbours) {
        endingView();
        if (IntStream.of(neighbours).allMatch(this::hasRank)) {
            synchronized (check) {
                clocks.posting(neighbours);
            }
        }
        Epoch begun = inner.exchange(neighbours);
        endedView();
        synchronized (check) {
            clocks.started(neighbours);
        }
        return exchange.begin(begun, neighbours.clone());
    }

    @Override
    public Notifications notifications() {
        return notifications;
    }

    @Override
    public Optional<MemorySegment> shared(int rank) {
        return inner.shared(rank);
    }

    @Override
    public Access lock(int target, LockKind kind) {
        endingView();
        Access locked = inner.lock(target, kind);
        endedView();
        boolean exclusive = kind == LockKind.EXCLUSIVE;
        synchronized (check) {
            clocks.locked(target, exclusive);
        }
        if (locks[target] == null) {
            locks[target] = new CheckedAccess(this, CheckedAccess.Form.SHARED);
        }
        locks[target].exclusive(exclusive);
        return locks[target].begin(locked, target);
    }

    @Override
    public Access lockAll() {
        endingView();
        Access locked = inner.lockAll();
        endedView();
        synchronized (check) {
            for (int target : everybody) {
                clocks.locked(target, false);
            }
        }
        return lockAll.begin(locked, everybody);
    }

    @Override
    public long attach(MemorySegment memory) {
        return inner.attach(memory);
    }

    @Override
    public void detach(long offset) {
        inner.detach(offset);
    }

    @Override
    public boolean isOpen() {
        return inner.isOpen();
    }

    @Override
    public void close() {
        if (!inner.isOpen()) {
            return;
        }
        synchronized (check) {
            for (int target : everybody) {
                logs[target].complete();
                if (leasedLogs[target] != null) {
                    leasedLogs[target].complete();
                }
            }
        }
        team.announce();
        inner.close();
        synchronized (check) {
            complete(this::log, everybody);
            complete(this::leasedLog, everybody);
        }
        team.closed(this);
        clocks.close();
    }
}
