package org.porthole.internal.collective;

import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CancellationException;
import org.porthole.CollectiveMismatchException;
import org.porthole.JobTimeoutException;
import org.porthole.PeerFailedException;
import org.porthole.PortholeException;
import org.porthole.internal.route.Target;

/// That a team does no collective operation any more, and why: on all its lanes at once, since its ranks no longer agree on what comes next.
///
/// A rank whose collectives end for a reason that the others cannot see (an argument that only it refuses, an interruption, its deadline) withdraws: who
/// waits for it anywhere is told. Who withdraws because another has done so says which: in whatever order the others look, all name the one that was first.
/// That a rank has died, all notice by themselves.
///
/// **Threads.** Any.
final class Breakage {
    private static final System.Logger LOG = System.getLogger(Breakage.class.getName());
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    /// The lowest bits of a rank's word say why it withdrew, those above which rank it was for.
    private static final int REASON_BITS = 2;

    private static final long OWN = 1;
    private static final long FOLLOWING = 2;
    private static final long FAILED = 3;

    private final int rank;
    private final int size;
    private final MemorySegment own;
    private final Target[] targets;
    private final boolean relaying;
    private volatile RuntimeException cause;

    /// @param relaying whether a rank may have no way of its own to notice that another has died
    Breakage(int rank, MemorySegment own, Target[] targets, boolean relaying) {
        this.rank = rank;
        this.size = targets.length;
        this.own = own;
        this.targets = targets;
        this.relaying = relaying;
    }

    boolean isBroken() {
        return cause != null;
    }

    boolean isByDeath() {
        return cause instanceof PeerFailedException;
    }

    /// Ends all collectives of the team, unless they have ended before.
    void fail(RuntimeException why) {
        if (cause == null) {
            cause = why;
            if (!(why instanceof PeerFailedException failure)) {
                withdraw();
            } else if (relaying) {
                withdraw(word(FAILED, failure.rank()));
            }
        }
    }

    /// Ends all collectives of the team because it, or its job, is closed.
    void close(IllegalStateException why) {
        cause = why;
    }

    /// Lets those who wait for this rank know that it does not come.
    void withdraw() {
        int origin = origin();
        withdraw(origin < 0 ? word(OWN, rank) : word(FOLLOWING, origin));
    }

    private static long word(long reason, int whose) {
        return (long) whose << REASON_BITS | reason;
    }

    private static long reason(long word) {
        return word & (1 << REASON_BITS) - 1;
    }

    /// The rank that withdrew first, as far as this one knows.
    ///
    /// @return negative if none has
    private int origin() {
        for (int peer = 0; peer < size; peer++) {
            int origin = peer == rank ? -1 : origin(peer);
            if (origin >= 0) {
                return origin;
            }
        }
        return -1;
    }

    /// For which rank of the team a rank has withdrawn: itself, or one that did so before.
    ///
    /// @return negative if it was for a death, or if it has not withdrawn
    int origin(int peer) {
        long word = withdrawal(peer);
        long reason = reason(word);
        return reason == OWN || reason == FOLLOWING ? (int) (word >>> REASON_BITS) : -1;
    }

    private void withdraw(long how) {
        long word = TeamDescriptor.withdrawal(size, rank);
        LONG.setRelease(own, word, how);
        for (Target target : targets) {
            if (target.segment == null) {
                try {
                    target.signal(word, how);
                } catch (PortholeException | CancellationException e) {
                    LOG.log(Level.DEBUG, "a rank is not told that this one withdraws", e);
                }
            }
        }
    }

    boolean hasWithdrawn(int peer) {
        return withdrawal(peer) != 0;
    }

    /// Whose death a rank has withdrawn for.
    ///
    /// @return that rank's number in the job; negative if it was for another reason
    int failed(int peer) {
        long word = withdrawal(peer);
        return reason(word) == FAILED ? (int) (word >>> REASON_BITS) : -1;
    }

    private long withdrawal(int peer) {
        MemorySegment segment = targets[peer].segment == null ? own : targets[peer].segment;
        return (long) LONG.getAcquire(segment, TeamDescriptor.withdrawal(size, peer));
    }

    /// Refuses what would touch control memory after a failure, or after the job has closed.
    ///
    /// @throws RuntimeException of the kind that the failure was
    void requireWhole() {
        if (cause != null) {
            throw repeated();
        }
    }

    private RuntimeException repeated() {
        String text = "no collective operation is possible since an earlier one failed: " + cause.getMessage();
        return switch (cause) {
            case PeerFailedException e -> new PeerFailedException(e.rank(), text, e);
            case CollectiveMismatchException e -> new CollectiveMismatchException(text, e);
            case JobTimeoutException e -> new JobTimeoutException(text, e);
            case IllegalStateException e -> new IllegalStateException(e.getMessage(), e);
            default -> new IllegalStateException(text, cause);
        };
    }
}
