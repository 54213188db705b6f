package org.porthole.internal.window;

import static org.porthole.internal.window.WindowDescriptor.HOLDER;
import static org.porthole.internal.window.WindowDescriptor.SLEEPERS;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.porthole.Operator;
import org.porthole.PeerFailedException;
import org.porthole.internal.progress.Membership;
import org.porthole.internal.progress.Waiter;
import org.porthole.internal.route.Target;
import org.porthole.spi.Awaited;

/// This rank's side of the lock on one rank's part of a window. The target takes no part.
///
/// An exclusive locker exchanges its rank into the holder word, then waits until no sharer is left; a sharer marks its own word, then looks at the
/// holder word, and steps back if it is taken. Each writes before it looks, so that one of the two sees the other; an exclusive locker that
/// waits keeps new sharers out.
///
/// Who finds that a rank has died with the lock marks that rank's word for good before he frees the lock, so that the others who waited for it know why it
/// is free, also if they have not heard of the death yet.
///
/// **Threads.** One of the rank at a time.
final class TargetLock implements Awaited {
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    /// How long to wait between two looks at words that only an endpoint reaches.
    private static final long REMOTE_LOOK_NS = 20_000;
    /// How long to wait for news of a death that another rank has found already.
    private static final long NEWS_NS = TimeUnit.SECONDS.toNanos(1);

    // What is in a sharer's word, if it is not 0.
    private static final int SHARES = 1;
    private static final int DIED = 2;

    private enum Phase {
        TAKING_HOLDER,
        AWAITING_SHARERS,
        SHARING,
        /// It has stepped back, and waits to hear how the awaited rank died.
        HEARING
    }

    private final int target;
    private final int me;
    private final int size;
    private final String windowName;
    private final Target words;
    private final MemorySegment segment;
    private final Membership membership;
    private final Waiter waiter;

    private Phase phase = Phase.TAKING_HOLDER;
    private int awaitedRank = -1;
    private long hearingSinceNs;
    /// What was found in words that only an endpoint reaches: each sharer's, and the holder's. All of them are asked for at once.
    private MemorySegment[] found;

    TargetLock(int target, int rank, int size, String windowName, Target words, Membership membership, Waiter waiter) {
        this.target = target;
        this.me = rank + 1;
        this.size = size;
        this.windowName = windowName;
        this.words = words;
        this.segment = words.segment;
        this.membership = membership;
        this.waiter = waiter;
    }

    /// Takes the exclusive lock.
    void lockExclusive() {
        if (segment != null && (int) INT.compareAndExchange(segment, HOLDER, 0, me) == 0 && firstSharer() < 0) {
            return;
        }
        lockExclusiveSlowly();
    }

    private void lockExclusiveSlowly() {
        awaitedRank = -1;
        // The fast path may have taken the holder word and met a sharer.
        phase = segment != null && (int) INT.getVolatile(segment, HOLDER) == me
                ? Phase.AWAITING_SHARERS
                : Phase.TAKING_HOLDER;
        awaitOrStepBack();
    }

    /// Takes the shared lock.
    void lockShared() {
        awaitedRank = -1;
        phase = Phase.SHARING;
        if (!share()) {
            awaitOrStepBack();
        }
    }

    private void awaitOrStepBack() {
        try {
            waiter.await(this);
        } catch (RuntimeException e) {
            if (phase == Phase.AWAITING_SHARERS) {
                unlockExclusive();
            }
            throw e;
        }
        if (awaitedRank >= 0 && (membership.isGone(awaitedRank) || hasDied(awaitedRank))) {
            String what = describe();
            if (phase == Phase.SHARING) {
                unlockShared();
            } else {
                unlockExclusive();
            }
            hear();
            throw died(what);
        }
    }

    /// Waits to hear how the awaited rank died. What is never heard, since nothing connects this rank with that one, is known from the other's mark.
    private void hear() {
        phase = Phase.HEARING;
        hearingSinceNs = System.nanoTime();
        waiter.await(this);
        membership.peerGone(awaitedRank, "another rank has found it dead");
    }

    private PeerFailedException died(String what) {
        return membership.failure(awaitedRank, "it held the lock that " + what + "; the lock is free again");
    }

    /// Whether another has found that a rank died with the lock. Over a network, as it was when the lock was taken.
    private boolean hasDied(int rank) {
        long word = WindowDescriptor.sharer(rank);
        return (segment != null ? (int) INT.getVolatile(segment, word) : value(found[rank])) == DIED;
    }

    /// Gives the exclusive lock back, after everything put before.
    void unlockExclusive() {
        unlock(HOLDER);
    }

    private void unlock(long word) {
        if (segment == null) {
            words.signal(word, 0);
        } else {
            INT.setRelease(segment, word, 0);
            words.wake(word, SLEEPERS);
        }
    }

    /// Gives the shared lock back, after everything put before.
    void unlockShared() {
        unlock(WindowDescriptor.sharer(me - 1));
    }

    @Override
    public boolean isReady() {
        return switch (phase) {
            case SHARING -> isFree() && share();
            case TAKING_HOLDER -> takeHolder() && noSharer();
            case AWAITING_SHARERS -> {
                if (segment == null) {
                    askForSharers();
                }
                yield noSharer();
            }
            case HEARING -> membership.isGone(awaitedRank) || System.nanoTime() - hearingSinceNs > NEWS_NS;
        };
    }

    /// Looked at before another attempt to share: over a network, attempts that are bound to fail would keep the holder from ever seeing no sharer.
    private boolean isFree() {
        int holder = segment != null
                ? (int) INT.getVolatile(segment, HOLDER)
                : words.fetchAndOpInt(HOLDER, Operator.NO_OP, 0);
        if (holder != 0) {
            awaitedRank = holder - 1;
        }
        return holder == 0;
    }

    private boolean share() {
        long word = WindowDescriptor.sharer(me - 1);
        int holder;
        if (segment == null) {
            MemorySegment[] results = found();
            words.startFetchAndOpInt(word, Operator.REPLACE, SHARES, results[me - 1]);
            words.fence();
            words.startFetchAndOpInt(HOLDER, Operator.NO_OP, 0, results[size]);
            if (awaitedRank >= 0) {
                words.fence(); // whoever marks a dead rank does so before he frees the lock
                words.startFetchAndOpInt(WindowDescriptor.sharer(awaitedRank), Operator.NO_OP, 0, results[awaitedRank]);
            }
            try {
                words.flush();
            } catch (RuntimeException e) {
                unlockShared(); // behind the mark, which is on its way
                throw e;
            }
            holder = value(results[size]);
        } else {
            INT.setVolatile(segment, word, SHARES);
            holder = (int) INT.getVolatile(segment, HOLDER);
        }
        if (holder == 0) {
            return true;
        }
        unlockShared();
        awaitedRank = holder - 1;
        return false;
    }

    private MemorySegment[] found() {
        if (found == null) {
            MemorySegment all = Arena.ofAuto().allocate((size + 1L) * Long.BYTES, Long.BYTES);
            found = new MemorySegment[size + 1];
            for (int i = 0; i <= size; i++) {
                found[i] = all.asSlice((long) i * Long.BYTES, Long.BYTES);
            }
        }
        return found;
    }

    private static int value(MemorySegment result) {
        return (int) result.get(ValueLayout.JAVA_LONG, 0);
    }

    private boolean takeHolder() {
        int holder;
        if (segment == null) {
            words.startCompareAndExchangeInt(HOLDER, 0, me, found()[size]);
            words.fence();
            try {
                askForSharers();
            } catch (RuntimeException e) {
                // The word may be this rank's by then. Nothing can be waited for; a signal takes along what was started
                // before it.
                words.startCompareAndExchangeInt(HOLDER, me, 0, found[size]);
                unlockShared();
                throw e;
            }
            holder = value(found[size]);
        } else {
            holder = words.compareAndExchangeInt(HOLDER, 0, me);
        }
        if (holder == 0) {
            phase = Phase.AWAITING_SHARERS;
            return true;
        }
        awaitedRank = holder - 1;
        return false;
    }

    /// Waits for what was started before too.
    private void askForSharers() {
        for (int rank = 0; rank < size; rank++) {
            words.startFetchAndOpInt(WindowDescriptor.sharer(rank), Operator.NO_OP, 0, found[rank]);
        }
        words.flush();
    }

    private boolean noSharer() {
        int sharer = firstSharer();
        if (sharer >= 0) {
            awaitedRank = sharer;
        }
        return sharer < 0;
    }

    private int firstSharer() {
        for (int rank = 0; rank < size; rank++) {
            int sharing = segment != null
                    ? (int) INT.getVolatile(segment, WindowDescriptor.sharer(rank))
                    : value(found[rank]);
            if (sharing == SHARES) {
                return rank;
            }
        }
        return -1;
    }

    @Override
    public void park(long timeoutNs) {
        if (segment == null || phase == Phase.HEARING) {
            LockSupport.parkNanos(Math.min(REMOTE_LOOK_NS, timeoutNs));
            return;
        }
        INT.getAndAdd(segment, SLEEPERS, 1);
        try {
            if (phase == Phase.AWAITING_SHARERS) {
                words.memory.park(WindowDescriptor.sharer(awaitedRank), SHARES, timeoutNs);
            } else {
                int holder = (int) INT.getVolatile(segment, HOLDER);
                if (holder != 0) {
                    words.memory.park(HOLDER, holder, timeoutNs);
                }
            }
        } finally {
            INT.getAndAdd(segment, SLEEPERS, -1);
        }
    }

    @Override
    public void checkPeers() {
        if (membership.isGone(target)) {
            throw membership.failure(target, describe());
        }
        if (phase != Phase.HEARING && awaitedRank >= 0 && membership.isGone(awaitedRank)) {
            repair();
            throw died(describe());
        }
    }

    /// Undoes what the dead rank left, unless another survivor has.
    private void repair() {
        int ignored = words.fetchAndOpInt(WindowDescriptor.sharer(awaitedRank), Operator.REPLACE, DIED);
        words.compareAndExchangeInt(HOLDER, awaitedRank + 1, 0);
        if (segment != null) {
            words.memory.unpark(HOLDER);
        }
    }

    @Override
    public String describe() {
        if (phase == Phase.HEARING) {
            return "rank " + (me - 1) + " waits to hear how rank " + awaitedRank + " died with the lock on rank "
                    + target + "'s part of window \"" + windowName + '"';
        }
        String what = phase == Phase.SHARING ? "the shared lock" : "the exclusive lock";
        String holder = awaitedRank < 0 ? "" : ", held by rank " + awaitedRank;
        if (awaitedRank == target) {
            holder += ", whose part it is (as a lock, as its local view, which expose() ends, or exposed to a group)";
        }
        return "rank " + (me - 1) + " waits for " + what + " on rank " + target + "'s part of window \"" + windowName
                + "\"" + holder;
    }
}
