package org.porthole.transport.rdma;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.porthole.transport.rdma.RdmaWire.CREDITS;
import static org.porthole.transport.rdma.RdmaWire.INT;
import static org.porthole.transport.rdma.RdmaWire.LONG;
import static org.porthole.transport.rdma.RdmaWire.SLOT;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.SocketChannel;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.spi.SignalKind;

/// The target's side of a connection: carries out a peer's requests on registered memory, one after the other, and answers each. Puts and gets are
/// the adapter's.
///
/// Nothing that arrives is used before it is checked.
final class RdmaTarget extends RdmaConnection {
    private static final int ANSWERS_AT = CREDITS * SLOT;
    static final int BUFFER = 2 * CREDITS * SLOT;
    /// The peer knows of an answer before this side knows that it does, so that there may be more on the way than credits.
    static final int SENDS = 4 * CREDITS;

    static final int RECEIVES = CREDITS;

    private static final DataType[] TYPES = DataType.values();
    private static final Operator[] OPERATORS = Operator.values();
    private static final SignalKind[] SIGNALS = SignalKind.values();

    private long answered;
    private int answerBytes;

    RdmaTarget(RdmaTransport transport, RdmaQueue queue, SocketChannel socket, int peer) {
        super(transport, queue, socket, peer);
    }

    /// Lets requests come, before the queue pair is connected.
    static void postReceives(RdmaQueue queue) throws IOException {
        for (int i = 0; i < CREDITS; i++) {
            queue.postReceive(i, (long) i * SLOT, SLOT);
        }
    }

    @Override
    void worked() {}

    @Override
    void completed(int completion) throws IOException {
        // A queue pair whose adapter has refused something is in error; the peer makes a new one, or its socket tells
        // that it has gone.
        if (queue.status(completion) != RdmaNative.SUCCESS || !queue.isReceive(completion)) {
            return;
        }
        int slot = (int) queue.number(completion);
        int received = queue.length(completion);
        int at = slot * SLOT;
        long length = received < RdmaWire.REQUEST ? -1 : queue.buffer().get(LONG, at + RdmaWire.LENGTH);
        if (length != received - RdmaWire.REQUEST) {
            throw new IOException("it broke the protocol: a request of " + received + " bytes");
        }
        long answerAt = ANSWERS_AT + (answered % CREDITS) * SLOT;
        answer(answerAt, RdmaWire.ACK, 0);
        carryOut(queue.buffer().get(JAVA_BYTE, at), at, (int) length, answerAt);
        answered++;
        queue.postReceive(slot, at, SLOT);
        int bytes = RdmaWire.RESPONSE + answerBytes;
        int flags = RdmaNative.SIGNALED | (bytes <= queue.inline() ? RdmaNative.INLINE : 0);
        queue.post(answered, RdmaNative.SEND, flags, answerAt, bytes, 0, 0);
    }

    private void answer(long at, byte kind, int length) {
        MemorySegment buffer = queue.buffer();
        buffer.set(LONG, at, 0);
        buffer.set(LONG, at + Long.BYTES, 0);
        buffer.set(JAVA_BYTE, at, kind);
        buffer.set(INT, at + RdmaWire.RESPONSE_LENGTH, length);
        answerBytes = length;
    }

    private void answerLong(long at, long value) {
        answer(at, RdmaWire.DATA, Long.BYTES);
        queue.buffer().set(LONG, at + RdmaWire.RESPONSE, value);
    }

    private void carryOut(byte kind, int at, int length, long answerAt) throws IOException {
        long key = queue.buffer().get(LONG, at + RdmaWire.KEY);
        if (kind == RdmaWire.ATTACH) {
            attach(transport.registration(key), answerAt);
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
            long offset = queue.buffer().get(LONG, at + RdmaWire.OFFSET);
            int size = kind == RdmaWire.SIGNAL ? Long.BYTES : type.byteSize();
            if (offset < 0 || offset > target.byteSize() - touched || offset % size != 0 || touched % size != 0) {
                throw new IOException("it broke the protocol: " + touched + " bytes at offset " + offset
                        + " of memory that has " + target.byteSize());
            }
            change(kind, type, target, offset, at, length, answerAt);
        } finally {
            target.exit();
        }
    }

    private void attach(RdmaRegistration asked, long answerAt) {
        answer(answerAt, RdmaWire.DATA, RdmaWire.ATTACHED);
        MemorySegment buffer = queue.buffer();
        long at = answerAt + RdmaWire.RESPONSE;
        buffer.set(LONG, at, asked == null ? -1 : asked.byteSize());
        buffer.set(LONG, at + Long.BYTES, asked == null ? 0 : asked.address());
        buffer.set(LONG, at + 2 * Long.BYTES, asked == null ? 0 : asked.remoteKey());
    }

    private void change(
            byte kind, DataType type, RdmaRegistration target, long offset, int at, int length, long answerAt)
            throws IOException {
        MemorySegment buffer = queue.buffer();
        long payload = (long) at + RdmaWire.REQUEST;
        switch (kind) {
            case RdmaWire.SIGNAL -> {
                requireLength(length, Long.BYTES);
                target.atomics().signal(offset, signal(at), buffer.get(LONG, payload));
            }
            case RdmaWire.FETCH -> {
                requireLength(length, Long.BYTES);
                long operand = buffer.get(LONG, payload);
                answerLong(answerAt, target.atomics().fetchAndOp(type, offset, operator(at, type), operand));
            }
            case RdmaWire.EXCHANGE -> {
                requireLength(length, 2 * Long.BYTES);
                long expected = buffer.get(LONG, payload);
                long value = buffer.get(LONG, payload + Long.BYTES);
                answerLong(answerAt, target.atomics().compareAndExchange(type, offset, expected, value));
            }
            case RdmaWire.ACCUMULATE ->
                target.atomics().accumulate(type, offset, operator(at, type), buffer, payload, length, null, 0);
            case RdmaWire.GET_ACCUMULATE -> {
                Operator op = operator(at, type);
                answer(answerAt, RdmaWire.DATA, length);
                target.atomics()
                        .accumulate(type, offset, op, buffer, payload, length, buffer, answerAt + RdmaWire.RESPONSE);
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
        int ordinal = queue.buffer().get(JAVA_BYTE, at + RdmaWire.TYPE);
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
        int ordinal = queue.buffer().get(JAVA_BYTE, at + RdmaWire.OPERATOR);
        if (ordinal < 0 || ordinal >= OPERATORS.length || !OPERATORS[ordinal].isDefinedFor(type)) {
            throw new IOException("it broke the protocol: an operator " + ordinal + " on " + type);
        }
        return OPERATORS[ordinal];
    }

    private SignalKind signal(int at) throws IOException {
        int ordinal = queue.buffer().get(JAVA_BYTE, at + RdmaWire.OPERATOR);
        if (ordinal < 0 || ordinal >= SIGNALS.length) {
            throw new IOException("it broke the protocol: a signal " + ordinal);
        }
        return SIGNALS[ordinal];
    }
}
