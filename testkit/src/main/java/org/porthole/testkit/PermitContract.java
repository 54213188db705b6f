package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.porthole.AccessRefusedException;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.Right;
import org.porthole.spi.Memory;
import org.porthole.spi.Permit;
import org.porthole.spi.Registration;
import org.porthole.spi.RemoteMemory;
import org.porthole.spi.SignalKind;
import org.porthole.spi.TargetAtomics;

/// A target refuses what a registration does not permit, and everything once it has ended, from peers whose software asks all the same: the endpoints of
/// these tests are used without the runtime, which would have refused first.
public abstract class PermitContract extends TransportContract {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final int BYTES = 4096;
    private static final int FROM = 1024;
    private static final int TO = 2048;
    private static final int LONG_BYTES = 3 << 20;
    private static final int ENDINGS = 30;

    /// For transports.
    protected PermitContract() {}

    private SpiPair pair(long byteSize) {
        SpiPair pair = new SpiPair(transport(), configuration(), byteSize);
        if (pair.origin.capabilities().loadStore()) {
            pair.close();
            Assumptions.abort("peers map the memory: there is nobody at the target who could refuse");
        }
        return pair;
    }

    @Test
    void shouldRefuseAtTheTargetWhatThePermitDoesNotAllow() {
        for (Right only : Right.values()) {
            requireExactly(EnumSet.of(only));
            requireExactly(EnumSet.complementOf(EnumSet.of(only)));
        }
    }

    private void requireExactly(Set<Right> rights) {
        try (SpiPair pair = pair(BYTES);
                Registration registration =
                        pair.target.register(pair.memory, TargetAtomics.of(pair.memory), Permit.of(rights, FROM, TO))) {
            RemoteMemory remote = pair.endpoint.attach(registration.key());
            byte[] before = pair.memory.segment().toArray(ValueLayout.JAVA_BYTE);
            for (long offset : new long[] {0, FROM - 4, FROM, TO - 8, TO - 4, TO}) {
                boolean inside = offset >= FROM && offset <= TO - 8;
                boolean aligned = offset % 8 == 0;
                require(pair, inside && rights.contains(Right.WRITE), () -> put(pair, remote, offset, 8));
                require(pair, inside && rights.contains(Right.READ), () -> get(pair, remote, offset, 8));
                if (aligned) {
                    boolean atomic = inside && rights.contains(Right.ATOMIC);
                    require(pair, atomic, () -> fetch(pair, remote, offset));
                    require(pair, atomic, () -> exchange(pair, remote, offset));
                    require(pair, atomic, () -> accumulate(pair, remote, offset));
                    require(
                            pair,
                            inside && rights.contains(Right.WRITE),
                            () -> pair.endpoint.signal(remote, offset, SignalKind.ADD, 1));
                }
            }
            require(pair, false, () -> put(pair, remote, 0, BYTES));
            require(pair, false, () -> get(pair, remote, 0, BYTES));
            MemorySegment after = pair.memory.segment();
            for (int i = 0; i < BYTES; i++) {
                if (i < FROM || i >= TO || EnumSet.of(Right.READ).equals(rights)) {
                    assertThat(after.get(ValueLayout.JAVA_BYTE, i))
                            .as("byte " + i)
                            .isEqualTo(before[i]);
                }
            }
            remote.close();
        }
    }

    private static void require(SpiPair pair, boolean allowed, Runnable operation) {
        Throwable thrown = catchThrowable(() -> {
            operation.run();
            pair.endpoint.flush();
        });
        if (allowed) {
            assertThat(thrown).isNull();
        } else {
            assertThat(thrown).isInstanceOf(AccessRefusedException.class);
        }
        put(pair, pair.remote, 0, 0);
        pair.endpoint.flush();
    }

    private static void put(SpiPair pair, RemoteMemory remote, long offset, int length) {
        pair.endpoint.put(remote, offset, MemorySegment.ofArray(filled(length, 1)), 0, length);
    }

    private static void get(SpiPair pair, RemoteMemory remote, long offset, int length) {
        pair.endpoint.get(remote, offset, MemorySegment.ofArray(new byte[length]), 0, length);
    }

    private static void fetch(SpiPair pair, RemoteMemory remote, long offset) {
        pair.endpoint.fetchAndOp(remote, offset, DataType.LONG, Operator.SUM, 1, MemorySegment.ofArray(new long[1]));
    }

    private static void exchange(SpiPair pair, RemoteMemory remote, long offset) {
        pair.endpoint.compareAndExchange(remote, offset, DataType.LONG, 0, 1, MemorySegment.ofArray(new long[1]));
    }

    private static void accumulate(SpiPair pair, RemoteMemory remote, long offset) {
        pair.endpoint.accumulate(
                remote, offset, DataType.LONG, Operator.SUM, MemorySegment.ofArray(new long[] {1}), 0, 8, null, 0);
    }

    @Test
    void shouldChangeNothingOnceTheRegistrationHasEnded() throws Exception {
        endUnder(64);
        endUnder(LONG_BYTES);
    }

    /// Ends registrations while an origin puts, gets and adds as fast as it can, and goes on.
    private void endUnder(int length) throws Exception {
        try (SpiPair pair = pair(LONG_BYTES);
                Arena arena = Arena.ofShared()) {
            MemorySegment local = arena.allocate(length, 8);
            for (int ending = 0; ending < ENDINGS; ending++) {
                Registration registration = pair.target.register(
                        pair.memory,
                        TargetAtomics.of(pair.memory),
                        Permit.all(pair.memory.segment().byteSize()));
                RemoteMemory remote = pair.endpoint.attach(registration.key());
                AtomicLong rounds = new AtomicLong();
                AtomicReference<Throwable> ended = new AtomicReference<>();
                Thread origin = Thread.ofPlatform()
                        .start(() -> ended.set(catchThrowable(() -> {
                            for (; ; ) {
                                local.fill((byte) rounds.incrementAndGet());
                                pair.endpoint.put(remote, 0, local, 0, length);
                                pair.endpoint.get(remote, 0, local, 0, length);
                                accumulate(pair, remote, 0);
                                pair.endpoint.flush();
                            }
                        })));
                while (rounds.get() < 1 + ending % 5 && origin.isAlive()) {
                    Thread.onSpinWait();
                }
                registration.close();
                byte[] atEnd = pair.memory.segment().toArray(ValueLayout.JAVA_BYTE);
                origin.join();
                assertThat(ended.get()).isInstanceOf(AccessRefusedException.class);
                assertThat(pair.memory.segment().mismatch(MemorySegment.ofArray(atEnd)))
                        .as("first byte changed after the end")
                        .isEqualTo(-1);
                remote.close();
                requireUnharmed(pair);
            }
        }
    }

    /// The way to the target, and its other registrations, are as before.
    private static void requireUnharmed(SpiPair pair) {
        Throwable late = catchThrowable(pair.endpoint::flush);
        if (late != null) {
            assertThat(late).isInstanceOf(AccessRefusedException.class);
        }
        MemorySegment word = MemorySegment.ofArray(new long[] {42});
        pair.endpoint.put(pair.remote, 8, word, 0, 8);
        pair.endpoint.flush();
        assertThat(pair.memory.segment().get(LONG, 8)).isEqualTo(42);
    }

    @Test
    void shouldRegisterOneMemoryForMany() {
        try (SpiPair pair = pair(BYTES)) {
            Memory memory = pair.memory;
            Registration reading =
                    pair.target.register(memory, TargetAtomics.of(memory), Permit.of(EnumSet.of(Right.READ), 0, BYTES));
            Registration writing = pair.target.register(
                    memory, TargetAtomics.of(memory), Permit.of(EnumSet.of(Right.WRITE), 0, BYTES));
            RemoteMemory read = pair.endpoint.attach(reading.key());
            RemoteMemory write = pair.endpoint.attach(writing.key());
            put(pair, write, 0, 8);
            pair.endpoint.flush();
            MemorySegment got = MemorySegment.ofArray(new byte[8]);
            pair.endpoint.get(read, 0, got, 0, 8);
            pair.endpoint.flush();
            assertThat(got.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(filled(8, 1));
            reading.close();
            reading.close();
            require(pair, false, () -> get(pair, read, 0, 8));
            require(pair, true, () -> put(pair, write, 0, 8));
            writing.close();
            require(pair, false, () -> put(pair, write, 0, 8));
            read.close();
            write.close();
        }
    }
}
