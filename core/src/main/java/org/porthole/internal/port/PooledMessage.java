package org.porthole.internal.port;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.porthole.port.Message;
import org.porthole.port.MessageKind;
import org.porthole.port.Port;
import org.porthole.spi.Awaited;

/// A message, of a program's own or of a rank's pool.
///
/// One of a program's own is idle, or out until its outcome is stored in it. One of the pool is free, or held by whoever deals with it. An inline agent of the
/// same process gets the caller's message in the shape of another one, its twin, which has the same memory until it is answered.
public final class PooledMessage extends MessageContent implements Awaited {
    private static final VarHandle STATE;
    private static final VarHandle TWIN;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(PooledMessage.class, "state", int.class);
            TWIN = lookup.findVarHandle(PooledMessage.class, "twin", PooledMessage.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final int IDLE = 0;
    private static final int OUT = 1;
    /// Its outcome is being stored, by the one who was first.
    private static final int ENDING = 2;

    private static final int ENDED = 3;
    private static final int HELD = 4;
    private static final int FREE = 5;

    private final boolean own;
    // Of the pool, and of queues.
    PooledMessage next;
    long cost;
    long queuedBytes;
    /// Whether its sender counts it until it is told that there is room again.
    boolean isMetered;

    // Of a received message.
    MessageKind kind = MessageKind.DATA;
    OpenPort port;
    int sender;
    long tag;
    /// What the outcome refers to; 0 if none is wanted, or it has been sent.
    long call;
    /// Who wants the outcome, if it is a rank of this process.
    PostOffice asker;
    /// The message whose memory this one has, as its twin.
    private PooledMessage lender;
    private volatile long aborted;

    // Of a message that was sent.
    private OpenPort replyPort;
    private long replyTag;
    private long sentCall;
    /// Its entry among those outstanding, if an agent of the same process has it.
    private volatile long watched;

    private HeldRight sentWith;
    private int sentTo;
    private int status;
    private int result;
    private Thread awaiter;
    private volatile Thread sleeper;
    private PooledMessage twin;

    @SuppressWarnings("UnusedVariable") // by STATE
    private int state;

    PooledMessage(PostOffice office, MemorySegment segment, boolean own) {
        super(office, segment);
        this.own = own;
        state = own ? IDLE : FREE;
    }

    boolean isOwn() {
        return own;
    }

    private int state() {
        return (int) STATE.getAcquire(this);
    }

    /// Whether its outcome is not here yet.
    boolean isOut() {
        int now = state();
        return now == OUT || now == ENDING;
    }

    /// Refuses what is the runtime's, or nobody's.
    @Override
    void requireUsable() {
        int now = state();
        if (now == OUT || now == ENDING || now == FREE) {
            throw new IllegalStateException(
                    now == FREE ? "the message is closed" : "the message was sent, and its outcome is not here yet");
        }
    }

    @Override
    public Message clear() {
        requireUsable();
        reset();
        return this;
    }

    private void reset() {
        length = 0;
        dropCargo();
        replyPort = null;
    }

    // The sender's side.

    @Override
    public Message replyTo(Port newPort, long newTag) {
        requireUsable();
        OpenPort to = (OpenPort) newPort;
        if (to != null) {
            office.requireOwn(to);
            to.requireQueue();
        }
        replyPort = to;
        replyTag = newTag;
        return this;
    }

    OpenPort replyPort() {
        return replyPort;
    }

    long replyTag() {
        return replyTag;
    }

    /// It is sent, and the runtime's until its outcome is here.
    void begin(HeldRight with) {
        if (!own) {
            throw new IllegalStateException("only a message that newMessage() made can be started or called with");
        }
        if (isOut()) {
            requireUsable();
        }
        office.telling(with.rank());
        dropArrived();
        sentWith = with;
        sentTo = with.rank();
        sentCall = 0;
        awaiter = null;
        STATE.setRelease(this, OUT);
    }

    /// The answer to a request of the runtime's is to be stored in it.
    void beginRequest(int to) {
        sentTo = to;
        awaiter = null;
        STATE.setRelease(this, OUT);
    }

    int endedAs() {
        return status;
    }

    int endedWith() {
        return result;
    }

    /// It was not sent after all.
    void unbegin() {
        STATE.setRelease(this, IDLE);
    }

    /// What [#tryAbort()] is about.
    void sentAs(long id, HeldRight with) {
        sentCall = id;
        sentWith = with;
    }

    /// Whoever may store the outcome of a message that an agent of the same process has, asks this first.
    ///
    /// @return false if another does, or has
    boolean claimEnd() {
        return STATE.compareAndSet(this, OUT, ENDING);
    }

    /// An agent of the same process has it, and answers later.
    void watchedAs(long id) {
        watched = id;
    }

    boolean isWatched() {
        return watched != 0;
    }

    /// Its outcome is here, and its content the reply.
    void end(int newStatus, int newResult) {
        status = newStatus;
        result = newResult;
        STATE.setRelease(this, ENDED);
        if (awaiter != Thread.currentThread()) {
            wake();
        }
    }

    private void wake() {
        VarHandle.fullFence();
        Thread virtual = sleeper;
        if (virtual != null) {
            LockSupport.unpark(virtual);
        }
        office.bell().wakeWaiters();
    }

    @Override
    public boolean isDone() {
        if (isOut()) {
            office.look();
        }
        boolean done = !isOut();
        if (done && own) {
            office.heard(sentTo);
        }
        return done;
    }

    @Override
    public int await() {
        if (isOut()) {
            awaiter = Thread.currentThread();
            office.await(this);
        } else if (state() != ENDED) {
            throw new IllegalStateException("the message was not started");
        }
        STATE.setRelease(this, IDLE);
        office.heard(sentTo);
        return Status.outcome(status, result, sentTo, this);
    }

    @Override
    public void tryAbort() {
        PooledMessage atAgent = (PooledMessage) TWIN.getAcquire(this);
        if (isOut() && atAgent != null && atAgent.lender == this) {
            atAgent.aborted = atAgent.call;
        } else if (sentCall != 0) {
            office.outbox().abort(sentWith, sentCall);
        }
    }

    @Override
    public boolean isReady() {
        if (!isOut()) {
            return true;
        }
        office.look();
        return !isOut();
    }

    @Override
    public boolean parksVirtually() {
        return true;
    }

    @Override
    public void park(long timeoutNs) {
        if (!Thread.currentThread().isVirtual()) {
            office.bell().park(this, timeoutNs);
            return;
        }
        sleeper = Thread.currentThread();
        VarHandle.fullFence();
        if (!isReady()) {
            LockSupport.parkNanos(this, timeoutNs);
        }
        sleeper = null;
    }

    @Override
    public void checkPeers() {
        office.checkInline();
    }

    @Override
    public String describe() {
        return "rank " + office.rank() + " waits for the outcome of a message to a port of rank " + sentTo;
    }

    // The receiver's side.

    /// It is whose deals with it.
    void hold(OpenPort to, int from, long id, PostOffice asking) {
        port = to;
        sender = from;
        call = id;
        asker = asking;
        kind = MessageKind.DATA;
        tag = 0;
        STATE.setRelease(this, HELD);
    }

    /// An outcome or a notification is whose receives it.
    void hold(MessageKind what, OpenPort to, int from, long newTag, int newStatus, int newResult) {
        hold(to, from, 0, null);
        kind = what;
        tag = newTag;
        status = newStatus;
        result = newResult;
    }

    /// This message as an inline agent of the same process is given it.
    PooledMessage lend(OpenPort to, int from) {
        PooledMessage lent = (PooledMessage) TWIN.getAndSet(this, null);
        if (lent == null || lent.state() != FREE) { // an agent may still have to close what it has answered
            lent = new PooledMessage(to.office(), segment, false);
        }
        lent.segment = segment;
        lent.length = length;
        lent.lender = this;
        lent.aborted = 0;
        lent.hold(to, from, -1, null);
        giveCargo(lent);
        TWIN.setRelease(this, lent);
        return lent;
    }

    @Override
    public boolean wantsReply() {
        return call != 0;
    }

    @Override
    public void reply(int code) {
        requireAnswerable();
        answer(Status.DONE, code);
    }

    @Override
    public void fail(String cause) {
        requireAnswerable();
        failed(cause);
    }

    private void requireAnswerable() {
        requireUsable();
        if (call == 0) {
            throw new IllegalStateException("the message wants no reply, or has got it");
        }
    }

    private void failed(String cause) {
        clearCargo();
        say(cause);
        answer(Status.FAILED, 0);
    }

    /// Tells the sender the outcome, if it wants to know. An outcome that comes too late, because there has been another, gives the sender nothing: neither
    /// rights nor a loan.
    void answer(int ended, int code) {
        long id = call;
        call = 0;
        if (id != 0 && (ended == Status.DONE || ended == Status.FAILED)) {
            port.office().telling(sender);
        }
        if (lender != null) {
            answerLender(ended, code);
        } else if (id != 0) {
            beginCargo(sender);
            if (port.office().notices().answer(this, id, ended, code)) {
                cargoSent();
            } else if (!isBare()) {
                cargo().takeBack(sender);
                cargo().clear();
            }
        }
    }

    private void answerLender(int ended, int code) {
        PooledMessage to = lender;
        if (!to.claimEnd()) { // this rank left, or failed, and the caller was told so
            detach();
            return;
        }
        to.segment = segment;
        to.length = length;
        giveCargo(to);
        detach();
        to.unwatch();
        to.end(ended, code);
    }

    private void unwatch() {
        long id = watched;
        if (id != 0) {
            watched = 0;
            office.outbox().dropCall(id, sentTo);
        }
    }

    /// Leaves the memory that it has as another's twin.
    private void detach() {
        segment = MemorySegment.NULL;
        length = 0;
        lender = null;
        clearCargo();
    }

    /// The same for what an agent did.
    void finish(int code) {
        if (call != 0) {
            answer(Status.DONE, code);
        }
        release();
    }

    void failBy(Throwable thrown) {
        if (call != 0) {
            failed(String.valueOf(thrown));
        }
        release();
    }

    @Override
    public boolean isAbortRequested() {
        return call != 0 && aborted == call;
    }

    void requestAbort(long id) {
        aborted = id;
    }

    @Override
    public MessageKind kind() {
        return kind;
    }

    @Override
    public Port port() {
        return port;
    }

    @Override
    public int sender() {
        return sender;
    }

    @Override
    public long tag() {
        return tag;
    }

    @Override
    public int result() {
        if (kind != MessageKind.REPLY) {
            throw new IllegalStateException("the message is no reply");
        }
        return Status.outcome(status, result, sender, this);
    }

    @Override
    public void close() {
        if (own || state() != HELD) {
            return;
        }
        if (call != 0) {
            failed("the message was closed unanswered");
        }
        release();
    }

    /// Gives it back, unanswered.
    void release() {
        if (!STATE.compareAndSet(this, HELD, FREE)) {
            return;
        }
        OpenPort of = port;
        dropCargo();
        replyPort = null;
        call = 0;
        aborted = 0;
        port = null;
        if (cost != 0) {
            if (of != null) {
                of.released(this);
            }
            office.pool().give(this);
        }
    }
}
