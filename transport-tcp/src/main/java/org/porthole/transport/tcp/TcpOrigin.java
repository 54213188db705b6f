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
/// for them. Long payloads in memory that any thread may read are sent from where they are, at their place among the ring's bytes. All of it stays
/// until it is acknowledged, so that it can be sent again over another socket if the connection is cut.
///
/// **Threads.** The methods that write requests by one at a time, whom the endpoint chooses; the rest by any.
final class TcpOrigin extends TcpConnection {
    static final int RING = 256 << 10;
    /// Shortest payload that is sent from where it is.
    static final int IN_PLACE = 8 << 10;
    /// So many bytes go out though nobody waits for them.
    private static final int ENOUGH = 16 << 10;

    private static final int PIECES = 256;
    private static final int EXPECTED = TcpWire.MOST_AWAITED;
    private static final int REQUESTS = RING / REQUEST;
    /// An acknowledgement is asked for when so much of the ring, or of the places of pieces, has been used since the last.
    private static final int SHARE = 4;

    private static final VarHandle TAIL = handle("tail", long.class);
    private static final VarHandle SENT = handle("sent", long.class);
    private static final VarHandle FREED = handle("freed", long.class);
    private static final VarHandle REMEMBERED = handle("remembered", long.class);
    private static final VarHandle PIECE_NEXT = handle("pieceNext", long.class);
    private static final VarHandle PIECE_TAIL = handle("pieceTail", long.class);
    private static final VarHandle PIECE_HEAD = handle("pieceHead", long.class);
    private static final VarHandle EXPECTED_TAIL = handle("expectedTail", long.class);
    private static final VarHandle EXPECTED_HEAD = handle("expectedHead", long.class);
    private static final VarHandle STARTED = handle("started", long.class);
    private static final VarHandle CARRIED_OUT = handle("carriedOut", long.class);
    private static final VarHandle ASKED = handle("asked", long.class);

    private final MemorySegment ring;
    /// Where the next byte is written, counted from the beginning of the connection; other threads know of those before `tail`.
    private long written;

    @SuppressWarnings("UnusedVariable") // by its VarHandle
    private long tail;

    private long sent;

    /// What comes before this has been acknowledged.
    @SuppressWarnings("UnusedVariable") // by its VarHandle
    private long freed;

    /// Where each request begins that has not been acknowledged, and the next, in the ring's bytes.
    private final long[] requestAt = new long[REQUESTS];
    /// How far the ring and the places of pieces had been used when an acknowledgement was asked for last.
    private long askedAt;

    private long askedPieces;

    /// The last request that the target answers.
    @SuppressWarnings("UnusedVariable") // by its VarHandle
    private long asked;

    /// Payloads sent from where they are: each after the ring's byte `pieceAt`.
    private final MemorySegment[] pieces = new MemorySegment[PIECES];

    private final long[] pieceOffset = new long[PIECES];
    private final long[] pieceLength = new long[PIECES];
    private final long[] pieceAt = new long[PIECES];
    private final long[] pieceNumber = new long[PIECES];
    private long pieceTail;
    /// The first that is not acknowledged.
    private long pieceHead;
    /// The first that is not sent, and how much of it is.
    private long pieceNext;

    private long pieceSent;

    /// Where the bytes of responses go, in the order of the requests.
    private final MemorySegment[] expected = new MemorySegment[EXPECTED];

    private final long[] expectedOffset = new long[EXPECTED];
    private final long[] expectedLength = new long[EXPECTED];
    private final long[] expectedNumber = new long[EXPECTED];
    /// How many bytes of the answer the target remembers.
    private final int[] expectedRemembered = new int[EXPECTED];
    private long expectedTail;
    private long expectedHead;
    /// How many bytes of answers the target was made to remember, and how many of them came.
    private long toRemember;

    private long remembered;

    private long started;
    private long carriedOut;
    private long answering;

    private volatile byte refused;

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
        return RING - (written - (long) FREED.getAcquire(this)) >= bytes
                && toRemember - (long) REMEMBERED.getAcquire(this) <= TcpWire.MOST_REMEMBERED - TcpWire.MOST_OPERANDS
                && expectedTail - (long) EXPECTED_HEAD.getAcquire(this) < EXPECTED
                && pieceTail - (long) PIECE_HEAD.getAcquire(this) < PIECES;
    }

    /// Writes the head of a request, for which there is room.
    void begin(byte kind, int type, int operator, long key, long offset, long length) {
        long answered = (long) CARRIED_OUT.getAcquire(this) << Integer.SIZE;
        writeLong(answered | ((long) operator << (2 * Byte.SIZE)) | ((long) type << Byte.SIZE) | kind);
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

    /// Whether the system reaches a source, whichever thread sends it, and as often as it must.
    boolean isInPlace(MemorySegment source) {
        return socket.isDirect() && AnyMemory.isShared(source);
    }

    /// How many payloads were to be sent from where they are, by the one who writes requests.
    long inPlace() {
        return pieceTail;
    }

    /// Whether so many of them have been acknowledged. Any thread.
    boolean isAcknowledged(long pieceCount) {
        return (long) PIECE_HEAD.getAcquire(this) >= pieceCount;
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
    ///
    /// @param remembers whether the target remembers the answer
    void expect(MemorySegment destination, long offset, long length, boolean remembers) {
        noteAsked();
        int at = (int) expectedTail & (EXPECTED - 1);
        expected[at] = destination;
        expectedOffset[at] = offset;
        expectedLength[at] = length;
        expectedNumber[at] = started;
        expectedRemembered[at] = remembers ? (int) length : 0;
        toRemember += expectedRemembered[at];
        EXPECTED_TAIL.setRelease(this, expectedTail + 1);
    }

    /// How many requests are answered by more than an acknowledgement, by the one who writes requests.
    long answersDue() {
        return expectedTail;
    }

    /// Whether so many answers have come. Any thread.
    boolean isAnswered(long answerCount) {
        return (long) EXPECTED_HEAD.getAcquire(this) >= answerCount;
    }

    /// The last request will be answered.
    void noteAsked() {
        askedAt = written;
        askedPieces = pieceTail;
        ASKED.setRelease(this, started);
    }

    /// Whether so much has been used up that an acknowledgement should be asked for.
    boolean isAskDue() {
        return written - askedAt >= RING / SHARE || pieceTail - askedPieces >= PIECES / SHARE;
    }

    /// Lets what has been written be sent: whole requests.
    void publish() {
        requestAt[(int) (started + 1) & (REQUESTS - 1)] = written;
        TAIL.setRelease(this, written);
    }

    /// Whether so much waits that it should be sent though nobody waits for it.
    boolean isEnough() {
        return written - (long) SENT.getAcquire(this) >= ENOUGH || pieceTail != (long) PIECE_NEXT.getAcquire(this);
    }

    // Completion, for any.

    boolean isComplete(long ticket) {
        return (long) CARRIED_OUT.getAcquire(this) >= ticket;
    }

    /// Why a request was refused since this was asked last; 0 if none was.
    byte takeRefusal() {
        byte why = refused;
        if (why != 0) {
            refused = 0;
        }
        return why;
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

    @Override
    boolean isExpecting() {
        return (long) CARRIED_OUT.getAcquire(this) < (long) ASKED.getAcquire(this)
                || (long) SENT.getAcquire(this) != (long) TAIL.getAcquire(this)
                || blocked;
    }

    private void send() throws IOException {
        for (; ; ) {
            long limit = (long) TAIL.getAcquire(this);
            long head = pieceNext;
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
                pieceSent = 0;
                PIECE_NEXT.setRelease(this, head + 1);
            }
        }
    }

    /// Requests up to this one have been carried out, and need not be sent again.
    private void acknowledge(long count) {
        while (pieceHead < pieceNext && pieceNumber[(int) pieceHead & (PIECES - 1)] <= count) {
            pieces[(int) pieceHead & (PIECES - 1)] = null;
            PIECE_HEAD.setRelease(this, pieceHead + 1);
        }
        FREED.setRelease(this, requestAt[(int) (count + 1) & (REQUESTS - 1)]);
        CARRIED_OUT.setRelease(this, count);
    }

    /// The first request whose answer has not come, or the next. While the connection is cut.
    long firstAwaited() {
        return expectedHead == (long) EXPECTED_TAIL.getAcquire(this)
                ? started() + 1
                : expectedNumber[(int) expectedHead & (EXPECTED - 1)];
    }

    /// Goes on with a request. The caller has seized this connection, which is not open.
    void repeatFrom(long number) throws TcpProtocolException {
        if (number <= carriedOut || number > firstAwaited()) {
            throw new TcpProtocolException("it wants to go on with request " + number + " after " + carriedOut);
        }
        acknowledge(number - 1);
    }

    @Override
    void goesOn() {
        SENT.setRelease(this, requestAt[(int) (carriedOut + 1) & (REQUESTS - 1)]);
        PIECE_NEXT.setRelease(this, pieceHead);
        pieceSent = 0;
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
                throw new TcpLeftException();
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
                acknowledge(count);
                continue;
            }
            if (kind == TcpWire.REFUSED) {
                if (length != 0 || (awaited && expectedNumber[at] < count)) {
                    throw new TcpProtocolException("a refusal where bytes are due");
                }
                refused = staging.get(JAVA_BYTE, begin + TcpWire.WHY);
                begin += RESPONSE;
                if (awaited && expectedNumber[at] == count) {
                    answered(at);
                }
                acknowledge(count);
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
        answered((int) expectedHead & (EXPECTED - 1));
        acknowledge(answering);
    }

    private void answered(int at) {
        expected[at] = null;
        REMEMBERED.setRelease(this, remembered + expectedRemembered[at]);
        EXPECTED_HEAD.setRelease(this, expectedHead + 1);
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
