package org.porthole.transport.rdma;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.porthole.transport.rdma.RdmaWire.CREDITS;
import static org.porthole.transport.rdma.RdmaWire.INT;
import static org.porthole.transport.rdma.RdmaWire.LONG;
import static org.porthole.transport.rdma.RdmaWire.SLOT;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

/// The origin's side of a connection: writes, reads and requests out, answers in.
///
/// All work has a number, in the order in which it is posted, which is also that in which the device completes it. Most small writes are not
/// signalled: the completion of a later one stands for them. Payloads that the device does not take inline pass through a ring in registered memory.
///
/// **Threads.** The methods that post by one at a time, whom the endpoint chooses; the rest by any.
@SuppressWarnings("UnusedVariable") // some fields are read by their VarHandles alone
final class RdmaOrigin extends RdmaConnection {
    /// Longest payload of one write or read.
    static final int PIECE = 64 << 10;

    private static final int BOUNCE = 4 * PIECE;
    private static final int REQUESTS_AT = BOUNCE;
    private static final int ANSWERS_AT = REQUESTS_AT + CREDITS * SLOT;
    private static final int INLINE_AT = ANSWERS_AT + CREDITS * SLOT;
    static final int BUFFER = INLINE_AT + 4096;

    /// Most work under way.
    private static final int DEPTH = 128;
    /// So much more may be posted to learn of what is complete.
    private static final int MARKERS = 8;

    static final int SENDS = DEPTH + MARKERS;
    static final int RECEIVES = CREDITS;

    /// One in so many small writes is signalled in any case.
    private static final int SELECTED = 16;

    private static final VarHandle POSTED = handle("posted");
    private static final VarHandle DONE = handle("done");
    private static final VarHandle FREED = handle("freed");
    private static final VarHandle SENT = handle("sent");
    private static final VarHandle ANSWERED = handle("answered");
    private static final VarHandle ANSWERED_NUMBER = handle("answeredNumber");
    private static final VarHandle LAST_READ = handle("lastRead");
    private static final VarHandle LAST_FETCH = handle("lastFetch");

    // By whoever posts.
    private long posted;
    private long signaled;
    private long bounced;
    private long sent;
    private long lastRead;
    private long lastFetch;
    private boolean endsInWrite;

    // By whoever works.
    private long done;
    private long freed;
    private long answered;
    private long answeredNumber;

    /// Of each piece of work: up to where the ring is free when it is done, and where what it reads goes.
    private final long[] ringEnd = new long[DEPTH + MARKERS];

    private final MemorySegment[] readTo = new MemorySegment[DEPTH + MARKERS];
    private final long[] readOffset = new long[DEPTH + MARKERS];
    private final int[] readLength = new int[DEPTH + MARKERS];
    private final int[] readAt = new int[DEPTH + MARKERS];

    /// Of each request: its number, and where the bytes of its answer go.
    private final long[] requestNumber = new long[CREDITS];

    private final MemorySegment[] answerTo = new MemorySegment[CREDITS];
    private final long[] answerOffset = new long[CREDITS];
    private final int[] answerLength = new int[CREDITS];

    private volatile String refused;
    /// Whether the peer's adapter has refused something, after which this queue pair is of no use.
    private volatile boolean broken;
    private final Object sleeping = new Object();
    private volatile int sleepers;

    /// @param begin the number of the last work of the connection before
    RdmaOrigin(RdmaTransport transport, RdmaQueue queue, SocketChannel socket, int peer, long begin)
            throws IOException {
        super(transport, queue, socket, peer);
        posted = begin;
        done = begin;
        signaled = begin;
        answeredNumber = begin;
        for (int i = 0; i < CREDITS; i++) {
            queue.postReceive(i, ANSWERS_AT + (long) i * SLOT, SLOT);
        }
        VarHandle.releaseFence();
    }

    private static VarHandle handle(String field) {
        try {
            return MethodHandles.lookup().findVarHandle(RdmaOrigin.class, field, long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static int slot(long number) {
        return (int) (number % (DEPTH + MARKERS));
    }

    // Work, by the one who posts.

    /// The number of the last work. Any thread.
    long started() {
        return (long) POSTED.getAcquire(this);
    }

    /// The number of the last request.
    long lastRequest() {
        return sent == 0 ? 0 : requestNumber[(int) ((sent - 1) % CREDITS)];
    }

    /// Whether a write of so many bytes, or none, can be posted now.
    boolean hasRoom(int length) {
        return isInline(length) ? posted - (long) DONE.getAcquire(this) < DEPTH : hasRoomInRing(length);
    }

    /// Whether a read of so many bytes can be posted now.
    boolean hasRoomInRing(int length) {
        return posted - (long) DONE.getAcquire(this) < DEPTH
                && bounced + padding(length) + length - (long) FREED.getAcquire(this) <= BOUNCE;
    }

    /// Whether a request can be posted now.
    boolean hasCredit() {
        return hasRoom(0) && sent - (long) ANSWERED.getAcquire(this) < CREDITS;
    }

    boolean isInline(int length) {
        return length <= queue.inline();
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

    /// Posts a write, for which there is room.
    void write(MemorySegment source, long offset, int length, long remote, int key, int flags) throws IOException {
        boolean inline = isInline(length);
        int at = inline ? INLINE_AT : take(length);
        MemorySegment.copy(source, offset, queue.buffer(), at, length);
        post(
                RdmaNative.WRITE,
                inline ? flags | RdmaNative.INLINE | selected() : flags | RdmaNative.SIGNALED,
                at,
                length,
                remote,
                key);
        endsInWrite = true;
    }

    /// Posts a read, for which there is room.
    void read(MemorySegment destination, long offset, int length, long remote, int key) throws IOException {
        int at = take(length);
        int slot = slot(posted + 1);
        readTo[slot] = destination;
        readOffset[slot] = offset;
        readLength[slot] = length;
        readAt[slot] = at;
        LAST_READ.setRelease(this, posted + 1);
        LAST_FETCH.setRelease(this, posted + 1);
        post(RdmaNative.READ, RdmaNative.SIGNALED, at, length, remote, key);
    }

    private int selected() {
        return signaled <= (long) DONE.getAcquire(this) || posted - signaled >= SELECTED ? RdmaNative.SIGNALED : 0;
    }

    private void post(int opcode, int flags, long at, int length, long remote, int key) throws IOException {
        long number = posted + 1;
        ringEnd[slot(number)] = bounced;
        if ((flags & RdmaNative.SIGNALED) != 0) {
            signaled = number;
        }
        endsInWrite = false;
        POSTED.setRelease(this, number);
        queue.post(number, opcode, flags, at, length, remote, key);
    }

    /// Begins a request, for which there is credit.
    ///
    /// @return where in the connection's buffer its payload goes
    long begin(byte kind, int type, int operator, long key, long offset, int length) {
        long at = REQUESTS_AT + (sent % CREDITS) * SLOT;
        MemorySegment buffer = queue.buffer();
        buffer.set(LONG, at, 0);
        buffer.set(JAVA_BYTE, at, kind);
        buffer.set(JAVA_BYTE, at + RdmaWire.TYPE, (byte) type);
        buffer.set(JAVA_BYTE, at + RdmaWire.OPERATOR, (byte) operator);
        buffer.set(LONG, at + RdmaWire.KEY, key);
        buffer.set(LONG, at + RdmaWire.OFFSET, offset);
        buffer.set(LONG, at + RdmaWire.LENGTH, length);
        return at + RdmaWire.REQUEST;
    }

    /// Sends the request that was begun.
    ///
    /// @param destination where the bytes of the answer go; null if it has none
    /// @param expected    how many bytes they are
    void send(int length, MemorySegment destination, long offset, int expected, boolean fenced) throws IOException {
        int slot = (int) (sent % CREDITS);
        requestNumber[slot] = posted + 1;
        answerTo[slot] = destination;
        answerOffset[slot] = offset;
        answerLength[slot] = expected;
        if (destination != null) {
            LAST_FETCH.setRelease(this, posted + 1);
        }
        SENT.setRelease(this, sent + 1);
        int bytes = RdmaWire.REQUEST + length;
        int flags = selected() | (isInline(bytes) ? RdmaNative.INLINE : 0);
        boolean behindRead = fenced && lastRead > (long) DONE.getAcquire(this);
        post(
                RdmaNative.SEND,
                behindRead ? flags | RdmaNative.FENCED : flags,
                REQUESTS_AT + (long) slot * SLOT,
                bytes,
                0,
                0);
    }

    /// Lets all that was started be told of when it is complete.
    void mark() throws IOException {
        if (endsInWrite && signaled < posted && !isComplete(posted)) {
            post(RdmaNative.WRITE, RdmaNative.SIGNALED, INLINE_AT, 0, 0, 0);
        }
    }

    /// Lets all that is under way be told of, so that there will be room.
    void markAll() throws IOException {
        if (signaled < posted) {
            post(RdmaNative.WRITE, RdmaNative.SIGNALED, INLINE_AT, 0, 0, 0);
        }
    }

    /// Whether reads are under way.
    boolean isReading() {
        return lastRead > (long) DONE.getAcquire(this);
    }

    // Completion, for any.

    boolean isAnswered(long number) {
        for (; ; ) {
            long count = (long) ANSWERED.getAcquire(this);
            if (count == (long) SENT.getAcquire(this)) {
                return true;
            }
            boolean after = requestNumber[(int) (count % CREDITS)] > number;
            VarHandle.acquireFence();
            if (count == (long) ANSWERED.getAcquire(this)) {
                return after;
            }
        }
    }

    boolean isComplete(long number) {
        long finished = (long) DONE.getAcquire(this);
        return (finished >= number
                        || ((long) ANSWERED_NUMBER.getAcquire(this) >= number
                                && (long) LAST_READ.getAcquire(this) <= finished))
                && isAnswered(number);
    }

    /// Sources have been copied when they are posted.
    boolean isLocallyComplete(long number) {
        return isComplete(Math.min(number, (long) LAST_FETCH.getAcquire(this)));
    }

    /// Why the target has refused an operation; null if it has not.
    String refusal() {
        return refused;
    }

    /// Whether the refusal was the adapter's.
    boolean isBroken() {
        return broken;
    }

    /// Forgets that the target has refused a request, after which the connection goes on.
    void forgetRefusal() {
        refused = null;
    }

    /// Sleeps until a turn may have brought what is waited for.
    @SuppressWarnings("WaitNotInLoop") // the caller looks again
    void sleep(RdmaWait wait, long timeoutNs) {
        synchronized (sleeping) {
            sleepers++;
            try {
                if (!wait.isOver()) {
                    TimeUnit.NANOSECONDS.timedWait(sleeping, timeoutNs);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                sleepers--;
            }
        }
    }

    @Override
    void worked() {
        VarHandle.fullFence();
        if (sleepers > 0) {
            synchronized (sleeping) {
                sleeping.notifyAll();
            }
        }
    }

    // Turns.

    @Override
    void completed(int completion) throws IOException {
        int status = queue.status(completion);
        if (status != RdmaNative.SUCCESS) {
            if (status == RdmaNative.REMOTE_ACCESS_ERROR) {
                broken = true;
                sayBye(); // to this connection only: the endpoint makes another
                refused =
                        "its adapter has refused an operation on memory that it no longer shares (detached, or its window closed); "
                                + "what was started after it has not been carried out";
            }
            throw new IOException("its adapter answers: " + RdmaNative.statusWords(status));
        }
        if (queue.isReceive(completion)) {
            answer((int) queue.number(completion), queue.length(completion));
        } else {
            finish(queue.number(completion));
        }
    }

    private void finish(long number) {
        long each = done;
        while (each < number) {
            each++;
            int slot = slot(each);
            MemorySegment destination = readTo[slot];
            if (destination != null) {
                AnyMemory.copy(queue.buffer(), readAt[slot], destination, readOffset[slot], readLength[slot]);
                readTo[slot] = null;
            }
            FREED.setRelease(this, ringEnd[slot]);
        }
        DONE.setRelease(this, each);
    }

    private void answer(int slot, int received) throws IOException {
        long at = ANSWERS_AT + (long) slot * SLOT;
        MemorySegment buffer = queue.buffer();
        int request = (int) (answered % CREDITS);
        byte kind = buffer.get(JAVA_BYTE, at);
        int length = buffer.get(INT, at + RdmaWire.RESPONSE_LENGTH);
        MemorySegment destination = answerTo[request];
        if (answered == (long) SENT.getAcquire(this) || received != RdmaWire.RESPONSE + length) {
            throw new IOException("it broke the protocol: an answer of " + received + " bytes");
        }
        if (kind == RdmaWire.REFUSED) {
            refused = "it has refused an operation on memory that it no longer shares (detached, or its window closed)";
        } else if (length != answerLength[request] || (kind != RdmaWire.DATA && kind != RdmaWire.ACK)) {
            throw new IOException("it broke the protocol: an answer of kind " + kind + " with " + length + " bytes");
        } else if (destination != null) {
            AnyMemory.copy(buffer, at + RdmaWire.RESPONSE, destination, answerOffset[request], length);
        }
        answerTo[request] = null;
        queue.postReceive(slot, at, SLOT);
        ANSWERED_NUMBER.setRelease(this, requestNumber[request]);
        ANSWERED.setRelease(this, answered + 1);
    }
}
