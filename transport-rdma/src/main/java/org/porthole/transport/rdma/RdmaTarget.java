package org.porthole.transport.rdma;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.porthole.transport.rdma.RdmaWire.CREDITS;
import static org.porthole.transport.rdma.RdmaWire.INT;
import static org.porthole.transport.rdma.RdmaWire.LONG;
import static org.porthole.transport.rdma.RdmaWire.SLOT;

import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvWC;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.SocketChannel;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.Right;
import org.porthole.spi.SignalKind;

/// The target's side of a connection: carries out a peer's requests on registered memory, one after the other, and answers each. Puts and gets are
/// the adapter's.
///
/// Nothing that arrives is used before it is checked.
final class RdmaTarget extends RdmaConnection {
    private static final int ANSWERS_AT = CREDITS * SLOT;
    static final long BUFFER = 2 * CREDITS * SLOT;
    /// The peer knows of an answer before this side knows that it does, so that there may be more on the way than credits.
    static final int SENDS = 4 * CREDITS;

    private static final DataType[] TYPES = DataType.values();
    private static final Operator[] OPERATORS = Operator.values();
    private static final SignalKind[] SIGNALS = SignalKind.values();

    private final long session;
    private volatile long answered;
    private int answerBytes;
    /// Of the last answers, which the peer may not have got.
    private final int[] answerLength = new int[CREDITS];

    /// Whether the queue pair is in error, and answers wait for another.
    private boolean broken;

    RdmaTarget(
            RdmaTransport transport, RdmaQueue queue, RdmaBuffer buffer, SocketChannel socket, int peer, long session) {
        super(transport, queue, buffer, socket, peer);
        this.session = session;
    }

    @Override
    void worked() {}

    @Override
    void completed(IbvWC completion) throws IOException {
        if (completion.getStatus() != RdmaStatus.SUCCESS) {
            // The peer makes another queue pair, or its socket tells that it has gone.
            broken = true;
            return;
        }
        int slot = RdmaQueue.receive(completion);
        if (slot < 0) {
            return;
        }
        int received = completion.getByte_len();
        int at = slot * SLOT;
        long length = received < RdmaWire.REQUEST ? -1 : buffer.segment().get(LONG, at + RdmaWire.LENGTH);
        if (length != received - RdmaWire.REQUEST) {
            throw new IOException("it broke the protocol: a request of " + received + " bytes");
        }
        long answerAt = ANSWERS_AT + (answered % CREDITS) * SLOT;
        answer(answerAt, RdmaWire.ACK, 0);
        carryOut(buffer.segment().get(JAVA_BYTE, at), at, (int) length, answerAt);
        long number = answered + 1;
        answerLength[(int) (answered % CREDITS)] = RdmaWire.RESPONSE + answerBytes;
        answered = number;
        if (!broken) {
            try {
                queue().postReceive(slot);
                sendAnswer(number);
            } catch (IOException e) {
                broken = true;
            }
        }
    }

    private void sendAnswer(long number) throws IOException {
        int slot = (int) ((number - 1) % CREDITS);
        int bytes = answerLength[slot];
        int inline = bytes <= queue().inline() ? IbvSendWR.IBV_SEND_INLINE : 0;
        queue().send(number, IbvSendWR.IBV_SEND_SIGNALED | inline, ANSWERS_AT + (long) slot * SLOT, bytes);
    }

    boolean isSession(int itsPeer, long itsSession) {
        return itsPeer == peer && itsSession == session;
    }

    /// How many requests have been carried out.
    long carriedOut() {
        return answered;
    }

    /// Whether answers can be given again from there on.
    boolean remembers(long answers) {
        return answers == RdmaHandshake.NEW || (answers <= answered && answers >= answered - CREDITS);
    }

    /// Has another queue pair, which is connected, and carries out nothing that comes there before [#answerAgain(long)]. Nobody works on the old one
    /// any more.
    void renew(RdmaQueue another, SocketChannel itsSocket) throws IOException {
        retireQueue();
        alone(() -> {
            replace(another, itsSocket);
            broken = false;
        });
    }

    /// Gives again the answers that have not come to the peer, ahead of those to what it now asks: it takes them in the order of its requests.
    void answerAgain(long answers) throws IOException {
        alone(() -> {
            for (long number = answers; number >= 0 && number < answered; number++) {
                sendAnswer(number + 1);
            }
            goOn();
        });
    }

    private void answer(long at, byte kind, int length) {
        MemorySegment bytes = buffer.segment();
        bytes.set(LONG, at, 0);
        bytes.set(LONG, at + Long.BYTES, 0);
        bytes.set(JAVA_BYTE, at, kind);
        bytes.set(INT, at + RdmaWire.RESPONSE_LENGTH, length);
        answerBytes = length;
    }

    private void answerLong(long at, long value) {
        answer(at, RdmaWire.DATA, Long.BYTES);
        buffer.segment().set(LONG, at + RdmaWire.RESPONSE, value);
    }

    private void carryOut(byte kind, int at, int length, long answerAt) throws IOException {
        long key = buffer.segment().get(LONG, at + RdmaWire.KEY);
        if (kind == RdmaWire.ATTACH) {
            attach(transport.registration(key), buffer.segment().get(LONG, at + RdmaWire.OFFSET), answerAt);
            return;
        }
        boolean single = kind == RdmaWire.FETCH || kind == RdmaWire.EXCHANGE;
        DataType type = type(at, single);
        int touched = kind == RdmaWire.SIGNAL ? Long.BYTES : single ? type.byteSize() : length;
        RdmaRegistration target = transport.registration(key);
        if (target == null || !target.enter()) {
            answer(answerAt, RdmaWire.REFUSED, 0);
            return;
        }
        try {
            long offset = buffer.segment().get(LONG, at + RdmaWire.OFFSET);
            int size = kind == RdmaWire.SIGNAL ? Long.BYTES : type.byteSize();
            if (offset < 0 || offset > target.byteSize() - touched || offset % size != 0 || touched % size != 0) {
                throw new IOException("it broke the protocol: " + touched + " bytes at offset " + offset
                        + " of memory that has " + target.byteSize());
            }
            Right right = kind == RdmaWire.SIGNAL ? Right.WRITE : Right.ATOMIC;
            if (!target.permit().allows(right, offset, touched)) {
                answer(answerAt, RdmaWire.REFUSED, 0);
                return;
            }
            change(kind, type, target, offset, at, length, answerAt);
        } finally {
            target.exit();
        }
    }

    private void attach(RdmaRegistration asked, long piece, long answerAt) {
        answer(answerAt, RdmaWire.DATA, RdmaWire.ATTACHED);
        MemorySegment bytes = buffer.segment();
        long at = answerAt + RdmaWire.RESPONSE;
        bytes.set(LONG, at, asked == null ? -1 : asked.byteSize());
        bytes.set(LONG, at + Long.BYTES, asked == null ? 0 : asked.address());
        bytes.set(LONG, at + 2 * Long.BYTES, asked == null ? 0 : asked.remoteKey(piece));
        bytes.set(LONG, at + 3 * Long.BYTES, asked != null && asked.isByAdapter() ? 1 : 0);
        bytes.set(LONG, at + 4 * Long.BYTES, asked == null ? 0 : asked.span());
    }

    private void change(
            byte kind, DataType type, RdmaRegistration target, long offset, int at, int length, long answerAt)
            throws IOException {
        MemorySegment bytes = buffer.segment();
        long payload = (long) at + RdmaWire.REQUEST;
        switch (kind) {
            case RdmaWire.SIGNAL -> {
                requireLength(length, Long.BYTES);
                target.atomics().signal(offset, signal(at), bytes.get(LONG, payload));
            }
            case RdmaWire.FETCH -> {
                requireLength(length, Long.BYTES);
                long operand = bytes.get(LONG, payload);
                answerLong(answerAt, target.atomics().fetchAndOp(type, offset, operator(at, type), operand));
            }
            case RdmaWire.EXCHANGE -> {
                requireLength(length, 2 * Long.BYTES);
                long expected = bytes.get(LONG, payload);
                long value = bytes.get(LONG, payload + Long.BYTES);
                answerLong(answerAt, target.atomics().compareAndExchange(type, offset, expected, value));
            }
            case RdmaWire.ACCUMULATE ->
                target.atomics().accumulate(type, offset, operator(at, type), bytes, payload, length, null, 0);
            case RdmaWire.GET_ACCUMULATE -> {
                Operator op = operator(at, type);
                answer(answerAt, RdmaWire.DATA, length);
                target.atomics()
                        .accumulate(type, offset, op, bytes, payload, length, bytes, answerAt + RdmaWire.RESPONSE);
            }
            default -> throw new IOException("it broke the protocol: a request of kind " + kind);
        }
    }

    private static void requireLength(int length, int expected) throws IOException {
        if (length != expected) {
            throw new IOException("it broke the protocol: " + length + " bytes where " + expected + " are due");
        }
    }

    private DataType type(int at, boolean single) throws IOException {
        int ordinal = buffer.segment().get(JAVA_BYTE, at + RdmaWire.TYPE);
        if (ordinal < 0 || ordinal >= TYPES.length) {
            throw new IOException("it broke the protocol: a data type " + ordinal);
        }
        DataType type = TYPES[ordinal];
        if (single && type != DataType.INT && type != DataType.LONG) {
            throw new IOException("it broke the protocol: an atomic on " + type);
        }
        return type;
    }

    private Operator operator(int at, DataType type) throws IOException {
        int ordinal = buffer.segment().get(JAVA_BYTE, at + RdmaWire.OPERATOR);
        if (ordinal < 0 || ordinal >= OPERATORS.length || !OPERATORS[ordinal].isDefinedFor(type)) {
            throw new IOException("it broke the protocol: an operator " + ordinal + " on " + type);
        }
        return OPERATORS[ordinal];
    }

    private SignalKind signal(int at) throws IOException {
        int ordinal = buffer.segment().get(JAVA_BYTE, at + RdmaWire.OPERATOR);
        if (ordinal < 0 || ordinal >= SIGNALS.length) {
            throw new IOException("it broke the protocol: a signal " + ordinal);
        }
        return SIGNALS[ordinal];
    }
}
