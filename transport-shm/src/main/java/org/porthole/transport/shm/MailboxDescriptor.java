package org.porthole.transport.shm;

import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/// The layout of a mailbox: a header, then slots of a head and a payload, in the host's byte order.
final class MailboxDescriptor {
    static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    /// Counts the wake-ups of the service, which sleeps on it.
    static final long BELL = 0;
    /// 1 while the service sleeps, or is about to.
    static final long ASLEEP = 64;
    /// 1 once the service has ended.
    static final long CLOSED = 128;

    static final int SLOTS = 16;
    static final long FIRST_SLOT = 192;
    static final int PAYLOAD_BYTES = 4096;

    /// The origin's rank + 1; 0 if the slot is free, [#ABANDONED] if its origin has left before the answer.
    static final long OWNER = 0;

    static final long STATE = 4;
    /// 1 if the origin sleeps on the state, or is about to.
    static final long SLEEPER = 8;

    static final long KIND = 12;
    static final long NUMBER = 16;
    static final long OFFSET = 24;
    static final long LENGTH = 32;
    static final long TYPE = 40;
    static final long OPERATOR = 44;
    static final long OPERAND = 48;
    static final long SECOND_OPERAND = 56;
    static final long RESULT = 64;
    static final long PAYLOAD = 128;
    static final long SLOT_BYTES = PAYLOAD + PAYLOAD_BYTES;
    static final long BYTES = FIRST_SLOT + SLOTS * SLOT_BYTES;

    static final int ABANDONED = -1;

    static final int IDLE = 0;
    static final int POSTED = 1;
    static final int DONE = 2;
    /// The registration has ended, or was never one.
    static final int REFUSED_NUMBER = 3;
    /// Range, alignment, type or operator do not fit the registered memory.
    static final int REFUSED_REQUEST = 4;
    /// The memory itself cannot be used any more.
    static final int REFUSED_MEMORY = 5;

    /// Asks whether address (operand) and size (second operand) are those registered.
    static final int ATTACH = 1;

    static final int FETCH_AND_OP = 2;
    static final int COMPARE_AND_EXCHANGE = 3;
    static final int ACCUMULATE = 4;
    static final int GET_ACCUMULATE = 5;
    static final int SIGNAL = 6;
    static final int PUT = 7;
    static final int GET = 8;

    private MailboxDescriptor() {}

    static long slot(int index) {
        return FIRST_SLOT + index * SLOT_BYTES;
    }
}
