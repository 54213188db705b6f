package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.porthole.DataType;
import org.porthole.Job;
import org.porthole.Operator;
import org.porthole.Team;

/// Reductions give every rank the same bits: those of combining the ranks' elements one by one in ascending order.
public abstract class ReductionContract extends TransportContract {
    private static final int RANKS = 3;
    private static final int[] COUNTS = {0, 1, 3, 13, 14, 15, 56, 57, 112, 113, 1000};
    private static final int[] LARGE_COUNTS = {8192, 65_537};
    private static final int MANY = 300_000;
    private static final double[] SCALES = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7};

    /// For transports.
    protected ReductionContract() {}

    /// One element as its type sees it: integers in `whole`, the others in `floating`.
    private record Element(long whole, double floating) {
        static Element read(MemorySegment from, DataType type, long index) {
            long at = index * type.byteSize();
            return switch (type) {
                case BYTE -> new Element(from.get(ValueLayout.JAVA_BYTE, at), 0);
                case SHORT -> new Element(from.get(ValueLayout.JAVA_SHORT_UNALIGNED, at), 0);
                case INT -> new Element(from.get(ValueLayout.JAVA_INT_UNALIGNED, at), 0);
                case LONG -> new Element(from.get(ValueLayout.JAVA_LONG_UNALIGNED, at), 0);
                case FLOAT -> new Element(0, from.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at));
                case DOUBLE -> new Element(0, from.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, at));
            };
        }

        void write(MemorySegment to, DataType type, long index) {
            long at = index * type.byteSize();
            switch (type) {
                case BYTE -> to.set(ValueLayout.JAVA_BYTE, at, (byte) whole);
                case SHORT -> to.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, (short) whole);
                case INT -> to.set(ValueLayout.JAVA_INT_UNALIGNED, at, (int) whole);
                case LONG -> to.set(ValueLayout.JAVA_LONG_UNALIGNED, at, whole);
                case FLOAT -> to.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at, (float) floating);
                case DOUBLE -> to.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, at, floating);
            }
        }

        Element combine(Element other, DataType type, Operator op) {
            return type.isFloating()
                    ? new Element(0, op.apply(floating, other.floating))
                    : new Element(op.apply(whole, other.whole), 0);
        }
    }

    /// What a rank brings: for integers any bits, for the others numbers of which sums depend on the order.
    private static MemorySegment contribution(int rank, DataType type, int count) {
        SplittableRandom random = new SplittableRandom(rank * 1_000_003L + count);
        MemorySegment elements = MemorySegment.ofArray(new byte[count * type.byteSize()]);
        for (int i = 0; i < count; i++) {
            new Element(random.nextLong(), (random.nextDouble() - 0.5) * SCALES[random.nextInt(SCALES.length)])
                    .write(elements, type, i);
        }
        return elements;
    }

    private static MemorySegment expected(DataType type, Operator op, int count) {
        return expected(RANKS, type, op, count);
    }

    /// What the ranks below `end` make together.
    private static MemorySegment expected(int end, DataType type, Operator op, int count) {
        MemorySegment result = contribution(0, type, count);
        for (int rank = 1; rank < end; rank++) {
            MemorySegment next = contribution(rank, type, count);
            for (int i = 0; i < count; i++) {
                Element.read(result, type, i)
                        .combine(Element.read(next, type, i), type, op)
                        .write(result, type, i);
            }
        }
        return result;
    }

    @Test
    void shouldReduceEveryTypeByEveryOperator() {
        ranks(RANKS, job -> {
            for (DataType type : DataType.values()) {
                for (Operator op : Operator.values()) {
                    if (op.isReduction() && op.isDefinedFor(type)) {
                        for (int count : COUNTS) {
                            reduceOne(job, type, op, count);
                        }
                    }
                }
            }
        });
    }

    private static void reduceOne(Job job, DataType type, Operator op, int count) {
        MemorySegment source = contribution(job.rank(), type, count);
        MemorySegment result = MemorySegment.ofArray(new byte[count * type.byteSize()]);
        job.world().allreduce(source, result, type, op);
        assertThat(result.mismatch(expected(type, op, count)))
                .as("%s of %d %s", op, count, type)
                .isEqualTo(-1);
        assertThat(source.mismatch(contribution(job.rank(), type, count)))
                .as("the source is as it was")
                .isEqualTo(-1);
    }

    @Test
    void shouldReduceManyElements() {
        ranks(RANKS, job -> {
            reduceOne(job, DataType.DOUBLE, Operator.SUM, MANY);
            for (DataType type : DataType.values()) {
                for (int count : LARGE_COUNTS) {
                    reduceOne(job, type, Operator.SUM, count);
                }
            }
        });
    }

    @FunctionalInterface
    private interface Reduced {
        void run(Team team, DataType type, Operator op, int count);
    }

    /// Each type with an operator or two, small and large, by teams of several sizes.
    private void everyReduction(Reduced body) {
        for (int size = 1; size <= 6; size++) {
            ranks(size, job -> {
                for (DataType type : DataType.values()) {
                    for (int count : COUNTS) {
                        body.run(job.world(), type, Operator.SUM, count);
                        body.run(job.world(), type, Operator.MIN, count);
                    }
                    body.run(job.world(), type, Operator.SUM, 50_001);
                }
            });
        }
    }

    private static MemorySegment blank(DataType type, int count) {
        return MemorySegment.ofArray(filled(count * type.byteSize(), 0x5a));
    }

    private static void requireSame(MemorySegment seen, MemorySegment expected, String what, DataType type, int count) {
        assertThat(seen.mismatch(expected)).as("%s of %d %s", what, count, type).isEqualTo(-1);
    }

    @Test
    void shouldReduceToEveryRoot() {
        everyReduction((team, type, op, count) -> {
            for (int root = 0; root < team.size(); root++) {
                MemorySegment expected =
                        team.rank() == root ? expected(team.size(), type, op, count) : blank(type, count);
                MemorySegment source = contribution(team.rank(), type, count);
                MemorySegment result = blank(type, count);
                team.reduce(root, source.asReadOnly(), result, type, op);
                requireSame(result, expected, "reduce", type, count);
                team.reduce(root, source, team.rank() == root ? source : MemorySegment.NULL, type, op);
                requireSame(
                        source,
                        team.rank() == root ? expected : contribution(team.rank(), type, count),
                        "reduce in place",
                        type,
                        count);
            }
        });
    }

    @Test
    void shouldScan() {
        everyReduction((team, type, op, count) -> {
            MemorySegment source = contribution(team.rank(), type, count);
            MemorySegment expected = expected(team.rank() + 1, type, op, count);
            MemorySegment result = blank(type, count);
            team.scan(source.asReadOnly(), result, type, op);
            requireSame(result, expected, "scan", type, count);
            team.scan(source, source, type, op);
            requireSame(source, expected, "scan in place", type, count);
        });
    }

    @Test
    void shouldScanExclusively() {
        everyReduction((team, type, op, count) -> {
            boolean first = team.rank() == 0;
            MemorySegment source = contribution(team.rank(), type, count);
            MemorySegment result = blank(type, count);
            team.exscan(source.asReadOnly(), result, type, op);
            requireSame(
                    result, first ? blank(type, count) : expected(team.rank(), type, op, count), "exscan", type, count);
            team.exscan(source, source, type, op);
            requireSame(
                    source,
                    first ? contribution(0, type, count) : expected(team.rank(), type, op, count),
                    "exscan in place",
                    type,
                    count);
        });
    }

    @Test
    void shouldReduceAndScatterEqualBlocks() {
        everyReduction((team, type, op, block) -> {
            int count = block * team.size();
            long bytes = (long) block * type.byteSize();
            MemorySegment source = contribution(team.rank(), type, count);
            MemorySegment expected = expected(team.size(), type, op, count).asSlice(team.rank() * bytes, bytes);
            MemorySegment result = blank(type, block);
            team.reduceScatter(source.asReadOnly(), result, type, op);
            requireSame(result, expected, "reduceScatter", type, block);
            MemorySegment own = source.asSlice(team.rank() * bytes, bytes);
            team.reduceScatter(source, own, type, op);
            requireSame(own, expected, "reduceScatter in place", type, block);
        });
    }

    @Test
    void shouldReduceAndScatterDifferentBlocks() {
        everyReduction((team, type, op, count) -> {
            long[] counts = new long[team.size()];
            Random random = new Random(count);
            int left = count;
            long begin = 0;
            for (int peer = 0; peer < team.size(); peer++) {
                int block = peer == team.size() - 1 ? left : random.nextInt(left + 1);
                counts[peer] = (long) block * type.byteSize();
                left -= block;
                begin += peer < team.rank() ? counts[peer] : 0;
            }
            MemorySegment result = MemorySegment.ofArray(new byte[(int) counts[team.rank()]]);
            team.reduceScatterv(contribution(team.rank(), type, count), result, counts, type, op);
            requireSame(
                    result,
                    expected(team.size(), type, op, count).asSlice(begin, result.byteSize()),
                    "reduceScatterv",
                    type,
                    count);
        });
    }

    @Test
    void shouldReduceInPlaceInEveryKindOfMemory() {
        ranks(RANKS, job -> {
            try (Arena arena = Arena.ofConfined()) {
                for (SegmentKind kind : SegmentKind.values()) {
                    for (int count : COUNTS) {
                        MemorySegment both = kind.allocate(arena, count * Double.BYTES);
                        both.copyFrom(contribution(job.rank(), DataType.DOUBLE, count));
                        job.world().allreduce(both, both, DataType.DOUBLE, Operator.SUM);
                        assertThat(both.mismatch(expected(DataType.DOUBLE, Operator.SUM, count)))
                                .as("%d in %s", count, kind)
                                .isEqualTo(-1);
                    }
                }
            }
        });
    }

    @Test
    void shouldReduceMisalignedMemory() {
        ranks(RANKS, job -> {
            for (int count : COUNTS) {
                byte[] source = new byte[count * Long.BYTES + 1];
                byte[] result = new byte[count * Long.BYTES + 5];
                MemorySegment from = MemorySegment.ofArray(source).asSlice(1);
                MemorySegment to = MemorySegment.ofArray(result).asSlice(3, from.byteSize());
                from.copyFrom(contribution(job.rank(), DataType.LONG, count));
                job.world().allreduce(from, to, DataType.LONG, Operator.SUM);
                assertThat(to.mismatch(expected(DataType.LONG, Operator.SUM, count)))
                        .isEqualTo(-1);
                assertThat(new byte[] {result[0], result[1], result[2], result[result.length - 2]})
                        .as("around the result")
                        .containsOnly(0);
            }
        });
    }

    @Test
    void shouldReduceSingleValues() {
        ranks(4, job -> {
            long whole = job.rank() - 2L;
            assertThat(job.world().allreduce(whole, Operator.SUM)).isEqualTo(-2);
            assertThat(job.world().allreduce(whole, Operator.MIN)).isEqualTo(-2);
            assertThat(job.world().allreduce(whole, Operator.MAX)).isEqualTo(1);
            assertThat(job.world().allreduce(whole + 4, Operator.PRODUCT)).isEqualTo(2 * 3 * 4 * 5);
            assertThat(job.world().allreduce(1L << job.rank(), Operator.OR)).isEqualTo(15);
            assertThat(job.world().allreduce(~(1L << job.rank()), Operator.AND)).isEqualTo(~15L);
            assertThat(job.world().allreduce(3L << job.rank(), Operator.XOR)).isEqualTo(0b10001);
            double[] values = {1e16, 1, -1e16, 0.1};
            assertThat(job.world().allreduce(values[job.rank()], Operator.SUM))
                    .as("in ascending order of ranks")
                    .isEqualTo(1e16 + 1 - 1e16 + 0.1);
            assertThat(job.world().allreduce(values[job.rank()], Operator.MIN)).isEqualTo(-1e16);
        });
    }
}
