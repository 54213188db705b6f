package org.porthole.internal.window;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.porthole.AccessRefusedException;
import org.porthole.ExposureExpiredException;
import org.porthole.ExposurePolicy;
import org.porthole.Right;
import org.porthole.internal.collective.TeamContext;
import org.porthole.internal.route.Target;
import org.porthole.spi.Memory;
import org.porthole.spi.Permit;
import org.porthole.spi.TargetAtomics;

/// What one rank of a window gives and takes by lease: its own leases, made when the first is given, and its accesses to the parts of others.
///
/// **Threads.** Any.
final class Leasing {
    private final OpenWindow window;
    private final TeamContext context;
    private final WindowDescriptor descriptor;
    private final LeaseDescriptor lines;
    private final Parts parts;
    private final SharedPart control;
    private final Function<Memory, TargetAtomics> atomics;
    /// The lease memory of each rank, as far as this one has met it.
    private final Target[] met;

    private final Set<LeaseAccess> accesses = ConcurrentHashMap.newKeySet();
    private final List<Target> attached = new ArrayList<>();
    private LongSupplier clock;
    private volatile Leases mine;

    Leasing(
            OpenWindow window,
            TeamContext context,
            WindowDescriptor descriptor,
            Parts parts,
            SharedPart control,
            Function<Memory, TargetAtomics> atomics) {
        this.window = window;
        this.context = context;
        this.descriptor = descriptor;
        this.parts = parts;
        this.control = control;
        this.atomics = atomics;
        lines = new LeaseDescriptor(context.size());
        met = new Target[context.size()];
    }

    /// Lets leases end by another clock than the system's, and only when [Leases#expireDue()] is called. Before the first one.
    void use(LongSupplier manualClock) {
        clock = manualClock;
    }

    /// Refuses to lease out what cannot be leased now.
    ///
    /// @return the duration in nanoseconds
    long requireLeasable(ExposurePolicy policy, Duration duration) {
        long lengthNs = LeasedExposure.nanos(duration);
        window.requireNone("lease out", window.occupation().butLeases());
        if (policy == ExposurePolicy.UNGUARDED) {
            throw new IllegalStateException(
                    "window \"" + window.name() + "\" cannot be leased out: its policy is " + policy
                            + ", and views that are never ended would go on to show memory that a lease may have to leave");
        }
        return lengthNs;
    }

    /// Refuses rights that nobody can be given, or not in this window.
    void requireGrantable(Set<Right> rights) {
        if (rights.isEmpty()) {
            throw new IllegalArgumentException("a right to window \"" + window.name() + "\" that allows nothing");
        }
        boolean bulk = window.turns() != null;
        if (rights.contains(Right.ATOMIC) && (bulk || window.isAdapterOnly())) {
            throw new IllegalStateException("window \"" + window.name() + "\" was opened with "
                    + (bulk ? "bulk" : "adapters'")
                    + " atomics, which only its team's ranks can take part in: leave out " + Right.ATOMIC);
        }
    }

    /// This rank's leases; null if it has never given one.
    Leases leases() {
        return mine;
    }

    LeasedExposure open(Permit[] permits, long lengthNs) {
        return made().open(permits, lengthNs, false);
    }

    /// Gives a lease to whoever gets hold of the token, in the job but not necessarily in the team.
    LeaseToken openToBearer(Permit permit, long lengthNs) {
        Leases leases = made();
        synchronized (leases) {
            int line = leases.freeBearer();
            Permit[] permits = new Permit[lines.lines()];
            permits[line] = permit;
            LeasedExposure lease = leases.open(permits, lengthNs, true);
            return new LeaseToken(
                    context.worldRank(context.rank()),
                    lines.lines() - LeaseDescriptor.BEARERS,
                    line,
                    lease.id(),
                    permit,
                    leases.part().keys(),
                    leases.keys(line),
                    lease);
        }
    }

    private synchronized Leases made() {
        if (mine == null) {
            SharedPart part = Leases.allocate(context.routes(), lines, window.name());
            Target[] own = {Target.own(part.memory(), lines.byteSize())};
            met[context.rank()] = own[0];
            KeyEntry.publish(control.memory().segment(), descriptor.leaseKeys(), part.keys());
            mine = new Leases(window.name(), context, lines, part, parts, atomics, clock);
        }
        return mine;
    }

    /// What is leased out here; null if nothing is.
    String busyAsOwner() {
        Leases leases = mine;
        return leases != null && leases.isOpen() ? leases.describe() : null;
    }

    /// What is open here by lease; null if nothing is.
    String busy() {
        String leased = busyAsOwner();
        if (leased != null) {
            return leased;
        }
        return accesses.isEmpty() ? null : "access by lease to window \"" + window.name() + '"';
    }

    LeaseAccess access(int target) {
        Target words = words(target);
        int me = context.rank();
        long[] line = line(words, me);
        if (line[0] == 0) {
            String what = "rank " + target + " has given rank " + me + " no lease of its part of window \""
                    + window.name() + '"';
            long why = line[(int) (LeaseDescriptor.WHY / Long.BYTES)];
            throw why == LeaseEnd.NONE.word()
                    ? new AccessRefusedException(what)
                    : new ExposureExpiredException(what + " any more: " + LeaseEnd.describe(why));
        }
        Permit permit = new Permit(
                (int) line[(int) (LeaseDescriptor.RIGHTS / Long.BYTES)],
                line[(int) (LeaseDescriptor.FROM / Long.BYTES)],
                line[(int) (LeaseDescriptor.TO / Long.BYTES)]);
        Target reached = window.target(target);
        Target own = null;
        if (reached.segment == null && target != me) {
            own = attach(words, target, me, (int) line[(int) (LeaseDescriptor.KEYS_LENGTH / Long.BYTES)]);
            reached = own;
        }
        LeaseHold hold = hold(target, words, line[0]);
        LeaseAccess access = new LeaseAccess(window, new GrantedAccess(window, target, permit, reached), hold, own);
        accesses.add(access);
        return access;
    }

    /// The announcing of operations on a rank's part, by the lease that there is.
    LeaseHold hold(int target) {
        Target words = words(target);
        return hold(target, words, line(words, context.rank())[0]);
    }

    private LeaseHold hold(int target, Target words, long id) {
        int me = context.rank();
        String what = "rank " + target + "'s part of window \"" + window.name() + '"';
        return new LeaseHold(what, words, lines, me, id, context.worldRank(me), context::isJobRankGone);
    }

    private synchronized Target words(int target) {
        if (met[target] == null) {
            byte[] keys = KeyEntry.read(control.targets()[target], descriptor.leaseKeys());
            if (keys == null) {
                throw new AccessRefusedException(
                        "rank " + target + " has given no lease of its part of window \"" + window.name() + '"');
            }
            met[target] = context.attach(target, ByteBuffer.wrap(keys), lines.byteSize());
            attached.add(met[target]);
        }
        return met[target];
    }

    private long[] line(Target words, int line) {
        long[] values = new long[(int) (LeaseDescriptor.LINE / Long.BYTES)];
        words.get(lines.line(line), MemorySegment.ofArray(values), 0, LeaseDescriptor.LINE);
        words.flush();
        return values;
    }

    /// Attaches what a lease names for transports that cannot map.
    private Target attach(Target words, int target, int line, int keyBytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment keys = arena.allocate(keyBytes);
            words.get(lines.keys(line), keys, 0, keyBytes);
            words.flush();
            byte[] bytes = keys.toArray(ValueLayout.JAVA_BYTE);
            return context.attach(target, ByteBuffer.wrap(bytes), window.length(target));
        } catch (org.porthole.TransportException e) {
            if (line(words, line)[0] == 0) {
                throw new ExposureExpiredException(
                        "the lease of rank " + target + "'s part of window \"" + window.name()
                                + "\" has ended meanwhile",
                        e);
            }
            throw e;
        }
    }

    void closed(LeaseAccess access) {
        accesses.remove(access);
    }

    /// A rank has gone. Any thread.
    void lose(int rank) {
        accesses.forEach(each -> each.lose(rank));
    }

    /// Ends all of it: the window closes.
    void end() {
        accesses.forEach(LeaseAccess::end);
        accesses.clear();
        Leases leases = mine;
        if (leases != null) {
            leases.close();
        }
    }

    /// After [#end()], and after the peers'.
    synchronized void free() {
        end();
        attached.forEach(Target::close);
        attached.clear();
        if (mine != null) {
            mine.free();
        }
    }
}
