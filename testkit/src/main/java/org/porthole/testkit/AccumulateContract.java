package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.porthole.Access;
import org.porthole.DataType;
import org.porthole.Job;
import org.porthole.LockKind;
import org.porthole.Operator;
import org.porthole.Window;
import org.porthole.WindowSpec;
import org.porthole.spi.Elements;

/// Accumulates: every operator on every type, each element atomically, in windows for single and for bulk atomics.
public abstract class AccumulateContract extends TransportContract {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final int RANKS = 4;
    private static final int ROUNDS = 200;
    private static final int BYTES = 1000;

    /// For transports.
    protected AccumulateContract() {}

    @FunctionalInterface
    private interface InWindow {
        void run(Job job, Window window) throws Exception;
    }

    /// Runs a body on a window for single atomics and on one for bulk atomics.
    private void inBothKinds(int size, long byteSize, InWindow body) {
        ranks(size, job -> {
            WindowSpec spec = WindowSpec.ofBytes(byteSize);
            for (WindowSpec each :
                    new WindowSpec[] {spec.named("single"), spec.named("bulk").withBulkAtomics()}) {
                try (Window window = job.world().openWindow(each)) {
                    body.run(job, window);
                }
            }
        });
    }

    @Test
    void shouldCombineEveryTypeWithEveryOperator() {
        inBothKinds(2, BYTES, (job, window) -> {
            if (job.rank() != 0) {
                return;
            }
            for (DataType type : DataType.values()) {
                for (Operator op : Operator.values()) {
                    if (op.isDefinedFor(type)) {
                        try (Access access = window.lock(1, LockKind.EXCLUSIVE)) {
                            combine(access, type, op);
                        }
                    }
                }
            }
        });
    }

    private static void combine(Access access, DataType type, Operator op) {
        int from = 3 * type.byteSize();
        int length = BYTES - 8 - from;
        byte[] before = randomNumbers(BYTES, type.name().hashCode());
        byte[] operands = randomNumbers(length, op.name().hashCode());
        MemorySegment model = MemorySegment.ofArray(before.clone());
        Elements.combine(type, op, model, from, MemorySegment.ofArray(operands), 0, length);
        access.put(1, 0, MemorySegment.ofArray(before));
        access.flush(1);

        MemorySegment result = MemorySegment.ofArray(new byte[length]);
        access.getAccumulate(1, from, type, op, MemorySegment.ofArray(operands), result);
        access.flushLocal(1);

        assertThat(result.toArray(ValueLayout.JAVA_BYTE))
                .as("%s %s before", type, op)
                .isEqualTo(Arrays.copyOfRange(before, from, from + length));
        requireContent(access, model, type, op);

        access.put(1, 0, MemorySegment.ofArray(before));
        access.flush(1);
        access.accumulate(1, from, type, op, MemorySegment.ofArray(operands));
        access.flush(1);
        requireContent(access, model, type, op);
    }

    private static void requireContent(Access access, MemorySegment model, DataType type, Operator op) {
        byte[] seen = new byte[BYTES];
        access.get(1, 0, MemorySegment.ofArray(seen));
        access.flushLocal(1);
        assertThat(seen).as("%s %s after", type, op).isEqualTo(model.toArray(ValueLayout.JAVA_BYTE));
    }

    @Test
    void shouldLoseNoAdditionOfAnyRank() {
        inBothKinds(RANKS, 1024, (job, window) -> {
            for (DataType type : DataType.values()) {
                MemorySegment ones = MemorySegment.ofArray(new byte[64 * type.byteSize()]);
                Elements.combine(type, Operator.SUM, ones, 0, ones(type, 64), 0, ones.byteSize());
                try (Access access = window.lockAll()) {
                    for (int round = 0; round < ROUNDS; round++) {
                        // Another element each time, the last few bytes of the part included.
                        access.accumulate(job.rank() % 2, 1024 - ones.byteSize(), type, Operator.SUM, ones);
                    }
                }
                job.world().barrier();
                if (job.rank() < 2) {
                    MemorySegment expected = MemorySegment.ofArray(new byte[(int) ones.byteSize()]);
                    for (int round = 0; round < ROUNDS * RANKS / 2; round++) {
                        Elements.combine(type, Operator.SUM, expected, 0, ones, 0, ones.byteSize());
                    }
                    MemorySegment local = window.local();
                    assertThat(local.asSlice(1024 - ones.byteSize()).mismatch(expected))
                            .as("%s", type)
                            .isEqualTo(-1);
                    assertThat(local.asSlice(0, 1024 - ones.byteSize()).toArray(ValueLayout.JAVA_BYTE))
                            .as("nothing around")
                            .containsOnly(0);
                    local.fill((byte) 0);
                    window.expose();
                }
                job.world().barrier();
            }
        });
    }

    private static MemorySegment ones(DataType type, int count) {
        return switch (type) {
            case BYTE -> MemorySegment.ofArray(filled(count, 1));
            case SHORT -> {
                short[] ones = new short[count];
                Arrays.fill(ones, (short) 1);
                yield MemorySegment.ofArray(ones);
            }
            case INT -> {
                int[] ones = new int[count];
                Arrays.fill(ones, 1);
                yield MemorySegment.ofArray(ones);
            }
            case LONG -> {
                long[] ones = new long[count];
                Arrays.fill(ones, 1);
                yield MemorySegment.ofArray(ones);
            }
            case FLOAT -> {
                float[] ones = new float[count];
                Arrays.fill(ones, 1);
                yield MemorySegment.ofArray(ones);
            }
            case DOUBLE -> {
                double[] ones = new double[count];
                Arrays.fill(ones, 1);
                yield MemorySegment.ofArray(ones);
            }
        };
    }

    @Test
    void shouldBeAtomicToSingleWords() {
        inBothKinds(RANKS, 64, (job, window) -> {
            try (Access access = window.lockAll()) {
                MemorySegment ones = MemorySegment.ofArray(new long[] {1, 1});
                for (int round = 0; round < ROUNDS; round++) {
                    switch (job.rank()) {
                        case 0 -> access.accumulate(0, 8, DataType.LONG, Operator.SUM, ones);
                        case 1 -> access.fetchAdd(0, 8, 1);
                        case 2 -> {
                            long seen = access.getLong(0, 8);
                            while (access.compareAndExchange(0, 8, seen, seen + 1) != seen) {
                                seen = access.getLong(0, 8);
                            }
                        }
                        default -> access.fetchAndOp(0, 16, Operator.SUM, 1L);
                    }
                }
            }
            job.world().barrier();
            if (job.rank() == 0) {
                assertThat(window.local().get(LONG, 8)).isEqualTo(3L * ROUNDS);
                assertThat(window.local().get(LONG, 16)).isEqualTo(2L * ROUNDS);
            }
        });
    }

    @Test
    void shouldKeepOneOriginsOrder() {
        inBothKinds(2, 64, (job, window) -> {
            if (job.rank() == 0) {
                long[] seen = new long[1];
                try (Access access = window.lockAll()) {
                    for (long round = 1; round <= ROUNDS; round++) {
                        access.accumulate(
                                1, 0, DataType.LONG, Operator.REPLACE, MemorySegment.ofArray(new long[] {round}));
                        access.accumulate(1, 0, DataType.LONG, Operator.SUM, MemorySegment.ofArray(new long[] {1}));
                        access.getAccumulate(
                                1,
                                0,
                                DataType.LONG,
                                Operator.NO_OP,
                                MemorySegment.ofArray(seen),
                                MemorySegment.ofArray(seen));
                        access.flushLocal(1);
                        assertThat(seen[0]).isEqualTo(round + 1);
                    }
                }
            }
        });
    }

    @Test
    void shouldCombineTheLastBytesOfOddParts() {
        for (int size : new int[] {1, 2, 3, 5, 7, 9}) {
            inBothKinds(2, size, (job, window) -> {
                if (job.rank() == 0) {
                    byte[] ones = filled(size, 1);
                    try (Access access = window.lockAll()) {
                        access.accumulate(1, 0, DataType.BYTE, Operator.SUM, MemorySegment.ofArray(ones));
                        access.accumulate(1, 0, DataType.BYTE, Operator.SUM, MemorySegment.ofArray(ones));
                        byte[] seen = new byte[size];
                        access.flush(1);
                        access.get(1, 0, MemorySegment.ofArray(seen));
                        access.flushLocal(1);
                        assertThat(seen).containsOnly(2);
                    }
                }
            });
        }
    }

    @Test
    void shouldRefuseWhatCannotBeCombined() {
        inBothKinds(2, 64, (job, window) -> {
            try (Access access = window.lockAll()) {
                MemorySegment word = MemorySegment.ofArray(new long[1]);
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> access.accumulate(1, 4, DataType.LONG, Operator.SUM, word))
                        .withMessageContaining("offset 4")
                        .withMessageContaining("multiple of 8");
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> access.accumulate(1, 0, DataType.DOUBLE, Operator.XOR, word))
                        .withMessageContaining("XOR is not defined for DOUBLE");
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> access.accumulate(1, 0, DataType.INT, Operator.SUM, word.asSlice(0, 6)))
                        .withMessageContaining("6 bytes");
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> access.getAccumulate(
                                1, 0, DataType.INT, Operator.SUM, word, MemorySegment.ofArray(new int[1])))
                        .withMessageContaining("result of 4");
                assertThatIllegalArgumentException()
                        .isThrownBy(
                                () -> access.getAccumulate(1, 0, DataType.INT, Operator.SUM, word, word.asReadOnly()));
                assertThatThrownBy(() -> access.accumulate(1, 64, DataType.LONG, Operator.SUM, word))
                        .isInstanceOf(IndexOutOfBoundsException.class);
            }
        });
    }
}
