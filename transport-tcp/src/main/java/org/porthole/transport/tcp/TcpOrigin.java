package org.porthole.transport.tcp;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.porthole.transport.tcp.TcpWire.INT;
import static org.porthole.transport.tcp.TcpWire.LONG;
import static org.porthole.transport.tcp.TcpWire.REQUEST;
import static org.porthole.transport.tcp.TcpWire.RESPONSE;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;

/// The origin's side of a connection: requests out, responses in.
///
/// Requests are written one after the other into a ring, small payloads included, and go out together when they are many or when somebody waits
/// for them. Long payloads in memory that any thread may read are sent from where they are, at their place among the ring's bytes.
///
/// **Threads.** The methods that write requests by one at a time, whom the endpoint chooses; the rest by any.
final class TcpOrigin extends TcpConnection {
    static final int RING = 64 << 10;
    /// Shortest payload that is sent from where it is.
    static final int IN_PLACE = 8 << 10;
    /// So many bytes go out though nobody waits for them.
    private static final int ENOUGH = 16 << 10;

    private static final int PIECES = 64;
    private static final int EXPECTED = 1024;

    private static final VarHandle TAIL = handle("tail", long.class);
    private static final VarHandle SENT = handle("sent", long.class);
    private static final VarHandle PIECE_TAIL = handle("pieceTail", long.class);
    private static final VarHandle PIECE_HEAD = handle("pieceHead", long.class);
    private static final VarHandle EXPECTED_TAIL = handle("expectedTail", long.class);
    private static final VarHandle EXPECTED_HEAD = handle("expectedHead", long.class);
    private static final VarHandle STARTED = handle("started", long.class);
    private static final VarHandle CARRIED_OUT = handle("carriedOut", long.class);

    private final MemorySegment ring;
    /// Where the next byte is written, counted from the beginning of the connection; other threads know of those before `tail`.
    private long written;

    @SuppressWarnings("UnusedVariable") // by its VarHandle
    private long tail;

    private long sent;

    /// Payloads sent from where they are: each after the ring's byte `pieceAt`.
    private final MemorySegment[] pieces = new MemorySegment[PIECES];

    private final long[] pieceOffset = new long[PIECES];
    private final long[] pieceLength = new long[PIECES];
    private final long[] pieceAt = new long[PIECES];
    private final long[] pieceNumber = new long[PIECES];
    private long pieceTail;
    private long pieceHead;
    private long pieceSent;

    /// Where the bytes of responses go, in the order of the requests.
    private final MemorySegment[] expected = new MemorySegment[EXPECTED];

    private final long[] expectedOffset = new long[EXPECTED];
    private final long[] expectedLength = new long[EXPECTED];
    private final long[] expectedNumber = new long[EXPECTED];
    private long expectedTail;
    private long expectedHead;

    private long started;
    private long carriedOut;
    private long answering;

    private volatile boolean refused;

    private final Object sleeping = new Object();
    private volatile int sleepers;

    TcpOrigin(TcpTransport transport, TcpSocket socket, int peer, MemorySegment staging, MemorySegment ring) {
        super(transport, socket, peer, staging);
        this.ring = ring;
    }

    private static VarHandle handle(String field, Class<?> type) {
        try {
            return MethodHandles.lookup().findVarHandle(TcpOrigin.class, field, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    // Requests, by the one who writes them.

    /// How many requests there have been. Any thread.
    long started() {
        return (long) STARTED.getAcquire(this);
    }

    /// Whether a request with so many bytes in the ring, and an answer, can be written now.
    boolean hasRoom(int bytes) {
        return RING - (written - (long) SENT.getAcquire(this)) >= bytes
                && expectedTail - (long) EXPECTED_HEAD.getAcquire(this) < EXPECTED
                && pieceTail - (long) PIECE_HEAD.getAcquire(this) < PIECES;
    }

    /// Writes the head of a request, for which there is room.
    void begin(byte kind, int type, int operator, long key, long offset, long length) {
        writeLong(kind | ((long) type << Byte.SIZE) | ((long) operator << (2 * Byte.SIZE)));
        writeLong(key);
        writeLong(offset);
        writeLong(length);
        STARTED.setRelease(this, started + 1);
    }

    /// Writes 8 bytes of payload, for which there is room.
    void writeLong(long value) {
        int at = (int) written & (RING - 1);
        if (at <= RING - Long.BYTES) {
            ring.set(LONG, at, value);
        } else {
            for (int i = 0; i < Long.BYTES; i++) {
                ring.set(JAVA_BYTE, (at + i) & (RING - 1), (byte) (value >>> (8 * i)));
            }
        }
        written += Long.BYTES;
    }

    /// Copies payload, for which there is room.
    void write(MemorySegment source, long offset, long length) {
        int at = (int) written & (RING - 1);
        long first = Math.min(length, RING - at);
        MemorySegment.copy(source, offset, ring, at, first);
        if (first < length) {
            MemorySegment.copy(source, offset + first, ring, 0, length - first);
        }
        written += length;
    }

    /// Whether the system reaches a source.
    boolean isInPlace(MemorySegment source) {
        return socket.isDirect() && source.isNative();
    }

    /// How many payloads were to be sent from where they are, by the one who writes requests.
    long inPlace() {
        return pieceTail;
    }

    /// Whether so many of them have been. Any thread.
    boolean isSent(long count) {
        return (long) PIECE_HEAD.getAcquire(this) >= count;
    }

    /// Lets payload be sent from where it is; there is room.
    void writeInPlace(MemorySegment source, long offset, long length) {
        int at = (int) pieceTail & (PIECES - 1);
        pieces[at] = source;
        pieceOffset[at] = offset;
        pieceLength[at] = length;
        pieceAt[at] = written;
        pieceNumber[at] = started;
        PIECE_TAIL.setRelease(this, pieceTail + 1);
    }

    /// Says where the answer to the request that has been begun goes; there is room.
    void expect(MemorySegment destination, long offset, long length) {
        int at = (int) expectedTail & (EXPECTED - 1);
        expected[at] = destination;
        expectedOffset[at] = offset;
        expectedLength[at] = length;
        expectedNumber[at] = started;
        EXPECTED_TAIL.setRelease(this, expectedTail + 1);
    }

    /// Lets what has been written be sent.
    void publish() {
        TAIL.setRelease(this, written);
    }

    /// Whether so much waits that it should be sent though nobody waits for it.
    boolean isEnough() {
        return written - (long) SENT.getAcquire(this) >= ENOUGH || pieceTail != (long) PIECE_HEAD.getAcquire(this);
    }

    // Completion, for any.

    boolean isComplete(long ticket) {
        return (long) CARRIED_OUT.getAcquire(this) >= ticket;
    }

    /// Whether a request was refused since this was asked last.
    boolean takeRefusal() {
        if (!refused) {
            return false;
        }
        refused = false;
        return true;
    }

    /// Whether sources have been read and destinations filled.
    boolean isLocallyComplete(long ticket) {
        return isComplete(ticket)
                || (firstIsAfter(ticket, PIECE_HEAD, PIECE_TAIL, pieceNumber)
                        && firstIsAfter(ticket, EXPECTED_HEAD, EXPECTED_TAIL, expectedNumber));
    }

    private boolean firstIsAfter(long ticket, VarHandle headOf, VarHandle tailOf, long[] numbers) {
        for (; ; ) {
            long head = (long) headOf.getAcquire(this);
            if (head == (long) tailOf.getAcquire(this)) {
                return true;
            }
            boolean after = numbers[(int) head & (numbers.length - 1)] > ticket;
            VarHandle.acquireFence();
            if (head == (long) headOf.getAcquire(this)) {
                return after;
            }
        }
    }

    /// Sleeps until a turn may have brought what is waited for.
    @SuppressWarnings("WaitNotInLoop") // the caller looks again
    void sleep(TcpWait wait, long timeoutNs) {
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
    void work(boolean receiving) throws IOException {
        send();
        if (receiving) {
            receive();
        }
    }

    @Override
    boolean hasLeftWork() {
        return !blocked && isOpen() && (long) SENT.getAcquire(this) != (long) TAIL.getAcquire(this);
    }

    private void send() throws IOException {
        for (; ; ) {
            long limit = (long) TAIL.getAcquire(this);
            long head = pieceHead;
            int piece = (int) head & (PIECES - 1);
            boolean isPiece = head != (long) PIECE_TAIL.getAcquire(this) && pieceAt[piece] <= limit;
            long ofRing = (isPiece ? pieceAt[piece] : limit) - sent;
            long ofPiece = isPiece ? pieceLength[piece] - pieceSent : 0;
            if (ofRing == 0 && ofPiece == 0) {
                setBlocked(false);
                return;
            }
            long count = send(ofRing, piece, ofPiece);
            if (count == 0) {
                setBlocked(true);
                return;
            }
            long counted = Math.min(count, ofRing);
            if (counted > 0) {
                SENT.setRelease(this, sent + counted);
            }
            pieceSent += count - counted;
            if (isPiece && pieceSent == pieceLength[piece]) {
                pieces[piece] = null;
                pieceSent = 0;
                PIECE_HEAD.setRelease(this, head + 1);
            }
        }
    }

    private long send(long ofRing, int piece, long ofPiece) throws IOException {
        int at = (int) sent & (RING - 1);
        long first = Math.min(ofRing, RING - at);
        if (first < ofRing) {
            return socket.send(ring, at, first, ring, 0, ofRing - first);
        }
        if (ofPiece == 0) {
            return socket.send(ring, at, first);
        }
        long offset = pieceOffset[piece] + pieceSent;
        return first == 0
                ? socket.send(pieces[piece], offset, ofPiece)
                : socket.send(ring, at, first, pieces[piece], offset, ofPiece);
    }

    @Override
    boolean parse() throws IOException {
        while (end - begin >= RESPONSE) {
            byte kind = staging.get(JAVA_BYTE, begin);
            int length = staging.get(INT, begin + TcpWire.RESPONSE_LENGTH);
            long count = staging.get(LONG, begin + TcpWire.CARRIED_OUT);
            if (kind == TcpWire.LEFT) {
                throw new EOFException("it has left the job");
            }
            if (count < carriedOut || count > started()) {
                throw new TcpProtocolException("an answer to request " + count + " of " + started());
            }
            boolean awaited = expectedHead != (long) EXPECTED_TAIL.getAcquire(this);
            int at = (int) expectedHead & (EXPECTED - 1);
            if (kind == TcpWire.ACK) {
                if (length != 0 || (awaited && expectedNumber[at] <= count)) {
                    throw new TcpProtocolException("an acknowledgement where bytes are due");
                }
                begin += RESPONSE;
                CARRIED_OUT.setRelease(this, count);
                continue;
            }
            if (kind == TcpWire.REFUSED) {
                if (length != 0 || (awaited && expectedNumber[at] < count)) {
                    throw new TcpProtocolException("a refusal where bytes are due");
                }
                begin += RESPONSE;
                refused = true;
                if (awaited && expectedNumber[at] == count) {
                    expected[at] = null;
                    EXPECTED_HEAD.setRelease(this, expectedHead + 1);
                }
                CARRIED_OUT.setRelease(this, count);
                continue;
            }
            if (kind != TcpWire.DATA || !awaited || expectedNumber[at] != count || expectedLength[at] != length) {
                throw new TcpProtocolException("an answer of kind " + kind + " and " + length + " bytes");
            }
            if (length <= WHOLE && end - begin < RESPONSE + length) {
                return true;
            }
            begin += RESPONSE;
            answering = count;
            if (!beginRest(expected[at], expectedOffset[at], length, null)) {
                return true;
            }
        }
        return true;
    }

    @Override
    void restCame(boolean dropped) {
        expected[(int) expectedHead & (EXPECTED - 1)] = null;
        EXPECTED_HEAD.setRelease(this, expectedHead + 1);
        CARRIED_OUT.setRelease(this, answering);
    }

    @Override
    void ended() throws IOException {
        throw new EOFException("its connection has ended");
    }

    @Override
    boolean isReceivingWhileBlocked() {
        return true;
    }

    /// By the one who writes requests: everything before has been completed, or is given up.
    @Override
    void beforeClose() {
        if (hasRoom(REQUEST)) {
            begin(TcpWire.BYE, 0, 0, 0, 0, 0);
            publish();
        }
        try {
            send();
        } catch (IOException e) {
            System.getLogger(TcpOrigin.class.getName()).log(System.Logger.Level.DEBUG, "a peer was gone first", e);
        }
    }
}
