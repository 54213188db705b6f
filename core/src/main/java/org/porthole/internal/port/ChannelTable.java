package org.porthole.internal.port;

import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.porthole.PeerFailedException;
import org.porthole.TransportException;
import org.porthole.internal.progress.Membership;
import org.porthole.internal.progress.SpinLock;
import org.porthole.internal.progress.Waiter;
import org.porthole.internal.route.Target;

/// The ways to and from the ranks of other processes, opened when the first message goes there, and read by one thread at a time.
///
/// **Threads.** Any.
final class ChannelTable {
    private static final System.Logger LOG = System.getLogger(ChannelTable.class.getName());
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final ThreadLocal<boolean[]> INSIDE = ThreadLocal.withInitial(() -> new boolean[1]);

    private final PostOffice office;
    private final int rank;
    private final Neighbourhood around;
    private final Membership membership;
    private final Waiter waiter;
    private final MemorySegment control;
    private final long base;
    private final AtomicReferenceArray<Channel> channels;
    private volatile Channel[] open = {};
    private volatile boolean hasRemote;
    private final SpinLock reading = new SpinLock();
    private int turn;
    private long knocks;

    /// None is open yet.
    ///
    /// @param control this rank's control memory
    ChannelTable(PostOffice office, Neighbourhood around, Membership membership, Waiter waiter, MemorySegment control) {
        this.office = office;
        this.around = around;
        this.membership = membership;
        this.waiter = waiter;
        this.control = control;
        rank = office.rank();
        base = around.bases()[rank];
        channels = new AtomicReferenceArray<>(around.ids().length);
    }

    boolean hasWork() {
        if ((long) LONG.getAcquire(control, base + OfficeDescriptor.KNOCKS) != knocks) {
            return true;
        }
        for (Channel each : open) {
            if (each.hasWork()) {
                return true;
            }
        }
        return false;
    }

    /// Brings some of what has come, unless another thread is about it.
    ///
    /// @return how much
    int read() {
        if (hasRemote && INSIDE.get()[0]) {
            return 0;
        }
        if (!reading.tryLock()) {
            office.checkInline();
            return 0;
        }
        try {
            answerKnocks();
            Channel[] all = open;
            int work = 0;
            int first = turn++;
            for (int i = 0; i < all.length; i++) {
                work += all[Math.floorMod(first + i, all.length)].read();
            }
            return work;
        } finally {
            reading.unlock();
        }
    }

    private void answerKnocks() {
        long now = (long) LONG.getAcquire(control, base + OfficeDescriptor.KNOCKS);
        if (now == knocks) {
            return;
        }
        knocks = now;
        for (int peer = 0; peer < around.ids().length; peer++) {
            boolean ready = (long) LONG.getAcquire(control, base + OfficeDescriptor.slot(peer)) != 0;
            if (ready && !around.isNear(peer) && !office.isClosed()) {
                try {
                    to(peer).meet(control, base);
                } catch (TransportException | PeerFailedException e) {
                    LOG.log(Level.WARNING, "rank " + rank + " cannot take messages from rank " + peer, e);
                }
            }
        }
    }

    /// The way to a rank that is not in this process; opened if it is not open yet.
    Channel to(int peer) {
        Channel channel = channels.getAcquire(peer);
        if (channel == null) {
            channel = openChannel(peer);
        }
        return channel;
    }

    private synchronized Channel openChannel(int peer) {
        Channel channel = channels.get(peer);
        if (channel != null) {
            return channel;
        }
        office.requireOpen();
        if (membership.isGone(peer)) {
            throw membership.failure(peer, "rank " + rank + " opens a way for messages to it");
        }
        Target theirs = around.controls()[peer];
        // Known before the first channel knocks: who waits for that must not look, and open the same channel a second
        // time.
        hasRemote |= theirs.segment == null;
        boolean nested = enter(theirs);
        try {
            channel = new Channel(office, peer, theirs, around.bases()[peer]);
        } finally {
            leave(theirs, nested);
        }
        channels.setRelease(peer, channel);
        Channel[] more = Arrays.copyOf(open, open.length + 1);
        more[open.length] = channel;
        open = more;
        waiter.deliver(office::bring, office::checkInline);
        channel.meet(control, base);
        return channel;
    }

    /// This thread goes into a transport that may wait, and then calls [PostOffice#look()] in the middle of something.
    ///
    /// @return what to give to [#leave(Target, boolean)]
    boolean enter(Target way) {
        if (way.segment != null) {
            return false;
        }
        boolean[] inside = INSIDE.get();
        boolean was = inside[0];
        inside[0] = true;
        return was;
    }

    void leave(Target way, boolean nested) {
        if (way.segment == null) {
            INSIDE.get()[0] = nested;
        }
    }

    /// Brings what a rank has sent, as far as that goes without waiting.
    void readOut(int peer) {
        Channel channel = channels.get(peer);
        if (channel != null) {
            for (int tries = 0; channel.hasWork() && tries < CallTable.SIZE; tries++) {
                read();
            }
        }
    }

    void close() {
        for (Channel each : open) {
            each.close();
        }
        open = new Channel[0];
    }
}
