package org.porthole.internal.collective;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.LockSupport;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.internal.progress.PendingRequest;
import org.porthole.internal.progress.Waiter;

/// One collective operation that a rank has called: what was asked for, and how far it has come; of one that does not wait, the request too. Used
/// again and again.
///
/// **Threads.** The caller fills it. Of a request, whoever advances its lane does the rest.
public final class Call extends PendingRequest {
    /// In place of a root: every rank takes.
    static final int ALL = -1;

    private static final long SLICE_NS = 50_000;

    CollectiveKind kind = CollectiveKind.BARRIER;
    long argument;
    int root;
    MemorySegment source;
    MemorySegment destination;
    DataType type;
    Operator op;
    final Layout from = new Layout();
    final Layout into = new Layout();
    /// The length of the longest piece.
    long longest;

    /// What this rank tells the others before pieces of different lengths are moved, what it expects of the root, and how they are moved then.
    long[] counts;
    long expected;
    Moves afterAgreement;

    /// How the next step is done; null before the first call.
    Moves moves;
    /// What has been done of every piece, in bytes.
    long done;
    /// Where the results of the step before are, in the areas and in the inbox.
    long results;
    long resultsInbox;

    private boolean begun;
    private boolean brought;

    private final RequestLane lane;
    private boolean free = true;
    private volatile boolean over;
    private RuntimeException failure;

    /// @param lane where it is a request; null if its caller waits
    Call(Waiter waiter, RequestLane lane) {
        super(waiter);
        this.lane = lane;
    }

    Call begin(CollectiveKind what, Moves how, long agreed) {
        kind = what;
        moves = how;
        argument = agreed;
        root = ALL;
        longest = 0;
        done = 0;
        begun = false;
        brought = false;
        return this;
    }

    Call root(int rank) {
        root = rank;
        return this;
    }

    Call move(MemorySegment source, MemorySegment destination) {
        this.source = source;
        this.destination = destination;
        return this;
    }

    Call reduce(DataType type, Operator op) {
        this.type = type;
        this.op = op;
        return this;
    }

    Call agreeFirst(long[] told, long expects, Moves then) {
        counts = told;
        expected = expects;
        afterAgreement = then;
        return this;
    }

    /// Whether steps have moved `length` bytes of every piece. There is at least one step.
    boolean isOver(long length) {
        return begun && done >= length;
    }

    void advance(long step) {
        done += step;
        begun = true;
    }

    /// Goes as far as it can without waiting.
    ///
    /// @return whether it is over
    boolean proceed(ArrivalBoard board) {
        while (true) {
            if (!brought && !moves.bring(this)) {
                return true;
            }
            brought = true;
            if (!board.haveAllArrived()) {
                return false;
            }
            brought = false;
            moves.take(this);
        }
    }

    /// Goes on to the end.
    void complete(ArrivalBoard board) {
        while (moves.bring(this)) {
            board.await();
            moves.take(this);
        }
    }

    /// Whether the current thread can reach the buffers, which may be confined to another.
    boolean isWithinReach() {
        Thread thread = Thread.currentThread();
        return (source == null || source.isAccessibleBy(thread))
                && (destination == null || destination.isAccessibleBy(thread));
    }

    void start() {
        free = false;
        over = false;
        failure = null;
    }

    /// @param why null if it is complete
    void end(RuntimeException why) {
        source = null;
        destination = null;
        counts = null;
        failure = why;
        over = true;
    }

    @Override
    public boolean isReady() {
        if (free) {
            throw new IllegalStateException("the request is over: it was found complete before");
        }
        if (!over) {
            lane.advance();
        }
        return over;
    }

    @Override
    protected void finish() {
        RuntimeException why = failure;
        failure = null;
        free = true;
        lane.recycle(this);
        if (why != null) {
            throw why;
        }
    }

    @Override
    public void park(long timeoutNs) {
        LockSupport.parkNanos(Math.min(SLICE_NS, timeoutNs));
    }

    @Override
    public void checkPeers() {
        lane.checkPeers();
    }

    @Override
    public String describe() {
        return lane.describe();
    }
}
