package org.porthole.transport.tcp;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static org.porthole.transport.tcp.TcpWire.CARRIED_OUT;
import static org.porthole.transport.tcp.TcpWire.INT;
import static org.porthole.transport.tcp.TcpWire.LONG;
import static org.porthole.transport.tcp.TcpWire.REQUEST;
import static org.porthole.transport.tcp.TcpWire.RESPONSE;
import static org.porthole.transport.tcp.TcpWire.RESPONSE_LENGTH;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.Right;
import org.porthole.spi.LoadStore;
import org.porthole.spi.SignalKind;

/// The target's side of a connection: carries out a peer's requests on registered memory, one after the other, and answers.
///
/// While an answer cannot be sent, nothing more is received: what a peer asks for never grows this process. Nothing that arrives is used before
/// it is checked.
final class TcpTarget extends TcpConnection {
    static final int OUT = 16 << 10;

    private static final DataType[] TYPES = DataType.values();
    private static final Operator[] OPERATORS = Operator.values();
    private static final SignalKind[] SIGNALS = SignalKind.values();
    private static final MemorySegment ZEROS = Arena.global().allocate(64 << 10);

    private final MemorySegment out;
    private int outBegin;
    private int outEnd;
    /// What of a window is to be sent after the buffer.
    private TcpRegistration from;

    private long fromOffset;
    private long fromLeft;
    /// Whether that window is no longer shared: the answer has been promised, and is filled up.
    private boolean fromIsGone;

    /// Requests received on this socket and before, and those that were carried out on an earlier one: what comes again is not done again.
    private long carriedOut;

    private long done;
    private boolean bye;
    /// Whether what is being received is for memory that is no longer shared, or for what is not allowed.
    private boolean putsNowhere;

    /// Why the last request that was looked at is refused.
    private byte why;
    private final TcpAnswers answers = new TcpAnswers();

    TcpTarget(TcpTransport transport, TcpSocket socket, int peer, MemorySegment staging, MemorySegment out) {
        super(transport, socket, peer, staging);
        this.out = out;
    }

    /// With which request a connection goes on whose origin wants the answer to one again.
    long beginning(long wanted) {
        return Math.min(wanted, done + 1);
    }

    /// Begins again with a request. The caller has seized this connection, which is not open.
    void repeatFrom(long number) {
        carriedOut = number - 1;
    }

    @Override
    void goesOn() {
        outBegin = 0;
        outEnd = 0;
        from = null;
        fromLeft = 0;
        fromIsGone = false;
    }

    /// Whether the peer has said that it goes.
    boolean isBye() {
        return bye;
    }

    @Override
    void work(boolean receiving) throws IOException {
        if (!send()) {
            return;
        }
        // Requests may have waited for room for their answers.
        if (end > 0 && !parseStaged()) {
            return;
        }
        if (receiving) {
            receive();
            // A second try that went well now would leave nothing to be called for, and requests that have waited for
            // room.
            if (!blocked) {
                boolean ignored = send();
            }
        }
    }

    @Override
    boolean hasLeftWork() {
        return false;
    }

    @Override
    boolean isExpecting() {
        return true;
    }

    @Override
    void worked() {}

    @Override
    boolean isReceivingWhileBlocked() {
        return false;
    }

    @Override
    void ended() throws IOException {
        throw bye ? new TcpLeftException() : new EOFException("its connection has ended");
    }

    @Override
    void beforeClose() {
        try {
            if (send() && room(RESPONSE)) {
                boolean ignored = answer(TcpWire.LEFT, 0) >= 0 && send();
            }
        } catch (IOException e) {
            System.getLogger(TcpTarget.class.getName()).log(System.Logger.Level.DEBUG, "a peer was gone first", e);
        }
    }

    /// Sends what there is.
    ///
    /// @return true if nothing is left
    private boolean send() throws IOException {
        while (outBegin < outEnd || fromLeft > 0) {
            int inBuffer = outEnd - outBegin;
            long sent = fromLeft == 0 ? socket.send(out, outBegin, inBuffer) : sendWindow(inBuffer);
            if (sent == 0) {
                setBlocked(true);
                return false;
            }
            long ofBuffer = Math.min(sent, inBuffer);
            outBegin += (int) ofBuffer;
            fromOffset += sent - ofBuffer;
            fromLeft -= sent - ofBuffer;
            if (fromIsGone && fromLeft == 0) {
                fromIsGone = false;
                outBegin = 0;
                outEnd = 0;
                why = TcpWire.NO_LONGER_SHARED;
                refuse();
            }
        }
        outBegin = 0;
        outEnd = 0;
        from = null;
        setBlocked(false);
        return true;
    }

    private long sendWindow(int inBuffer) throws IOException {
        if (fromIsGone || !from.enter()) {
            fromIsGone = true;
            long part = Math.min(fromLeft, ZEROS.byteSize());
            return inBuffer == 0 ? socket.send(ZEROS, 0, part) : socket.send(out, outBegin, inBuffer, ZEROS, 0, part);
        }
        try {
            return inBuffer == 0
                    ? socket.send(from.segment(), fromOffset, fromLeft)
                    : socket.send(out, outBegin, inBuffer, from.segment(), fromOffset, fromLeft);
        } finally {
            from.exit();
        }
    }

    /// Whether so much fits the buffer, after sending what is there if need be.
    private boolean room(int length) throws IOException {
        return OUT - RESPONSE - outEnd >= length || send(); // one more is for a refusal
    }

    /// @return where it begins
    private int answer(byte kind, int length) {
        int at = outEnd;
        out.set(LONG, outEnd, 0);
        out.set(JAVA_BYTE, outEnd, kind);
        out.set(INT, outEnd + RESPONSE_LENGTH, length);
        out.set(LONG, outEnd + CARRIED_OUT, carriedOut);
        outEnd += RESPONSE;
        return at;
    }

    private void answerLong(long value) {
        int ignored = answer(TcpWire.DATA, Long.BYTES);
        out.set(JAVA_LONG_UNALIGNED, outEnd, value);
        outEnd += Long.BYTES;
    }

    @Override
    boolean parse() throws IOException {
        while (end - begin >= REQUEST) {
            if (bye) {
                throw new TcpProtocolException("a request after the last");
            }
            noteAnswered(staging.get(INT, begin + TcpWire.ANSWERED));
            byte kind = staging.get(JAVA_BYTE, begin);
            long length = staging.get(LONG, begin + TcpWire.LENGTH);
            if (length < 0 || length > TcpWire.MOST) {
                throw new TcpProtocolException("a length of " + length);
            }
            if (kind == TcpWire.GET) {
                if (!get(length)) {
                    return false;
                }
                continue;
            }
            if (kind == TcpWire.PUT && length > WHOLE) {
                TcpRegistration target = registration(Right.WRITE, length);
                long offset = staging.get(LONG, begin + TcpWire.OFFSET);
                begin += REQUEST;
                putsNowhere = target == null;
                MemorySegment into = putsNowhere || isRepeated(carriedOut + 1) ? null : target.segment();
                if (!beginRest(into, offset, length, into == null ? null : target)) {
                    return true;
                }
                continue;
            }
            if (length > WHOLE) {
                throw new TcpProtocolException("a length of " + length + " for kind " + kind);
            }
            if (end - begin < REQUEST + length) {
                return true;
            }
            if (!room(RESPONSE + (int) length + Long.BYTES)) {
                return false;
            }
            carryOut(kind, (int) length);
        }
        return true;
    }

    @Override
    void restCame(boolean dropped) {
        boolean again = isRepeated(carriedOut + 1);
        count();
        if (again ? putsNowhere : dropped) {
            why = putsNowhere ? why : TcpWire.NO_LONGER_SHARED;
            refuse();
        }
    }

    private boolean isRepeated(long number) {
        return number <= done;
    }

    private void count() {
        carriedOut++;
        done = Math.max(done, carriedOut);
    }

    /// Takes note of what has been answered as far as the origin knew when it wrote a request.
    private void noteAnswered(int lowBits) throws IOException {
        int notYet = (int) done - lowBits;
        if (notYet < 0) {
            throw new TcpProtocolException("a request after an answer that has not been given");
        }
        answers.forget(done - notYet);
    }

    /// Answers a request for memory that is no longer shared, or for what is not allowed.
    private void refuse() {
        out.set(JAVA_BYTE, answer(TcpWire.REFUSED, 0) + TcpWire.WHY, why);
    }

    private static Right right(byte kind) {
        return kind == TcpWire.PUT || kind == TcpWire.SIGNAL ? Right.WRITE : Right.ATOMIC;
    }

    /// The memory that a request is for, if the range is in it; null if it was shared once, but is no more, or not for that.
    private TcpRegistration registration(Right right, long length) throws IOException {
        long key = staging.get(LONG, begin + TcpWire.KEY);
        TcpRegistration registration = transport.registrations().find(key);
        if (registration == null) {
            if (transport.registrations().isWithdrawn(key)) {
                why = TcpWire.NO_LONGER_SHARED;
                return null;
            }
            throw new TcpProtocolException("a key that is not one of this rank's");
        }
        long offset = staging.get(LONG, begin + TcpWire.OFFSET);
        long byteSize = registration.segment().byteSize();
        if (offset < 0 || offset > byteSize - length) {
            throw new TcpProtocolException(length + " bytes at offset " + offset + " of memory that has " + byteSize);
        }
        if (!registration.permit().allows(right, offset, length)) {
            why = TcpWire.NOT_ALLOWED;
            return null;
        }
        return registration;
    }

    private boolean get(long length) throws IOException {
        TcpRegistration source = registration(Right.READ, length);
        if (!room(RESPONSE + WHOLE)) {
            return false;
        }
        long offset = staging.get(LONG, begin + TcpWire.OFFSET);
        begin += REQUEST;
        count();
        if (source == null) {
            refuse();
            return true;
        }
        if (length > WHOLE) {
            int ignored = answer(TcpWire.DATA, (int) length);
            from = source;
            fromOffset = offset;
            fromLeft = length;
            return send();
        }
        if (!source.enter()) {
            why = TcpWire.NO_LONGER_SHARED;
            refuse();
            return true;
        }
        int ignored = answer(TcpWire.DATA, (int) length);
        try {
            LoadStore.copy(source.segment(), offset, out, outEnd, length);
        } finally {
            source.exit();
        }
        outEnd += (int) length;
        return true;
    }

    private void carryOut(byte kind, int length) throws IOException {
        boolean again = isRepeated(carriedOut + 1);
        count();
        switch (kind) {
            case TcpWire.FLUSH -> {
                if (length != 0) {
                    throw new TcpProtocolException("a flush with a payload");
                }
                VarHandle.fullFence();
                int ignored = answer(TcpWire.ACK, 0);
            }
            case TcpWire.BYE -> {
                if (length != 0) {
                    throw new TcpProtocolException("a good-bye with a payload");
                }
                bye = true;
            }
            case TcpWire.ATTACH -> {
                if (length != Long.BYTES) {
                    throw new TcpProtocolException("an attachment of " + length + " bytes");
                }
                TcpRegistration asked = transport.registrations().find(staging.get(LONG, begin + TcpWire.KEY));
                answerLong(asked == null ? -1 : asked.segment().byteSize());
            }
            case TcpWire.PUT,
                    TcpWire.FETCH,
                    TcpWire.EXCHANGE,
                    TcpWire.ACCUMULATE,
                    TcpWire.GET_ACCUMULATE,
                    TcpWire.SIGNAL -> change(kind, length, again);
            default -> throw new TcpProtocolException("a request of kind " + kind);
        }
        begin += REQUEST + length;
    }

    private void change(byte kind, int length, boolean again) throws IOException {
        boolean single = kind == TcpWire.FETCH || kind == TcpWire.EXCHANGE;
        DataType type = type(single);
        int touched = kind == TcpWire.SIGNAL ? Long.BYTES : single ? type.byteSize() : length;
        TcpRegistration target = registration(right(kind), touched);
        long offset = staging.get(LONG, begin + TcpWire.OFFSET);
        if (target != null && !target.enter()) {
            why = TcpWire.NO_LONGER_SHARED;
            target = null;
        }
        if (target == null) {
            refuse();
            return;
        }
        try {
            if (again) {
                answerAgain(kind, length);
            } else if (kind == TcpWire.PUT) {
                LoadStore.copy(staging, begin + REQUEST, target.segment(), offset, length);
            } else {
                change(kind, type, target, offset, length);
            }
        } finally {
            target.exit();
        }
    }

    /// Gives the answer of a request again that was carried out when it came for the first time.
    private void answerAgain(byte kind, int length) {
        int bytes = switch (kind) {
            case TcpWire.FETCH, TcpWire.EXCHANGE -> Long.BYTES;
            case TcpWire.GET_ACCUMULATE -> length;
            default -> 0;
        };
        if (bytes == 0) {
            return;
        }
        if (answers.repeat(carriedOut, out, outEnd + RESPONSE, bytes)) {
            int ignored = answer(TcpWire.DATA, bytes);
            outEnd += bytes;
        } else {
            refuse();
        }
    }

    private void change(byte kind, DataType type, TcpRegistration target, long offset, int length) throws IOException {
        int payload = begin + REQUEST;
        switch (kind) {
            case TcpWire.SIGNAL -> {
                if (!(length == Long.BYTES && offset % Long.BYTES == 0)) {
                    throw new TcpProtocolException("a signal at offset " + offset);
                }
                target.atomics().signal(offset, signal(), staging.get(LONG, payload));
            }
            case TcpWire.FETCH -> {
                if (!(length == Long.BYTES && offset % type.byteSize() == 0)) {
                    throw new TcpProtocolException("an atomic at offset " + offset);
                }
                answerLong(target.atomics().fetchAndOp(type, offset, operator(type), staging.get(LONG, payload)));
                answers.remember(carriedOut, out, outEnd - Long.BYTES, Long.BYTES);
            }
            case TcpWire.EXCHANGE -> {
                if (!(length == 2 * Long.BYTES && offset % type.byteSize() == 0)) {
                    throw new TcpProtocolException("an atomic at offset " + offset);
                }
                answerLong(target.atomics()
                        .compareAndExchange(
                                type, offset, staging.get(LONG, payload), staging.get(LONG, payload + Long.BYTES)));
                answers.remember(carriedOut, out, outEnd - Long.BYTES, Long.BYTES);
            }
            default -> {
                int size = type.byteSize();
                if (!(length % size == 0 && offset % size == 0)) {
                    throw new TcpProtocolException("elements of " + size + " bytes at " + offset);
                }
                Operator op = operator(type);
                if (kind == TcpWire.GET_ACCUMULATE) {
                    int ignored = answer(TcpWire.DATA, length);
                    target.atomics().accumulate(type, offset, op, staging, payload, length, out, outEnd);
                    answers.remember(carriedOut, out, outEnd, length);
                    outEnd += length;
                } else {
                    target.atomics().accumulate(type, offset, op, staging, payload, length, null, 0);
                }
            }
        }
    }

    private DataType type(boolean single) throws IOException {
        int ordinal = staging.get(JAVA_BYTE, begin + TcpWire.TYPE);
        if (!(ordinal >= 0 && ordinal < TYPES.length)) {
            throw new TcpProtocolException("a data type " + ordinal);
        }
        DataType type = TYPES[ordinal];
        if (!(!single || type == DataType.INT || type == DataType.LONG)) {
            throw new TcpProtocolException("an atomic on " + type);
        }
        return type;
    }

    private Operator operator(DataType type) throws IOException {
        int ordinal = staging.get(JAVA_BYTE, begin + TcpWire.OPERATOR);
        if (!(ordinal >= 0 && ordinal < OPERATORS.length)) {
            throw new TcpProtocolException("an operator " + ordinal);
        }
        Operator op = OPERATORS[ordinal];
        if (!op.isDefinedFor(type)) {
            throw new TcpProtocolException(op + " on " + type);
        }
        return op;
    }

    private SignalKind signal() throws IOException {
        int ordinal = staging.get(JAVA_BYTE, begin + TcpWire.OPERATOR);
        if (!(ordinal >= 0 && ordinal < SIGNALS.length)) {
            throw new TcpProtocolException("a signal " + ordinal);
        }
        return SIGNALS[ordinal];
    }
}
