package org.porthole.internal.window;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.porthole.ExposureExpiredException;
import org.porthole.internal.collective.TeamContext;
import org.porthole.internal.route.Routes;
import org.porthole.spi.Memory;
import org.porthole.spi.Permit;
import org.porthole.spi.TargetAtomics;

/// The leases that this rank has given on its part of a window, and their end.
///
/// A lease ends in this order: its lines say so, so that operations which begin are refused; its keys die at the transports that carry out operations here;
/// whoever maps the memory and has announced an operation is waited for, but not longer than the bound. If one does not come back by then, it keeps the
/// memory, and the part goes on in a copy; since nobody must write to the old memory any more, all leases of the part end with it.
///
/// **Threads.** Any.
final class Leases {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final long LOOK_NS = 20_000;
    /// Never the same in one process, so that a late holder of a key or an id meets nothing of a later window.
    private static final AtomicLong IDS = new AtomicLong();

    private final String windowName;
    private final TeamContext context;
    private final LeaseDescriptor descriptor;
    private final SharedPart part;
    private final MemorySegment words;
    private final Parts parts;
    private final Function<Memory, TargetAtomics> atomics;
    private final LongSupplier clock;
    private final LeaseAgent agent;
    private final List<LeasedExposure> open = new ArrayList<>();
    /// How many are open; to be read without the monitor.
    private volatile int count;

    /// No lease yet.
    ///
    /// @param part    memory for lines and slots
    /// @param parts   what is leased
    /// @param atomics makes what carries out atomics that arrive for this rank's part
    /// @param clock   nanoseconds, monotonic; null for the system's, by which leases then end by themselves. With another, [#expireDue()] ends them
    Leases(
            String windowName,
            TeamContext context,
            LeaseDescriptor descriptor,
            SharedPart part,
            Parts parts,
            Function<Memory, TargetAtomics> atomics,
            LongSupplier clock) {
        this.windowName = windowName;
        this.context = context;
        this.descriptor = descriptor;
        this.part = part;
        this.parts = parts;
        this.atomics = atomics;
        this.clock = clock == null ? System::nanoTime : clock;
        words = part.memory().segment();
        agent = clock == null ? new LeaseAgent(this, windowName) : null;
    }

    static SharedPart allocate(Routes routes, LeaseDescriptor descriptor, String windowName) {
        return SharedPart.allocate(routes, descriptor.byteSize(), windowName + "-leases", TargetAtomics::of);
    }

    SharedPart part() {
        return part;
    }

    long nowNs() {
        return clock.getAsLong();
    }

    boolean isOpen() {
        return count > 0;
    }

    String describe() {
        return "leased exposure of rank " + context.rank() + "'s part of window \"" + windowName + '"';
    }

    /// Gives a lease.
    ///
    /// @param permits  by line; null where nothing is granted
    /// @param isBearer whether keys of every transport are wanted, for ranks that have not opened the window
    synchronized LeasedExposure open(Permit[] permits, long lengthNs, boolean isBearer) {
        for (int line = 0; line < permits.length; line++) {
            if (permits[line] != null && id(line) != 0) {
                throw new IllegalStateException("rank " + line + " has a lease of rank " + context.rank()
                        + "'s part of window \"" + windowName + "\" already: renew or close that");
            }
        }
        long id = IDS.incrementAndGet();
        int[] granted = IntStream.range(0, permits.length)
                .filter(line -> permits[line] != null)
                .toArray();
        PermitKeys keys = new PermitKeys(parts, atomics, isBearer);
        try {
            for (int line : granted) {
                grant(line, permits[line], keys);
            }
        } catch (RuntimeException e) {
            keys.close();
            throw e;
        }
        LeasedExposure lease = new LeasedExposure(this, id, granted, keys, nowNs(), lengthNs);
        open.add(lease);
        count = open.size();
        for (int line : granted) {
            LONG.setRelease(words, descriptor.line(line), id);
        }
        if (agent != null && lengthNs != LeasedExposure.FOREVER_NS) {
            agent.wake();
        }
        return lease;
    }

    private void grant(int line, Permit permit, PermitKeys all) {
        byte[] keys = all.of(permit, LeaseDescriptor.MOST_KEY_BYTES);
        long at = descriptor.line(line);
        LONG.set(words, at + LeaseDescriptor.RIGHTS, (long) permit.rights());
        LONG.set(words, at + LeaseDescriptor.FROM, permit.from());
        LONG.set(words, at + LeaseDescriptor.TO, permit.to());
        LONG.set(words, at + LeaseDescriptor.KEYS_LENGTH, (long) keys.length);
        MemorySegment.copy(keys, 0, words, ValueLayout.JAVA_BYTE, descriptor.keys(line), keys.length);
    }

    private long id(int line) {
        return (long) LONG.getVolatile(words, descriptor.line(line));
    }

    /// A line that no bearer has.
    synchronized int freeBearer() {
        for (int line = descriptor.lines() - LeaseDescriptor.BEARERS; line < descriptor.lines(); line++) {
            if (id(line) == 0) {
                return line;
            }
        }
        throw new IllegalStateException("rank " + context.rank() + " has given " + LeaseDescriptor.BEARERS
                + " rights to window \"" + windowName + "\" to bearers already: revoke one first");
    }

    byte[] keys(int line) {
        long length = (long) LONG.get(words, descriptor.line(line) + LeaseDescriptor.KEYS_LENGTH);
        return words.asSlice(descriptor.keys(line), length).toArray(ValueLayout.JAVA_BYTE);
    }

    synchronized void renew(LeasedExposure lease, long lengthNs) {
        long now = nowNs();
        if (!open.contains(lease) || lease.leftNs(now) <= 0) {
            throw new ExposureExpiredException("the " + describe() + " has ended: it cannot be renewed");
        }
        lease.last(now, lengthNs);
        if (agent != null && lengthNs != LeasedExposure.FOREVER_NS) {
            agent.wake();
        }
    }

    void await(LeasedExposure lease) {
        context.waiter().await(lease);
    }

    /// Ends every lease whose time is over.
    ///
    /// @return how long it is until the next one's is; [LeasedExposure#FOREVER_NS] if there is none
    synchronized long expireDue() {
        long now = nowNs();
        long next = LeasedExposure.FOREVER_NS;
        for (LeasedExposure lease : List.copyOf(open)) {
            long left = lease.leftNs(now);
            if (left <= 0) {
                end(lease, LeaseEnd.TIME);
            } else {
                next = Math.min(next, left);
            }
        }
        return next;
    }

    /// Ends a lease, and returns when nothing changes through it any more.
    synchronized void end(LeasedExposure lease, LeaseEnd why) {
        if (!open.contains(lease)) {
            return;
        }
        withdraw(lease, why);
        if (!haveLeft(Set.of(lease.id()))) {
            open.forEach(each -> withdraw(each, LeaseEnd.STRAGGLER));
            if (!haveLeft(open.stream().map(LeasedExposure::id).collect(Collectors.toSet())) && haveGivenUp()) {
                parts.move(atomics);
            }
            List<LeasedExposure> all = List.copyOf(open);
            open.clear();
            count = 0;
            all.forEach(LeasedExposure::end);
            return;
        }
        open.remove(lease);
        count = open.size();
        lease.end();
    }

    /// Refuses what begins from now on: all lines say so before the first key dies, since lines share keys.
    private void withdraw(LeasedExposure lease, LeaseEnd why) {
        for (int granted : lease.lines) {
            long line = descriptor.line(granted);
            if ((long) LONG.getVolatile(words, line) == lease.id()) {
                LONG.set(words, line + LeaseDescriptor.WHY, why.word());
                LONG.setVolatile(words, line, 0L);
            }
        }
        lease.keys.close();
    }

    /// Waits until no operation on some leases is under way in memory that is mapped.
    ///
    /// @return false if the bound has passed, or nobody can know
    private boolean haveLeft(Set<Long> ids) {
        if (!part.memory().fencePeers()) {
            return false;
        }
        long begin = System.nanoTime();
        while (isAnyInside(ids)) {
            if (System.nanoTime() - begin > context.leaseBoundNs()) {
                return false;
            }
            LockSupport.parkNanos(LOOK_NS);
        }
        return true;
    }

    private boolean isAnyInside(Set<Long> ids) {
        for (int slot = 0; slot < LeaseDescriptor.SLOTS; slot++) {
            if (isInside(descriptor.slot(slot), ids)) {
                return true;
            }
        }
        return false;
    }

    /// A dead process does nothing more.
    private boolean isInside(long slot, Set<Long> ids) {
        long inside = (long) LONG.getVolatile(words, slot + LeaseDescriptor.INSIDE);
        int holder = (int) INT.getVolatile(words, slot);
        return inside > 0 && ids.contains(inside) && !(holder > 0 && context.isJobRankGone(holder - 1));
    }

    /// Tells those that have not come back that they are not waited for.
    ///
    /// @return whether the memory must be left to somebody
    private boolean haveGivenUp() {
        Set<Long> ids = open.stream().map(LeasedExposure::id).collect(Collectors.toSet());
        boolean any = !part.memory().fencePeers();
        for (int i = 0; i < LeaseDescriptor.SLOTS; i++) {
            long slot = descriptor.slot(i);
            if (isInside(slot, ids)) {
                long inside = (long) LONG.getVolatile(words, slot + LeaseDescriptor.INSIDE);
                any |= inside > 0
                        && LONG.compareAndSet(words, slot + LeaseDescriptor.INSIDE, inside, LeaseDescriptor.GIVEN_UP);
            }
        }
        return any;
    }

    /// Ends all of them: the window closes.
    void close() {
        for (LeasedExposure lease : copy()) {
            end(lease, LeaseEnd.REVOKED);
        }
        if (agent != null) {
            agent.close();
        }
    }

    private synchronized List<LeasedExposure> copy() {
        return List.copyOf(open);
    }

    /// After [#close()].
    void free() {
        part.close();
    }
}
