package org.porthole.internal.collective;

import java.util.ArrayDeque;
import java.util.Deque;
import org.porthole.Request;
import org.porthole.internal.progress.Advancing;
import org.porthole.internal.progress.SpinLock;
import org.porthole.internal.progress.Waiter;

/// The collectives of a team that were started and not waited for, done one after the other in the order of starting, by whichever thread of the rank
/// waits for something or looks at one of them.
///
/// **Threads.** One starts; any advance, of which all but one turn away.
public final class RequestLane implements Advancing {
    private final ArrivalBoard board;
    private final Waiter waiter;
    private final SpinLock busy = new SpinLock();
    private final Deque<Call> queue = new ArrayDeque<>();
    private final Deque<Call> free = new ArrayDeque<>();
    private volatile int outstanding;
    private Call next;
    private boolean closing;

    /// Nothing is outstanding.
    ///
    /// @param board  the lane's synchronisation
    /// @param waiter how the job waits
    public RequestLane(ArrivalBoard board, Waiter waiter) {
        this.board = board;
        this.waiter = waiter;
    }

    /// A call to fill, which [#start(Call)] takes.
    ///
    /// @return the same until it is started
    public Call next() {
        board.requireWhole();
        if (next == null) {
            synchronized (queue) {
                next = free.isEmpty() ? new Call(waiter, this) : free.pop();
            }
        }
        return next;
    }

    /// Starts an operation, after those that were started before.
    ///
    /// @param call what [#next()] gave
    /// @return its request
    public Request start(Call call) {
        next = null;
        call.start();
        waiter.begin();
        synchronized (queue) {
            queue.add(call);
            outstanding = queue.size();
        }
        advance();
        return call;
    }

    void recycle(Call call) {
        synchronized (queue) {
            free.push(call);
        }
    }

    /// Whether an operation that was started is not complete.
    ///
    /// @return true if so, after a last look
    public boolean isOutstanding() {
        advance();
        return outstanding != 0;
    }

    @Override
    public void advance() {
        if (outstanding != 0 && busy.tryLock()) {
            try {
                advanceAll();
            } finally {
                busy.unlock();
            }
        }
    }

    private void advanceAll() {
        for (Call first = first(); first != null; first = first()) {
            RuntimeException failure = null;
            try {
                board.requireWhole();
                if (closing || !first.isWithinReach() || !first.proceed(board)) {
                    return;
                }
            } catch (RuntimeException e) {
                board.fail(e);
                failure = e;
            }
            remove(failure);
        }
    }

    private Call first() {
        synchronized (queue) {
            return queue.peek();
        }
    }

    private void remove(RuntimeException failure) {
        Call call;
        synchronized (queue) {
            call = queue.remove();
            outstanding = queue.size();
        }
        waiter.end();
        call.end(failure);
    }

    @Override
    public void checkPeers() {
        if (outstanding != 0 && busy.tryLock()) {
            try {
                if (board.isArriving()) {
                    board.checkPeers();
                }
            } catch (RuntimeException e) {
                board.fail(e);
            } finally {
                busy.unlock();
            }
            advance();
        }
    }

    /// Tells those who wait for this rank in an operation that it has not started that it closes the team instead, or the job.
    ///
    /// @param what what it does
    public void abandon(CollectiveKind what) {
        busy.lock();
        try {
            closing = true;
            board.abandon(what);
        } finally {
            busy.unlock();
        }
    }

    /// See [ArrivalBoard#leaveBehind()].
    public void leaveBehind() {
        busy.lock();
        try {
            board.leaveBehind();
        } finally {
            busy.unlock();
        }
    }

    /// Ends what is outstanding, once the board is closed; then nobody looks at control memory any more.
    public void end() {
        busy.lock();
        try {
            advanceAll();
        } finally {
            busy.unlock();
        }
    }

    String describe() {
        return board.describe();
    }
}
