package org.porthole.internal.collective;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.porthole.internal.progress.Membership;
import org.porthole.internal.route.Target;
import org.porthole.spi.Awaited;

/// That every other rank has left this rank's control memory alone, or is gone, so that it can be freed.
///
/// **Threads.** One of the rank.
final class Departures implements Awaited {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    /// How long to sleep between two looks for departures, which wake nobody.
    private static final long LOOK_NS = 200_000;

    private final TeamContext context;
    private final MemorySegment own;
    private final Target[] targets;
    private final boolean relaying;
    private int next;

    /// @param relaying whether a rank that needs messages sends none once it has seen that all have arrived
    Departures(TeamContext context, MemorySegment own, Target[] targets, boolean relaying) {
        this.context = context;
        this.own = own;
        this.targets = targets;
        this.relaying = relaying;
    }

    /// Tells the others that this rank looks at their memory no more, and waits until they have told it.
    void await() {
        Membership membership = context.membership();
        for (int peer = 0; peer < targets.length; peer++) {
            if (isAwaited(peer) && !membership.isGone(peer)) {
                depart(targets[peer]);
            }
        }
        context.waiter().await(this);
    }

    private boolean isAwaited(int peer) {
        return peer != context.rank() && !(relaying && targets[peer].segment == null);
    }

    /// The store is the last look at a peer's memory, which may be freed right after it: nobody is woken.
    private void depart(Target target) {
        long offset = TeamDescriptor.departure(context.rank());
        if (target.segment == null) {
            target.signal(offset, 1);
        } else {
            LONG.setRelease(target.segment, offset, 1L);
        }
    }

    private boolean hasLeft(int peer) {
        return !isAwaited(peer)
                || (long) LONG.getAcquire(own, TeamDescriptor.departure(peer)) != 0
                || context.membership().isGone(peer);
    }

    @Override
    public boolean isReady() {
        while (next < targets.length && hasLeft(next)) {
            next++;
        }
        return next == targets.length;
    }

    @Override
    public void park(long timeoutNs) {
        LockSupport.parkNanos(Math.min(LOOK_NS, timeoutNs));
    }

    @Override
    public void checkPeers() {
        // a rank that is gone has left
    }

    @Override
    public String describe() {
        return "rank " + context.rank() + " waits in the close of " + context.describe() + " for rank " + next;
    }
}
