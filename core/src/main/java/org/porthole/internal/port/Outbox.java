package org.porthole.internal.port;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReference;

/// What a rank sends, and what it waits for in return.
///
/// **Threads.** Any.
final class Outbox {
    private final PostOffice office;
    private final int rank;
    private final CallTable calls = new CallTable();

    /// What the last wait for room was done with; a thread that finds none makes its own.
    private final AtomicReference<SendWait> spare = new AtomicReference<>();

    Outbox(PostOffice office) {
        this.office = office;
        rank = office.rank();
    }

    CallTable calls() {
        return calls;
    }

    /// Sends a message.
    ///
    /// @param deadlineNs how long to wait for room
    /// @return false if there was none
    boolean post(HeldRight right, PooledMessage message, long deadlineNs) {
        right.require();
        message.requireUsable();
        office.telling(right.rank());
        long call = 0;
        if (message.replyPort() != null) {
            call = enterCall(right.rank(), right, null, message, deadlineNs);
            if (call == 0) {
                return false;
            }
        }
        boolean sent = false;
        try {
            message.beginCargo(right.rank());
            sent = trySend(right, message, call) || (deadlineNs > 0 && awaitRoom(right, message, call, deadlineNs));
        } finally {
            if (!sent) {
                undo(message, right.rank(), call);
            }
        }
        if (sent) {
            sent(right, message, call);
        }
        return sent;
    }

    /// Sends a message whose outcome is to be stored in it.
    void start(HeldRight right, PooledMessage message) {
        message.begin(right);
        long call;
        try {
            call = enterCall(right.rank(), right, message, message, Long.MAX_VALUE);
        } catch (RuntimeException e) {
            message.unbegin();
            throw e;
        }
        boolean sent = false;
        try {
            message.beginCargo(right.rank());
            sent = trySend(right, message, call) || awaitRoom(right, message, call, Long.MAX_VALUE);
        } finally {
            if (!sent) {
                undo(message, right.rank(), call);
                message.unbegin();
            }
        }
        sent(right, message, call);
    }

    /// Sends a message as soon as there is room.
    private boolean awaitRoom(HeldRight right, PooledMessage message, long call, long deadlineNs) {
        SendWait kept = spare.getAndSet(null);
        SendWait wait = (kept == null ? new SendWait(office) : kept).forMessage(right, message, call);
        boolean sent = office.await(wait, deadlineNs);
        spare.set(wait);
        return sent;
    }

    /// An agent of a rank of this process has a message and will answer later, unless its rank ends.
    void watch(HeldRight right, PooledMessage message) {
        long call = enterCall(right.rank(), right, message, message, Long.MAX_VALUE);
        message.watchedAs(call);
        if (!message.isOut()) {
            dropCall(call, right.rank());
        } else if (isOver(right.rank())) {
            endCalls(right.rank());
        }
    }

    private boolean isOver(int owner) {
        PostOffice near = office.neighbour(owner);
        return office.isGone(owner) || near == null || near.isClosed();
    }

    private void undo(PooledMessage message, int to, long call) {
        if (!message.isBare()) {
            message.cargo().takeBack(to);
        }
        if (call != 0 && calls.claim(call, to)) {
            calls.free(call);
        }
    }

    private void sent(HeldRight right, PooledMessage message, long call) {
        right.spent();
        message.cargoSent();
        message.sentAs(call, right);
        if (call != 0 && office.isGone(right.rank())) {
            endCalls(right.rank());
        }
    }

    private long enterCall(int to, HeldRight right, PooledMessage into, PooledMessage message, long deadlineNs) {
        OpenPort replyPort = into == null ? message.replyPort() : null;
        long call = calls.enter(to, right, into, replyPort, message.replyTag());
        if (call == 0 && deadlineNs > 0) {
            CallWait wait = new CallWait(office, calls, to, right, into, replyPort, message.replyTag());
            office.await(wait, deadlineNs);
            call = wait.call();
        }
        return call;
    }

    /// Sends a message if there is room.
    boolean trySend(HeldRight right, PooledMessage message, long call) {
        right.require();
        OpenPort port = right.port();
        if (port != null) {
            return sendNear(port, right, message, call);
        }
        return office.channels().to(right.rank()).trySend(right, RecordDescriptor.DATA, call, message);
    }

    private boolean sendNear(OpenPort port, HeldRight right, PooledMessage message, long call) {
        PostOffice owner = port.office();
        if (port.isClosed() || owner.isClosed()) {
            refuse(right, true);
            right.require();
        }
        if (!port.hasRoom(rank, message.length)) {
            return false;
        }
        PooledMessage copy = owner.pool().take(message.length, false);
        if (copy == null) {
            return false;
        }
        copy.hold(port, rank, call, call == 0 ? null : office);
        copy.isMetered = false;
        if (!port.admits(right.number(), right.high(), right.low(), rank)) {
            copy.call = 0;
            copy.release();
            refuse(right, false);
            right.require();
        }
        copy.copy(message);
        owner.pending().enter(copy);
        port.deliverNear(copy);
        return true;
    }

    /// A right was refused.
    void refuse(HeldRight right, boolean ended) {
        if (ended) {
            right.holding().die(PostOffice.endedPort(right.rank()));
        } else {
            right.holding().die(right.high(), PostOffice.refusedRight(right.rank()));
        }
    }

    /// Waits until what was sent with a right is with its port.
    void flush(HeldRight right) {
        right.holding().requireAlive(right.high());
        if (right.port() == null) {
            PooledMessage outcome = new PooledMessage(office, MemorySegment.NULL, true);
            outcome.beginRequest(right.rank());
            long call = enterCall(right.rank(), right, outcome, outcome, Long.MAX_VALUE);
            sendBehind(right, RecordDescriptor.FLUSH, call);
            office.await(outcome);
            right.holding().requireAlive(right.high());
        }
    }

    private void sendBehind(HeldRight right, int kind, long call) {
        Channel channel = office.channels().to(right.rank());
        if (!channel.trySend(kind, right.holding().number(), call)) {
            office.await(new FlushWait(office, channel, right, kind, call));
        }
        if (office.isGone(right.rank())) {
            endCalls(right.rank());
        }
    }

    /// Asks a rank something of the runtime's.
    ///
    /// @param outcome where the answer is stored
    /// @return what it refers to
    long ask(int to, int kind, int number, PooledMessage content, PooledMessage outcome) {
        outcome.beginRequest(to);
        long call = enterCall(to, null, outcome, outcome, Long.MAX_VALUE);
        office.notices().tell(to, kind, number, call, content);
        if (office.isGone(to)) {
            endCalls(to);
        }
        return call;
    }

    /// Nobody waits for an outcome any more.
    ///
    /// @return false if it is here, or just coming
    boolean dropCall(long call, int to) {
        boolean dropped = calls.claim(call, to);
        if (dropped) {
            calls.free(call);
        }
        return dropped;
    }

    /// Asks for the end of a message that was sent.
    void abort(HeldRight right, long call) {
        if (right.port() != null) {
            right.port().office().pending().abort(rank, call);
        } else {
            sendBehind(right, RecordDescriptor.ABORT, call);
        }
    }

    void endCalls(int peer) {
        endCalls(peer, office.isGone(peer) ? office.goneOwner(peer) : PostOffice.endedPort(peer));
    }

    void endCalls(int peer, String cause) {
        calls.forEach(peer, call -> {
            if (calls.claim(call, peer)) {
                PooledMessage into = calls.message(call);
                OpenPort replyPort = calls.replyPort(call);
                long tag = calls.tag(call);
                calls.free(call);
                if (into != null && into.isWatched() && !into.claimEnd()) {
                    return;
                }
                if (into == null) {
                    into = office.pool().take(office.payload(), true);
                }
                into.say(cause);
                Arrivals.ended(into, replyPort, tag, peer, Status.GONE, 0);
            }
        });
    }
}
