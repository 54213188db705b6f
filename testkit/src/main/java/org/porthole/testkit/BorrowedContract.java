package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.TransportException;
import org.porthole.spi.Elements;
import org.porthole.spi.RemoteKey;
import org.porthole.spi.SignalKind;

/// What a transport that borrows does with memory that it did not allocate.
@SuppressWarnings("EnumOrdinal") // kinds in turn
public abstract class BorrowedContract extends TransportContract {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final int LARGE = 3 << 20;
    private static final int ROUNDS = 60;
    private static final int THREADS = 24;
    private static final int ADDS = 200;
    private static final long SEED = 20_261_123;

    /// For transports.
    protected BorrowedContract() {}

    private SpiPair pair(long byteSize) {
        SpiPair pair = new SpiPair(transport(), configuration(), target -> new ForeignMemory(byteSize));
        assertThat(pair.origin.capabilities().borrows()).isTrue();
        return pair;
    }

    @Test
    void shouldPutAndGetAnyRangeFromAnySegment() {
        Random random = new Random(SEED);
        try (SpiPair pair = pair(LARGE);
                Arena arena = Arena.ofConfined()) {
            byte[] model = new byte[LARGE];
            for (int round = 0; round < ROUNDS; round++) {
                int length = random.nextInt(round % 10 == 0 ? LARGE : 10_000);
                int offset = random.nextInt(LARGE - length + 1);
                byte[] bytes = randomBytes(length, round);
                SegmentKind kind = SegmentKind.values()[round % SegmentKind.values().length];
                MemorySegment source = kind.holding(arena, bytes, 3);
                pair.endpoint.put(pair.remote, offset, source, 0, length);
                pair.endpoint.flush();
                System.arraycopy(bytes, 0, model, offset, length);
                MemorySegment back = kind.allocate(arena, length + 5);
                pair.endpoint.get(pair.remote, offset, back, 5, length);
                pair.endpoint.flush();
                assertThat(back.asSlice(5).mismatch(source))
                        .as("seed %d, round %d", SEED, round)
                        .isEqualTo(-1);
            }
            assertThat(pair.memory.segment().mismatch(MemorySegment.ofArray(model)))
                    .isEqualTo(-1);
        }
    }

    @Test
    void shouldCountWhatManyThreadsAdd() throws InterruptedException, ExecutionException {
        try (SpiPair pair = pair(16);
                ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<?>> done = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                done.add(threads.submit(() -> add(pair)));
            }
            for (Future<?> each : done) {
                each.get();
            }
            pair.endpoint.flush();
            assertThat(pair.memory.segment().get(LONG, 0)).isEqualTo((long) THREADS * ADDS);
            assertThat(pair.memory.segment().get(LONG, 8)).isEqualTo((long) THREADS * ADDS);
        }
    }

    private static void add(SpiPair pair) {
        MemorySegment result = MemorySegment.ofArray(new long[1]);
        for (int i = 0; i < ADDS; i++) {
            pair.endpoint.fetchAndOp(pair.remote, 0, DataType.LONG, Operator.SUM, 1, result);
            long expected;
            long seen = 0;
            do {
                expected = seen;
                pair.endpoint.compareAndExchange(pair.remote, 8, DataType.LONG, expected, expected + 1, result);
                pair.endpoint.flush();
                seen = result.get(LONG, 0);
            } while (seen != expected);
        }
    }

    @Test
    void shouldAccumulateEveryType() {
        int bytes = 3 * 4096 + 64;
        for (DataType type : DataType.values()) {
            for (Operator op : Operator.values()) {
                if (!op.isDefinedFor(type)) {
                    continue;
                }
                try (SpiPair pair = pair(bytes)) {
                    byte[] before = randomNumbers(bytes, type.byteSize());
                    byte[] operands = randomNumbers(bytes + 1, op.name().length());
                    int from = type.byteSize();
                    int length = bytes - 2 * from;
                    MemorySegment model = MemorySegment.ofArray(before.clone());
                    Elements.combine(type, op, model, from, MemorySegment.ofArray(operands), 1, length);
                    pair.memory.segment().copyFrom(MemorySegment.ofArray(before));
                    MemorySegment result = MemorySegment.ofArray(new byte[bytes]);
                    pair.endpoint.accumulate(
                            pair.remote, from, type, op, MemorySegment.ofArray(operands), 1, length, result, from);
                    pair.endpoint.flush();
                    assertThat(pair.memory.segment().mismatch(model))
                            .as("%s %s", type, op)
                            .isEqualTo(-1);
                    assertThat(result.asSlice(from, length)
                                    .mismatch(MemorySegment.ofArray(before).asSlice(from, length)))
                            .as("%s %s before", type, op)
                            .isEqualTo(-1);
                }
            }
        }
    }

    @Test
    void shouldSignalAfterAPut() {
        try (SpiPair pair = pair(16)) {
            pair.endpoint.put(pair.remote, 0, MemorySegment.ofArray(new long[] {11}), 0, Long.BYTES);
            pair.endpoint.signal(pair.remote, 8, SignalKind.SET, 5);
            pair.endpoint.signal(pair.remote, 8, SignalKind.ADD, -7);
            pair.endpoint.flush();
            assertThat(pair.memory.segment().get(LONG, 8)).isEqualTo(-2);
            assertThat(pair.memory.segment().get(LONG, 0)).isEqualTo(11);
        }
    }

    @Test
    void shouldRefuseDamagedKeys() {
        try (SpiPair pair = pair(64)) {
            byte[] key = pair.registration.key().bytes();
            for (int i = 0; i < key.length; i++) {
                byte[] damaged = key.clone();
                damaged[i] ^= (byte) 0xff;
                requireNoKey(pair, damaged);
            }
            requireNoKey(pair, Arrays.copyOf(key, key.length - 1));
            pair.registration.close();
            requireNoKey(pair, key);
        }
    }

    private static void requireNoKey(SpiPair pair, byte[] key) {
        assertThatThrownBy(() -> pair.endpoint.attach(new RemoteKey(key))).isInstanceOf(TransportException.class);
    }
}
