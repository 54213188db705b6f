package org.porthole.transport.shm;

import static org.porthole.transport.shm.MailboxDescriptor.INT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.spi.LoadStore;
import org.porthole.spi.SignalKind;
import org.porthole.spi.TargetAtomics;

/// The target's side of messages for memory that the user brought: a thread that looks through the slots, sleeps while there is nothing to do,
/// and trusts no peer. What a request says is read once, and checked against what is registered.
///
/// **Threads.** Any; the service has its own.
final class ShmMailbox implements AutoCloseable {
    private static final int SPINS = 200;
    private static final int YIELDS = 50;
    private static final long SLEEP_NS = 10_000_000_000L;
    private static final DataType[] TYPES = DataType.values();
    private static final Operator[] OPERATORS = Operator.values();
    private static final SignalKind[] SIGNALS = SignalKind.values();

    private final ShmMemory memory = new ShmMemory(MailboxDescriptor.BYTES, "mailbox");
    private final MemorySegment segment = memory.segment();
    private final List<BorrowedRegistration> registrations = new CopyOnWriteArrayList<>();
    private final Thread service;
    private volatile boolean closing;

    ShmMailbox() {
        service = Thread.ofPlatform().daemon().name("porthole-shm-mailbox").unstarted(this::serve);
        service.start();
    }

    ShmFile.Name name() {
        return memory.file().name();
    }

    void add(BorrowedRegistration registration) {
        registrations.add(registration);
    }

    void remove(BorrowedRegistration registration) {
        registrations.remove(registration);
    }

    @SuppressWarnings("ThreadPriorityCheck") // origins may share this core
    private void serve() {
        for (int idle = 0; !closing; idle++) {
            if (answerAll()) {
                idle = 0;
            } else if (idle < SPINS) {
                Thread.onSpinWait();
            } else if (idle < SPINS + YIELDS) {
                Thread.yield();
            } else {
                sleep();
                idle = 0;
            }
        }
        INT.setVolatile(segment, MailboxDescriptor.CLOSED, 1);
        for (int i = 0; i < MailboxDescriptor.SLOTS; i++) {
            memory.unpark(MailboxDescriptor.slot(i) + MailboxDescriptor.STATE);
        }
    }

    /// Whoever posts after the last look finds this thread asleep, and changes the bell.
    private void sleep() {
        int bell = (int) INT.getVolatile(segment, MailboxDescriptor.BELL);
        INT.setVolatile(segment, MailboxDescriptor.ASLEEP, 1);
        if (!answerAll() && !closing) {
            ShmNative.futexWait(segment.address() + MailboxDescriptor.BELL, bell, SLEEP_NS);
        }
        INT.setVolatile(segment, MailboxDescriptor.ASLEEP, 0);
    }

    private boolean answerAll() {
        boolean any = false;
        for (int i = 0; i < MailboxDescriptor.SLOTS; i++) {
            long slot = MailboxDescriptor.slot(i);
            if ((int) INT.getVolatile(segment, slot + MailboxDescriptor.STATE) == MailboxDescriptor.POSTED) {
                INT.setVolatile(segment, slot + MailboxDescriptor.STATE, answer(slot));
                if ((int) INT.getVolatile(segment, slot + MailboxDescriptor.SLEEPER) != 0) {
                    memory.unpark(slot + MailboxDescriptor.STATE);
                }
                any = true;
            }
        }
        return any;
    }

    private int answer(long slot) {
        long number = word(slot + MailboxDescriptor.NUMBER);
        for (BorrowedRegistration each : registrations) {
            if (each.borrowedKey().number() == number) {
                synchronized (each) {
                    return each.isClosed() ? MailboxDescriptor.REFUSED_NUMBER : answer(each, slot);
                }
            }
        }
        return MailboxDescriptor.REFUSED_NUMBER;
    }

    private int answer(BorrowedRegistration registration, long slot) {
        try {
            return carryOut(registration, slot) ? MailboxDescriptor.DONE : MailboxDescriptor.REFUSED_REQUEST;
        } catch (RuntimeException | InternalError e) {
            System.getLogger(ShmMailbox.class.getName())
                    .log(System.Logger.Level.DEBUG, "a peer's request failed on borrowed memory", e);
            return MailboxDescriptor.REFUSED_MEMORY;
        }
    }

    private boolean carryOut(BorrowedRegistration registration, long slot) {
        int kind = number(slot + MailboxDescriptor.KIND);
        long offset = word(slot + MailboxDescriptor.OFFSET);
        long length = word(slot + MailboxDescriptor.LENGTH);
        long operand = word(slot + MailboxDescriptor.OPERAND);
        long second = word(slot + MailboxDescriptor.SECOND_OPERAND);
        MemorySegment target = registration.segment();
        if (kind == MailboxDescriptor.ATTACH) {
            return operand == target.address() && second == target.byteSize();
        }
        if (length < 0 || offset < 0 || offset > target.byteSize() - length) {
            return false;
        }
        return switch (kind) {
            case MailboxDescriptor.PUT, MailboxDescriptor.GET -> {
                if (length > MailboxDescriptor.PAYLOAD_BYTES) {
                    yield false;
                }
                long payload = slot + MailboxDescriptor.PAYLOAD;
                if (kind == MailboxDescriptor.PUT) {
                    LoadStore.copy(segment, payload, target, offset, length);
                } else {
                    LoadStore.copy(target, offset, segment, payload, length);
                }
                yield true;
            }
            case MailboxDescriptor.SIGNAL -> {
                int signal = number(slot + MailboxDescriptor.OPERATOR);
                if (length != Long.BYTES
                        || !isAligned(target, offset, Long.BYTES)
                        || !isIndex(signal, SIGNALS.length)) {
                    yield false;
                }
                registration.atomics().signal(offset, SIGNALS[signal], operand);
                yield true;
            }
            default -> carryOutTyped(registration, slot, kind, offset, length, operand, second);
        };
    }

    private boolean carryOutTyped(
            BorrowedRegistration registration,
            long slot,
            int kind,
            long offset,
            long length,
            long operand,
            long second) {
        int typeIndex = number(slot + MailboxDescriptor.TYPE);
        int operatorIndex = number(slot + MailboxDescriptor.OPERATOR);
        if (!isIndex(typeIndex, TYPES.length) || !isIndex(operatorIndex, OPERATORS.length)) {
            return false;
        }
        DataType type = TYPES[typeIndex];
        Operator op = OPERATORS[operatorIndex];
        if (!op.isDefinedFor(type) || !isAligned(registration.segment(), offset, type.byteSize())) {
            return false;
        }
        TargetAtomics atomics = registration.atomics();
        boolean one = (type == DataType.INT || type == DataType.LONG) && length == type.byteSize();
        return switch (kind) {
            case MailboxDescriptor.FETCH_AND_OP -> {
                if (one) {
                    setWord(slot + MailboxDescriptor.RESULT, atomics.fetchAndOp(type, offset, op, operand));
                }
                yield one;
            }
            case MailboxDescriptor.COMPARE_AND_EXCHANGE -> {
                if (one) {
                    setWord(slot + MailboxDescriptor.RESULT, atomics.compareAndExchange(type, offset, operand, second));
                }
                yield one;
            }
            case MailboxDescriptor.ACCUMULATE, MailboxDescriptor.GET_ACCUMULATE -> {
                if (length > MailboxDescriptor.PAYLOAD_BYTES || length % type.byteSize() != 0) {
                    yield false;
                }
                long payload = slot + MailboxDescriptor.PAYLOAD;
                MemorySegment result = kind == MailboxDescriptor.GET_ACCUMULATE ? segment : null;
                atomics.accumulate(type, offset, op, segment, payload, length, result, payload);
                yield true;
            }
            default -> false;
        };
    }

    private static boolean isAligned(MemorySegment target, long offset, int byteSize) {
        return ((target.address() + offset) & (byteSize - 1)) == 0;
    }

    private static boolean isIndex(int number, int count) {
        return number >= 0 && number < count;
    }

    private int number(long offset) {
        return segment.get(ValueLayout.JAVA_INT, offset);
    }

    private long word(long offset) {
        return segment.get(ValueLayout.JAVA_LONG, offset);
    }

    private void setWord(long offset, long value) {
        segment.set(ValueLayout.JAVA_LONG, offset, value);
    }

    /// Ends the service; origins that still wait are told.
    @Override
    public void close() {
        closing = true;
        int ignored = (int) INT.getAndAdd(segment, MailboxDescriptor.BELL, 1);
        memory.unpark(MailboxDescriptor.BELL);
        boolean interrupted = false;
        while (service.isAlive()) {
            try {
                service.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        memory.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
