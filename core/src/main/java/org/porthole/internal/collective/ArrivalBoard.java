package org.porthole.internal.collective;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.ConcurrentHashMap;
import org.porthole.CollectiveMismatchException;
import org.porthole.JobTimeoutException;
import org.porthole.PeerFailedException;
import org.porthole.internal.route.Target;
import org.porthole.spi.Awaited;
import org.porthole.spi.Memory;

/// The synchronisation that the collective operations of one lane of a team are made of: each rank stores its arrival, with what it arrives for, in its own
/// slot, and looks at the slots of the others.
///
/// A slot that the CPU reaches is read where it is, so that an arrival is one store however many ranks wait, and two ranks meet in the time of one
/// cache line's travel; to a rank that only an endpoint reaches the slot is put. Because arrivals name kind, number and argument, ranks that call
/// different things find out at once, all of them. A rank is at most one arrival ahead of any other, so that two halves per slot suffice.
///
/// In a large team arrivals go through a [Relay] instead, but for those of operations in which each rank puts something else to each. A rank that
/// waits for relayed arrivals and finds a direct one, of a rank that calls another operation or leaves, passes on what it knows directly, too: then
/// all know everything again.
///
/// **Threads.** One of the rank at a time.
@SuppressWarnings("EnumOrdinal") // ordinals travel between ranks that run the same version
public final class ArrivalBoard implements Awaited {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final CollectiveKind[] KINDS = CollectiveKind.values();
    private static final int KIND_BITS = 8;
    /// How long a rank that hears of another's end waits for evidence of its own.
    private static final long HEARSAY_NS = 100_000_000;
    private static final int KIND_MASK = (1 << KIND_BITS) - 1;

    private final TeamContext context;
    private final int rank;
    private final int size;
    private final MemorySegment own;
    private final Target[] targets;
    private final Memory[] memories;
    private final MemorySegment[] slots;
    private final boolean pushing;
    /// Null if all arrivals are direct.
    private final Relay relay;

    private final Map<Long, String> windowNames = new ConcurrentHashMap<>();

    private final Breakage breakage;
    private final int number;
    /// Where the lane begins in every rank's control memory.
    private final long lane;

    private long sequence;
    private CollectiveKind kind = CollectiveKind.BARRIER;
    private long argument;
    private int cursor;
    /// Whether this rank has arrived and not yet seen that all have: it cannot arrive for anything else.
    private boolean arriving;
    private boolean relayed;
    /// When it was first heard that a rank is gone which this rank still takes for alive; 0 if it was not.
    private long hearsayNs;

    /// Nobody has arrived yet.
    ///
    /// @param context the team's job
    /// @param memory  this rank's control memory
    /// @param targets the control memory of all ranks
    /// @param breakage whether the team's collectives have ended
    /// @param lane     the lane's number
    /// @param relaying whether arrivals are relayed
    ArrivalBoard(TeamContext context, Memory memory, Target[] targets, Breakage breakage, int lane, boolean relaying) {
        this.context = context;
        this.breakage = breakage;
        this.number = lane;
        this.lane = TeamDescriptor.lane(context.size(), lane);
        this.rank = context.rank();
        this.size = context.size();
        this.own = memory.segment();
        this.targets = targets;
        memories = new Memory[size];
        slots = new MemorySegment[size];
        boolean remote = false;
        for (int peer = 0; peer < size; peer++) {
            boolean mapped = targets[peer].memory != null;
            memories[peer] = mapped ? targets[peer].memory : memory;
            slots[peer] = memories[peer].segment();
            remote |= !mapped;
        }
        pushing = remote;
        relay = relaying ? new Relay(rank, memory, targets, TeamDescriptor.relay(size, lane)) : null;
    }

    /// Lets messages call a window by its name.
    ///
    /// @param number the window's number
    /// @param name   its name
    public void nameWindow(long number, String name) {
        windowNames.put(number, name);
    }

    /// Collective. Arrives, and waits for all.
    ///
    /// @param what    the operation
    /// @param agreed  the argument that all ranks must bring
    /// @throws CollectiveMismatchException if a rank brings another operation or argument
    /// @throws PeerFailedException         if a rank is gone
    /// @throws JobTimeoutException         if a rank does not come in time
    public void sync(CollectiveKind what, long agreed) {
        arrive(what, agreed);
        await();
    }

    boolean isRelaying() {
        return relay != null;
    }

    /// Where in [#own()] the payload of this rank's next arrival is written before it arrives.
    ///
    /// @param stride the most that any rank brings, in bytes; whole longs
    long outgoingOffset(long stride) {
        return relay == null
                ? slot(rank, sequence + 1) + TeamDescriptor.PAYLOAD
                : relay.payloads(sequence + 1) + rank * stride;
    }

    /// The memory in which the payload of rank `from` is read.
    MemorySegment payloads(int from) {
        return relay == null ? slots[from] : own;
    }

    /// Where in it the payload of that rank's last arrival is.
    ///
    /// @param stride as before it arrived
    long payloadOffset(int from, long stride) {
        return relay == null ? slot(from, sequence) + TeamDescriptor.PAYLOAD : relay.payloads(sequence) + from * stride;
    }

    private long slot(int of, long number) {
        return lane + TeamDescriptor.slot(of, number);
    }

    /// Where in every rank's control memory the contribution of a step is.
    long contribution(long step) {
        return lane + TeamDescriptor.contribution(size, step);
    }

    /// Where in every rank's control memory the inbox of a step is.
    long inbox(long step) {
        return TeamDescriptor.inbox(size, number, step);
    }

    /// This rank's own control memory.
    MemorySegment own() {
        return own;
    }

    Target target(int peer) {
        return targets[peer];
    }

    /// Arrives without waiting.
    void arrive(CollectiveKind what, long agreed) {
        begin(what, agreed, relay != null);
        finish(0, Relay.NO_CARGO, 0, Call.ALL);
    }

    /// Arrives without waiting, with a payload.
    ///
    /// @param bytes  how many this rank brings
    /// @param stride the most that any brings, in bytes; whole longs
    /// @param from   who brings something, or [Call#ALL]
    void arriveWithPayload(CollectiveKind what, long agreed, int bytes, long stride, int from) {
        begin(what, agreed, relay != null);
        finish(bytes, relay == null ? Relay.NO_CARGO : payloadOffset(Math.max(from, 0), stride), stride, from);
    }

    /// Arrives without waiting. What was put to a rank before is there when that rank has seen this arrival.
    void arriveDirectly(CollectiveKind what, long agreed) {
        begin(what, agreed, false);
        finish(0, Relay.NO_CARGO, 0, Call.ALL);
    }

    /// Arrives without waiting, and lets what ranks bring be relayed.
    ///
    /// @param cargo  where in every rank's control memory it is; what all bring, one after the other
    /// @param stride the most that any rank brings, in bytes
    /// @param from   who brings something, or [Call#ALL]
    void arriveWithCargo(CollectiveKind what, long agreed, long cargo, long stride, int from) {
        begin(what, agreed, true);
        finish(0, cargo, stride, from);
    }

    private void begin(CollectiveKind what, long agreed, boolean byRelay) {
        breakage.requireWhole();
        sequence++;
        kind = what;
        argument = agreed;
        cursor = 0;
        arriving = true;
        relayed = byRelay;
        hearsayNs = 0;
    }

    private void finish(int payloadBytes, long cargo, long stride, int from) {
        try {
            if (relayed) {
                relay.arrive(sequence, word(), argument, cargo, stride, from);
            } else {
                announce(payloadBytes);
            }
        } catch (RuntimeException e) {
            breakage.fail(e);
            throw e;
        }
    }

    private long word() {
        return sequence << KIND_BITS | kind.ordinal();
    }

    /// Waits until all have arrived for the same.
    void await() {
        try {
            context.waiter().await(this);
        } catch (RuntimeException e) {
            breakage.fail(e);
            throw e;
        }
        compare();
    }

    /// Looks once whether all have arrived for the same.
    ///
    /// @throws CollectiveMismatchException if all have arrived, but not for the same
    boolean haveAllArrived() {
        if (!isReady()) {
            return false;
        }
        compare();
        return true;
    }

    /// Whether this rank has arrived and not yet seen that all have.
    boolean isArriving() {
        return arriving;
    }

    private void announce(int payloadBytes) {
        announce(payloadBytes, null);
    }

    /// @param only to whom, if not to all
    private void announce(int payloadBytes, Relay only) {
        long slot = slot(rank, sequence);
        long arrival = word();
        LONG.set(own, slot + TeamDescriptor.ARGUMENT, argument);
        LONG.setRelease(own, slot, arrival);
        targets[rank].wake(slot, TeamDescriptor.SLEEPERS);
        if (pushing) {
            push(slot, arrival, payloadBytes, only);
        }
    }

    /// Tells the others of the arrival even if one of them is gone: they would blame this rank for what that one did.
    private void push(long slot, long arrival, int payloadBytes, Relay only) {
        PeerFailedException failure = null;
        for (int peer = 0; peer < size; peer++) {
            Target target = targets[peer];
            if (target.segment == null && (only == null || only.isTold(peer))) {
                try {
                    target.put(
                            slot + TeamDescriptor.ARGUMENT,
                            own,
                            slot + TeamDescriptor.ARGUMENT,
                            (long) Long.BYTES + payloadBytes);
                    target.signal(slot, arrival);
                } catch (PeerFailedException e) {
                    failure = e;
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private long arrival(int peer) {
        return relayed ? relay.arrival(peer) : directArrival(peer);
    }

    private long directArrival(int peer) {
        return (long) LONG.getAcquire(slots[peer], slot(peer, sequence));
    }

    private long argument(int peer) {
        return relayed
                ? relay.argument(peer)
                : (long) LONG.get(slots[peer], slot(peer, sequence) + TeamDescriptor.ARGUMENT);
    }

    /// As far as this rank has heard.
    private boolean hasArrived(int peer) {
        return arrival(peer) >>> KIND_BITS == sequence;
    }

    @Override
    public boolean isReady() {
        if (relayed) {
            return relay.advance();
        }
        while (cursor < size) {
            if (!hasArrived(cursor)) {
                return false;
            }
            cursor++;
        }
        return true;
    }

    @Override
    public void park(long timeoutNs) {
        if (relayed) {
            relay.park(timeoutNs);
            return;
        }
        MemorySegment segment = slots[cursor];
        INT.getAndAdd(segment, TeamDescriptor.SLEEPERS, 1);
        try {
            long word = arrival(cursor);
            if (word >>> KIND_BITS != sequence) {
                memories[cursor].park(slot(cursor, sequence), (int) word, timeoutNs);
            }
        } finally {
            INT.getAndAdd(segment, TeamDescriptor.SLEEPERS, -1);
        }
    }

    @Override
    public void checkPeers() {
        if (relayed) {
            joinDirectArrivals();
        }
        for (int peer = 0; peer < size; peer++) {
            // In this order: a rank may arrive, leave and end.
            if (context.membership().isGone(peer) && isMissed(peer)) {
                throw context.membership().failure(peer, describe());
            }
        }
        for (int peer = 0; peer < size; peer++) {
            if (breakage.hasWithdrawn(peer)) {
                checkWithdrawn(peer);
            }
        }
        breakage.requireWhole();
    }

    /// Whether this rank waits for a rank. What is relayed comes without it, once it has told others.
    private boolean isMissed(int peer) {
        return relayed ? relay.isNeeded(peer) : !hasArrived(peer);
    }

    /// What a rank says of another's end, this rank may find out by itself a little later, and then knows more.
    private void checkWithdrawn(int peer) {
        int failed = breakage.failed(peer);
        int origin = breakage.origin(peer);
        if (origin == rank) {
            // Its own failure is thrown, which says more.
            return;
        }
        if (failed < 0 && isMissed(peer)) {
            throw withdrawn(origin);
        }
        if (relay == null) {
            return;
        }
        if (failed >= 0 && context.membership().isGone(context.rankOf(failed))) {
            throw context.membership().failure(context.rankOf(failed), describe());
        }
        long now = System.nanoTime();
        if (hearsayNs == 0) {
            hearsayNs = now;
        } else if (now - hearsayNs > HEARSAY_NS) {
            throw failed < 0
                    ? withdrawn(origin)
                    : new PeerFailedException(
                            failed,
                            "rank " + failed + " failed, says rank " + context.worldRank(peer) + "; " + describe());
        }
    }

    private CollectiveMismatchException withdrawn(int peer) {
        return new CollectiveMismatchException("rank " + peer
                + " takes part in no collective operation any more, since one failed there or it has left; "
                + describe());
    }

    /// If a rank has arrived directly, it does not relay: from now on this rank looks for direct arrivals, its own and those that it knows of told to all.
    private void joinDirectArrivals() {
        boolean any = false;
        for (int peer = 0; peer < size; peer++) {
            any |= peer != rank && directArrival(peer) >>> KIND_BITS == sequence;
        }
        if (any) {
            relayed = false;
            announce(0);
            for (int peer = 0; peer < size; peer++) {
                if (peer != rank && hasArrived(peer)) {
                    pass(peer);
                }
            }
        }
    }

    private void pass(int arrived) {
        long slot = slot(arrived, sequence);
        long word = directArrival(arrived);
        for (Target target : targets) {
            if (target.segment == null) {
                target.put(slot + TeamDescriptor.ARGUMENT, slots[arrived], slot + TeamDescriptor.ARGUMENT, Long.BYTES);
                target.signal(slot, word);
            }
        }
    }

    @Override
    public String describe() {
        StringJoiner missing = new StringJoiner(", ");
        int count = 0;
        for (int peer = 0; peer < size; peer++) {
            if (!hasArrived(peer)) {
                missing.add(Integer.toString(peer));
                count++;
            }
        }
        return "rank " + rank + " waits in " + describe(kind, argument) + ", collective " + sequence + " of "
                + context.describe() + ", for rank" + (count == 1 ? " " : "s ") + missing;
    }

    private void compare() {
        arriving = false;
        int leaver = -1;
        for (int peer = 0; peer < size; peer++) {
            if (kind(peer) == CollectiveKind.LEAVE_BROKEN && argument(peer) >= 0) {
                leaver = peer;
            } else if (kind(peer) != kind || argument(peer) != argument) {
                throw mismatch();
            }
        }
        if (leaver >= 0) {
            throw failure(leaver);
        }
    }

    /// A rank that has left because another failed is not to blame.
    private PeerFailedException failure(int leaver) {
        int failed = context.worldRank((int) argument(leaver));
        var failure = new PeerFailedException(
                failed,
                "rank " + failed + " failed, and rank " + context.worldRank(leaver)
                        + " has left because of that; rank " + rank + " was in " + describe(kind, argument)
                        + ", collective " + sequence + " of " + context.describe());
        breakage.fail(failure);
        return failure;
    }

    private CollectiveKind kind(int peer) {
        return KINDS[(int) (arrival(peer) & KIND_MASK)];
    }

    private String describe(CollectiveKind what, long of) {
        String name = what.isOfWindow() ? windowNames.get(of) : null;
        return name == null ? what.describe(of) : what.describe(0) + " \"" + name + '"';
    }

    private CollectiveMismatchException mismatch() {
        StringJoiner calls = new StringJoiner(
                "; ",
                "the ranks called different things as collective " + sequence + " of " + context.describe() + ": ",
                "");
        for (int peer = 0; peer < size; peer++) {
            calls.add("rank " + peer + ": " + describe(kind(peer), argument(peer)));
        }
        var mismatch = new CollectiveMismatchException(calls.toString());
        breakage.fail(mismatch);
        return mismatch;
    }

    /// Arrives once more before this rank leaves, if a rank's failure kept it from arriving: those who have not noticed yet then wait for that rank,
    /// not for this.
    public void leaveBehind() {
        if (breakage.isByDeath() && !arriving) {
            announceLast(CollectiveKind.LEAVE_BROKEN);
        }
    }

    /// Arrives for the end of the team or of the job without waiting: who waits for this rank in another collective finds out at once.
    ///
    /// @param what the end
    public void abandon(CollectiveKind what) {
        if (breakage.isBroken()) {
            return;
        }
        if (arriving) {
            breakage.withdraw();
        } else {
            announceLast(what);
        }
    }

    private void announceLast(CollectiveKind what) {
        int gone = firstGone();
        sequence++;
        relayed = false;
        kind = gone < 0 ? what : CollectiveKind.LEAVE_BROKEN;
        argument = kind == CollectiveKind.LEAVE_BROKEN ? gone : 0;
        try {
            announce(0, relay);
        } catch (PeerFailedException e) {
            System.getLogger(ArrivalBoard.class.getName())
                    .log(System.Logger.Level.DEBUG, "the rank that failed is not told", e);
        }
    }

    private int firstGone() {
        for (int peer = 0; peer < size; peer++) {
            if (context.membership().isGone(peer)) {
                return peer;
            }
        }
        return -1;
    }

    /// Collective. Closes the team, and waits until no other rank looks at this rank's control memory, so that it can be freed.
    ///
    /// @throws RuntimeException as [#sync(CollectiveKind, long)]; the memory must then stay until the job ends
    public void depart() {
        sync(CollectiveKind.CLOSE_TEAM, 0);
        new Departures(context, own, targets, relay != null).await();
    }

    /// Whether a rank is told of arrivals by a signal through its endpoint, which comes after everything else that was started there.
    ///
    /// @param peer the rank
    /// @return true if so; false if it looks at this rank's memory
    public boolean isSignalled(int peer) {
        return relay == null && targets[peer].segment == null;
    }

    /// Whether a collective failed, so that the ranks no longer agree on what comes next.
    ///
    /// @return true if none can follow
    public boolean isBroken() {
        return breakage.isBroken();
    }

    /// Ends all collectives of the team: this rank failed before it could arrive.
    ///
    /// @param cause what later callers are told
    public void fail(RuntimeException cause) {
        breakage.fail(cause);
    }

    /// Ends all collectives of the team.
    ///
    /// @param cause what later callers are told
    public void close(IllegalStateException cause) {
        breakage.close(cause);
    }

    /// Refuses what would touch control memory after a failure, or after the job has closed.
    ///
    /// @throws RuntimeException of the kind that the failure was
    void requireWhole() {
        breakage.requireWhole();
    }
}
