package org.porthole.transport.rdma;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.porthole.transport.rdma.RdmaWire.CREDITS;
import static org.porthole.transport.rdma.RdmaWire.INT;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// The requests of a connection, which are answered in their order.
///
/// **Threads.** Entered by whoever posts, answered by whoever works; asked about by any where that is said.
@SuppressWarnings("UnusedVariable") // some fields are read by their VarHandles alone
final class RdmaQuestions {
    private static final VarHandle SENT = handle("sent");
    private static final VarHandle ANSWERED = handle("answered");
    private static final VarHandle ANSWERED_NUMBER = handle("answeredNumber");

    private long sent;
    private long answered;
    private long answeredNumber;

    /// Of each request: its number as work, and where the bytes of its answer go.
    private final long[] number = new long[CREDITS];

    private final MemorySegment[] to = new MemorySegment[CREDITS];
    private final long[] offset = new long[CREDITS];
    private final int[] length = new int[CREDITS];

    private static VarHandle handle(String field) {
        try {
            return MethodHandles.lookup().findVarHandle(RdmaQuestions.class, field, long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    static int slot(long request) {
        return (int) (request % CREDITS);
    }

    /// How many there have been.
    long sent() {
        return sent;
    }

    /// How many have been answered. Any thread.
    long answered() {
        return (long) ANSWERED.getAcquire(this);
    }

    /// The number of the last that has been answered. Any thread.
    long answeredNumber() {
        return (long) ANSWERED_NUMBER.getAcquire(this);
    }

    /// Whether another can be sent now.
    boolean hasCredit() {
        return sent - answered() < CREDITS;
    }

    /// A request's number as work, while it is one of the last [RdmaWire#CREDITS].
    long number(long request) {
        return number[slot(request)];
    }

    /// The number of the last request; 0 if there was none.
    long lastNumber() {
        return sent == 0 ? 0 : number(sent - 1);
    }

    /// Another is sent.
    ///
    /// @param itsNumber   as work
    /// @param destination where the bytes of the answer go; null if it has none
    /// @param expected    how many bytes they are
    /// @return which it is
    long enter(long itsNumber, MemorySegment destination, long destinationOffset, int expected) {
        int slot = slot(sent);
        number[slot] = itsNumber;
        to[slot] = destination;
        offset[slot] = destinationOffset;
        length[slot] = expected;
        SENT.setRelease(this, sent + 1);
        return sent - 1;
    }

    /// Whether all up to a number of work have been answered. Any thread.
    boolean isAnswered(long last) {
        for (; ; ) {
            long count = answered();
            if (count == (long) SENT.getAcquire(this)) {
                return true;
            }
            boolean after = number(count) > last;
            VarHandle.acquireFence();
            if (count == answered()) {
                return after;
            }
        }
    }

    /// An answer has come: takes its bytes to where they go. It does not count before [#count()].
    ///
    /// @param at       where it is
    /// @param received how long it is
    /// @return false if the request is refused
    /// @throws IOException if it is none that is due
    boolean answer(MemorySegment bytes, long at, int received) throws IOException {
        int slot = slot(answered);
        byte kind = bytes.get(JAVA_BYTE, at);
        int payload = bytes.get(INT, at + RdmaWire.RESPONSE_LENGTH);
        MemorySegment destination = to[slot];
        if (answered == (long) SENT.getAcquire(this) || received != RdmaWire.RESPONSE + payload) {
            throw new IOException("it broke the protocol: an answer of " + received + " bytes");
        }
        boolean refused = kind == RdmaWire.REFUSED;
        if (!refused && (payload != length[slot] || (kind != RdmaWire.DATA && kind != RdmaWire.ACK))) {
            throw new IOException("it broke the protocol: an answer of kind " + kind + " with " + payload + " bytes");
        }
        if (!refused && destination != null) {
            AnyMemory.copy(bytes, at + RdmaWire.RESPONSE, destination, offset[slot], payload);
        }
        to[slot] = null;
        return !refused;
    }

    /// The answer that was taken counts from now on; whoever waits for it must hear of a refusal before.
    void count() {
        ANSWERED_NUMBER.setRelease(this, number(answered));
        ANSWERED.setRelease(this, answered + 1);
    }
}
