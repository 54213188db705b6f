package org.porthole.transport.rdma;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.porthole.transport.rdma.RdmaWire.CREDITS;
import static org.porthole.transport.rdma.RdmaWire.LONG;
import static org.porthole.transport.rdma.RdmaWire.SLOT;

import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvWC;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.SocketChannel;

/// The origin's side of a connection: writes, reads, atomics and requests out, answers in.
///
/// All work has a number, in the order in which it is posted, which is also that in which the device completes it. Most small work is not signalled:
/// the completion of later work stands for it. Payloads pass through registered memory, small writes through a place for each, long ones through a
/// ring, and stay there until they are done: what a queue pair in error has left undone is posted again on another one.
///
/// **Threads.** The methods that post by one at a time, whom the endpoint chooses; the rest by any.
@SuppressWarnings("UnusedVariable") // some fields are read by their VarHandles alone
final class RdmaOrigin extends RdmaConnection {
    /// Longest payload of one write or read through the buffer.
    static final int PIECE = 64 << 10;
    /// Longest payload of one write or read of the caller's own memory.
    static final int LONG_PIECE = 1 << 20;

    private static final int BOUNCE = 4 * PIECE;
    private static final int REQUESTS_AT = BOUNCE;
    static final int ANSWERS_AT = REQUESTS_AT + CREDITS * SLOT;
    private static final int WORDS_AT = ANSWERS_AT + CREDITS * SLOT;

    /// Most work under way.
    private static final int DEPTH = 128;
    /// So much more may be posted to learn of what is complete.
    private static final int MARKERS = 8;

    private static final int WORK = DEPTH + MARKERS;
    /// The work, and what more may be posted again: requests that have arrived and were not carried out, and one to end it.
    static final int SENDS = WORK + CREDITS + 1;

    static final long BUFFER = WORDS_AT + (long) WORK * RdmaQueue.MOST_INLINE;

    /// One in so many small pieces of work is signalled in any case.
    private static final int SELECTED = 16;

    private static final VarHandle POSTED = handle("posted", long.class);
    private static final VarHandle DONE = handle("done", long.class);
    private static final VarHandle FREED = handle("freed", long.class);
    private static final VarHandle LAST_READ = handle("lastRead", long.class);
    private static final VarHandle LAST_HELD = handle("lastHeld", long.class);
    private static final VarHandle CUT = handle("cut", boolean.class);

    private final long session;

    // By whoever posts.
    private long posted;
    /// The last work that the device was given.
    private long handed;
    /// Whether writes and reads wait for others to go with.
    private boolean gathering;

    private long signaled;
    private long bounced;
    private long lastRead;
    /// The last work that the caller's memory is held for until it is done.
    private long lastHeld;

    private boolean endsInWrite;

    // By whoever works.
    private long done;
    private long freed;
    /// The work that the queue pair has failed at, and how.
    private int failure;

    private final RdmaLedger ledger = new RdmaLedger(WORK);

    private final RdmaQuestions questions = new RdmaQuestions();

    /// Whether the queue pair is of no use any more, and another is agreed on.
    private volatile boolean cut;

    private volatile String cutCause = "";
    /// Since when nothing has been completed between one cut and the next.
    private volatile long cutSinceNs;

    private volatile boolean progressed = true;
    private volatile int cuts;
    private volatile String refused;
    private volatile String unknown;
    private final RdmaSleepers sleepers = new RdmaSleepers();

    /// @param session what the target knows the connection by
    RdmaOrigin(
            RdmaTransport transport, RdmaQueue queue, RdmaBuffer buffer, SocketChannel socket, int peer, long session)
            throws IOException {
        super(transport, queue, buffer, socket, peer);
        this.session = session;
        queue.postReceives();
        VarHandle.releaseFence();
    }

    private static VarHandle handle(String field, Class<?> type) {
        try {
            return MethodHandles.lookup().findVarHandle(RdmaOrigin.class, field, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    long session() {
        return session;
    }

    // Work, by the one who posts.

    /// The number of the last work. Any thread.
    long started() {
        return (long) POSTED.getAcquire(this);
    }

    /// The number of the last request.
    long lastRequest() {
        return questions.lastNumber();
    }

    /// Whether a write of so many bytes, or none, can be posted now.
    boolean hasRoom(int length) {
        return isInline(length) ? hasRoomInQueue() : hasRoomInRing(length);
    }

    private boolean hasRoomInQueue() {
        return posted - (long) DONE.getAcquire(this) < DEPTH && !cut;
    }

    /// Whether a read of so many bytes can be posted now.
    boolean hasRoomInRing(int length) {
        return hasRoomInQueue() && bounced + padding(length) + length - (long) FREED.getAcquire(this) <= BOUNCE;
    }

    /// Whether a request can be posted now.
    boolean hasCredit() {
        return hasRoomInQueue() && questions.hasCredit();
    }

    boolean isInline(int length) {
        return length <= queue().inline();
    }

    /// Pieces do not go around the ring's end.
    private int padding(int length) {
        int at = (int) (bounced % BOUNCE);
        return at + length > BOUNCE ? BOUNCE - at : 0;
    }

    private int take(int length) {
        bounced += padding(length);
        int at = (int) (bounced % BOUNCE);
        bounced += length;
        return at;
    }

    private long wordAt(long number) {
        return WORDS_AT + (long) ledger.slot(number) * RdmaQueue.MOST_INLINE;
    }

    /// Posts a write, for which there is room.
    void write(MemorySegment source, long offset, int length, long remote, int key, int flags) {
        long number = posted + 1;
        boolean inline = isInline(length);
        long at = inline ? wordAt(number) : take(length);
        MemorySegment.copy(source, offset, buffer.segment(), at, length);
        int all = flags | (inline ? IbvSendWR.IBV_SEND_INLINE | selected() : IbvSendWR.IBV_SEND_SIGNALED);
        ledger.enter(number, RdmaLedger.WRITE, all, at, length, bounced);
        ledger.setRemote(number, remote, key);
        post(number);
        endsInWrite = true;
    }

    /// Posts a write from where the bytes are, for which there is room in the queue.
    void write(RdmaCache.Place place, MemorySegment source, long offset, int length, long remote, int key, int flags) {
        long number = posted + 1;
        long at = source.address() + offset;
        ledger.enter(number, RdmaLedger.WRITE, flags | IbvSendWR.IBV_SEND_SIGNALED, at, length, bounced);
        ledger.setRemote(number, remote, key);
        ledger.setPlace(number, source, place);
        LAST_HELD.setRelease(this, number);
        post(number);
        endsInWrite = true;
    }

    /// Posts a read to where the bytes go, for which there is room in the queue.
    void read(RdmaCache.Place place, MemorySegment destination, long offset, int length, long remote, int key) {
        long number = posted + 1;
        long at = destination.address() + offset;
        ledger.enter(number, RdmaLedger.READ, IbvSendWR.IBV_SEND_SIGNALED, at, length, bounced);
        ledger.setRemote(number, remote, key);
        ledger.setPlace(number, destination, place);
        postFetch(number);
    }

    /// Posts a read, for which there is room.
    void read(MemorySegment destination, long offset, int length, long remote, int key) {
        long number = posted + 1;
        int at = take(length);
        ledger.enter(number, RdmaLedger.READ, IbvSendWR.IBV_SEND_SIGNALED, at, length, bounced);
        ledger.setRemote(number, remote, key);
        ledger.setDestination(number, destination, offset);
        postFetch(number);
    }

    /// Posts an atomic of the peer's adapter, for which there is room.
    ///
    /// @param kind    [RdmaLedger#ADD] or [RdmaLedger#EXCHANGE]
    /// @param operand what is added, or must be there
    void atomic(byte kind, MemorySegment result, long remote, int key, long operand, long swap) {
        long number = posted + 1;
        ledger.enter(number, kind, IbvSendWR.IBV_SEND_SIGNALED, wordAt(number), Long.BYTES, bounced);
        ledger.setRemote(number, remote, key);
        ledger.setOperands(number, operand, swap);
        ledger.setDestination(number, result, 0);
        postFetch(number);
    }

    /// What comes back goes to the caller's memory.
    private void postFetch(long number) {
        LAST_READ.setRelease(this, number);
        LAST_HELD.setRelease(this, number);
        post(number);
    }

    private int selected() {
        return signaled <= (long) DONE.getAcquire(this) || posted - signaled >= SELECTED
                ? IbvSendWR.IBV_SEND_SIGNALED
                : 0;
    }

    /// Posts what the ledger says. A device that does not take it has not lost it: it is posted again.
    private void post(long number) {
        if (ledger.isSignaled(number)) {
            signaled = number;
        }
        endsInWrite = false;
        POSTED.setRelease(this, number);
        if (!gathering || waiting() == RdmaChain.MOST || !ledger.isMove(number)) {
            hand();
        }
    }

    /// Gives the device what waits for more to go with.
    private void hand() {
        try {
            while (handed < posted) {
                handed += ledger.post(queue(), handed + 1, posted);
            }
        } catch (IOException e) {
            handed = posted;
            cut(e.getMessage());
        }
    }

    /// How many writes and reads wait for others to go with.
    long waiting() {
        return posted - handed;
    }

    /// Many writes or reads follow, which may wait for each other. They do not while whoever posts them waits for anything.
    void gather() {
        gathering = true;
    }

    /// No more follow.
    void gathered() {
        gathering = false;
        hand();
    }

    /// Begins a request, for which there is credit.
    ///
    /// @return where in the connection's buffer its payload goes
    long begin(byte kind, int type, int operator, long key, long offset, int length) {
        long at = REQUESTS_AT + (long) RdmaQuestions.slot(questions.sent()) * SLOT;
        MemorySegment bytes = buffer.segment();
        bytes.set(LONG, at, 0);
        bytes.set(JAVA_BYTE, at, kind);
        bytes.set(JAVA_BYTE, at + RdmaWire.TYPE, (byte) type);
        bytes.set(JAVA_BYTE, at + RdmaWire.OPERATOR, (byte) operator);
        bytes.set(LONG, at + RdmaWire.KEY, key);
        bytes.set(LONG, at + RdmaWire.OFFSET, offset);
        bytes.set(LONG, at + RdmaWire.LENGTH, length);
        return at + RdmaWire.REQUEST;
    }

    /// Sends the request that was begun.
    ///
    /// @param destination where the bytes of the answer go; null if it has none
    /// @param expected    how many bytes they are
    void send(int length, MemorySegment destination, long offset, int expected, boolean fenced) {
        long number = posted + 1;
        long request = questions.enter(number, destination, offset, expected);
        if (destination != null) {
            LAST_HELD.setRelease(this, number);
        }
        int bytes = RdmaWire.REQUEST + length;
        int flags = selected() | (isInline(bytes) ? IbvSendWR.IBV_SEND_INLINE : 0);
        if (fenced && isReading()) {
            flags |= IbvSendWR.IBV_SEND_FENCE;
        }
        ledger.enter(
                number,
                RdmaLedger.REQUEST,
                flags,
                REQUESTS_AT + (long) RdmaQuestions.slot(request) * SLOT,
                bytes,
                bounced);
        ledger.setRequest(number, request);
        post(number);
    }

    /// Lets all that was started be told of when it is complete.
    void mark() {
        if (endsInWrite && !isComplete(posted)) {
            markAll();
        }
    }

    /// Lets all that is under way be told of, so that there will be room.
    void markAll() {
        if (signaled < posted && !cut) {
            long number = posted + 1;
            ledger.enter(number, RdmaLedger.MARK, IbvSendWR.IBV_SEND_SIGNALED, 0, 0, bounced);
            post(number);
        }
        hand();
    }

    /// Whether reads, or atomics of the adapter, are under way.
    boolean isReading() {
        return lastRead > (long) DONE.getAcquire(this);
    }

    // Completion, for any.

    boolean isAnswered(long number) {
        return questions.isAnswered(number);
    }

    boolean isComplete(long number) {
        long finished = (long) DONE.getAcquire(this);
        return (finished >= number
                        || (questions.answeredNumber() >= number && (long) LAST_READ.getAcquire(this) <= finished))
                && isAnswered(number);
    }

    /// Short sources have been copied when they are posted.
    boolean isLocallyComplete(long number) {
        return isComplete(Math.min(number, (long) LAST_HELD.getAcquire(this)));
    }

    /// Why the target has refused an operation; null if it has not.
    String refusal() {
        return refused;
    }

    /// Why it is not known whether an atomic was carried out; null if there is none.
    String unknown() {
        return unknown;
    }

    /// Forgets the refusal, or the unknown outcome, that was told.
    void forgetRefusal() {
        refused = null;
        unknown = null;
    }

    /// Sleeps until a turn may have brought what is waited for.
    void sleep(RdmaWait wait, long timeoutNs) {
        sleepers.sleep(wait, timeoutNs);
    }

    @Override
    void worked() {
        sleepers.wake();
    }

    // Turns.

    @Override
    void completed(IbvWC completion) throws IOException {
        int status = completion.getStatus();
        int receive = RdmaQueue.receive(completion);
        if (status != RdmaStatus.SUCCESS) {
            failed(completion.getWr_id(), status, receive >= 0);
        } else if (receive >= 0) {
            answer(receive, completion.getByte_len());
        } else {
            finish(completion.getWr_id());
        }
    }

    /// The first failure tells; what follows on the queue pair is flushed, and tells nothing, not even whether it is a receive's.
    private void failed(long number, int status, boolean isReceive) {
        if (cut || failure != RdmaStatus.SUCCESS) {
            return;
        }
        failure = status;
        if (status != RdmaStatus.FLUSHED && !isReceive) {
            finish(number - 1);
        }
        if (RdmaStatus.isRefusal(status) && !isReceive) {
            ledger.forget(number);
            refused =
                    "its adapter has refused an operation on memory that it no longer shares (detached, or its exposure or window ended), or that it does not allow: "
                            + RdmaStatus.words(status);
            finish(number); // after that, so that whoever waits for it hears of it now and not later
        }
        cut("its adapter answers: " + RdmaStatus.words(status));
    }

    private void finish(long number) {
        long each = done;
        progressed |= each < number;
        while (each < number) {
            each++;
            ledger.deliver(each, buffer.segment());
            FREED.setRelease(this, ledger.ringEnd(each));
        }
        DONE.setRelease(this, each);
    }

    private void answer(int slot, int received) throws IOException {
        if (!questions.answer(buffer.segment(), ANSWERS_AT + (long) slot * SLOT, received)) {
            refused =
                    "it has refused an operation on memory that it no longer shares (detached, or its exposure or window ended), or that it does not allow";
        }
        progressed = true;
        questions.count();
        if (!cut) {
            queue().postReceive(slot);
        }
    }

    @Override
    void closed() {
        ledger.leaveAll();
    }

    // Another queue pair.

    boolean isCut() {
        return cut;
    }

    /// Why.
    String cutCause() {
        return cutCause;
    }

    /// Whether it is of no use since the target's adapter has refused something. Once nothing is taken from it.
    boolean isRefused() {
        return RdmaStatus.isRefusal(failure);
    }

    /// How often a queue pair has been of no use any more.
    int cuts() {
        return cuts;
    }

    /// Since when nothing comes of any queue pair.
    long cutSinceNs() {
        return cutSinceNs;
    }

    /// The queue pair is of no use any more.
    @SuppressWarnings("NonAtomicVolatileUpdate") // whoever cuts is one
    private void cut(String cause) {
        if (CUT.compareAndSet(this, false, true)) {
            cutCause = cause;
            cuts++;
            if (progressed) {
                progressed = false;
                cutSinceNs = System.nanoTime();
            }
            transport.mend(this);
        }
    }

    /// The peer is not found again.
    void end(String cause) {
        try {
            alone(() -> shut(cause));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// A cut connection is looked after by its mender.
    @Override
    boolean isMending() {
        return cut;
    }

    /// Takes what the old queue pair has brought.
    ///
    /// @return how many answers have come
    long retire() {
        retireQueue();
        return questions.answered();
    }

    /// Goes on with another queue pair: posts again what is not done. Nobody else posts or works.
    ///
    /// @param carriedOut how many requests the target has carried out
    void resume(RdmaQueue another, SocketChannel itsSocket, long carriedOut) throws IOException {
        replace(another, itsSocket);
        another.postReceives();
        boolean nothingAfter = isRefused();
        failure = RdmaStatus.SUCCESS;
        long last = questions.answeredNumber();
        if (carriedOut > questions.answered()) {
            last = questions.number(carriedOut - 1);
        }
        for (long request = carriedOut; request < questions.sent(); request++) {
            sendAgain(another, request);
        }
        boolean ends = true;
        for (long number = done + 1; number <= posted; number++) {
            if (isDue(number, last, carriedOut, nothingAfter)) {
                ledger.post(another, number);
                ends = ledger.isSignaled(number);
            } else {
                ends = false;
            }
        }
        if (!ends) {
            another.mark(posted);
        }
        signaled = posted;
        handed = posted;
        goOn();
        CUT.setVolatile(this, false);
    }

    /// A request whose bytes the target's adapter has acknowledged is done as work, and yet the target may not have carried it out.
    private void sendAgain(RdmaQueue another, long request) throws IOException {
        long number = questions.number(request);
        if (number <= done) {
            long at = REQUESTS_AT + (long) RdmaQuestions.slot(request) * SLOT;
            int bytes = RdmaWire.REQUEST + (int) buffer.segment().get(LONG, at + RdmaWire.LENGTH);
            another.send(number, isInline(bytes) ? IbvSendWR.IBV_SEND_INLINE : 0, at, bytes);
        }
    }

    /// Whether work is still to be done.
    ///
    /// @param last         before this number all is at the target, since it has carried out the request of that number
    /// @param nothingAfter whether the target has carried out nothing of what came to it after a refusal
    private boolean isDue(long number, long last, long carriedOut, boolean nothingAfter) {
        if (ledger.isAtomic(number)) {
            if (nothingAfter && number > last) {
                return true;
            }
            ledger.forget(number);
            unknown =
                    "the connection was cut while an atomic was under way, and whether the adapter has carried it out cannot be known: "
                            + cutCause;
            return false;
        }
        return switch (ledger.kind(number)) {
            case RdmaLedger.READ -> true;
            case RdmaLedger.REQUEST -> ledger.request(number) >= carriedOut;
            default -> number > last;
        };
    }
}
