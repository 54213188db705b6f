package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.porthole.Access;
import org.porthole.DataType;
import org.porthole.Epoch;
import org.porthole.ExposurePolicy;
import org.porthole.Operator;
import org.porthole.Region;
import org.porthole.Window;
import org.porthole.WindowSpec;
import org.porthole.spi.Elements;

/// Puts, gets and accumulates of what does not lie together, and views of the neighbours' memory.
public abstract class RegionContract extends TransportContract {
    private static final int BYTES = 4096;
    private static final int PROGRAMS = 300;
    private static final List<DataType> TYPES = List.of(DataType.values());
    private static final List<Operator> OPERATORS = List.of(Operator.values());

    /// For transports.
    protected RegionContract() {}

    @Test
    void shouldMoveWhatAModelMoves() {
        ranks(2, job -> {
            try (Window window = open(job, BYTES)) {
                if (job.rank() == 0) {
                    try (Access access = window.lockAll()) {
                        for (long seed = 0; seed < PROGRAMS; seed++) {
                            move(access, new SplittableRandom(seed));
                        }
                    }
                }
            }
        });
    }

    private static void move(Access access, SplittableRandom random) {
        RandomRegion shape = RandomRegion.of(random, 0, BYTES);
        RandomRegion other = RandomRegion.withSize(random, 0, BYTES, shape.size());
        byte[] part = randomBytes(BYTES, random.nextLong());
        byte[] local = randomBytes(BYTES, random.nextLong());
        access.put(1, 0, MemorySegment.ofArray(part));
        access.flush(1);

        access.put(1, shape.region(), MemorySegment.ofArray(local), other.region());
        access.flush(1);
        byte[] expected = part.clone();
        for (int i = 0; i < shape.size(); i++) {
            expected[shape.offset(i)] = local[other.offset(i)];
        }
        byte[] seen = new byte[BYTES];
        access.get(1, 0, MemorySegment.ofArray(seen));
        access.flushLocal(1);
        assertThat(seen).as("put of %s to %s", other, shape).isEqualTo(expected);

        byte[] destination = local.clone();
        access.get(1, shape.region(), MemorySegment.ofArray(destination), other.region());
        access.flushLocal(1);
        assertThat(destination).as("what was put comes back").isEqualTo(local);
    }

    @Test
    void shouldAccumulateWhatAModelDoes() {
        ranks(2, job -> {
            for (WindowSpec spec : new WindowSpec[] {
                WindowSpec.ofBytes(BYTES), WindowSpec.ofBytes(BYTES).withBulkAtomics()
            }) {
                try (Window window = job.world().openWindow(spec)) {
                    if (job.rank() == 0) {
                        try (Access access = window.lockAll()) {
                            for (long seed = 0; seed < PROGRAMS; seed++) {
                                accumulate(access, new SplittableRandom(seed));
                            }
                        }
                    }
                }
            }
        });
    }

    private static void accumulate(Access access, SplittableRandom random) {
        DataType type = TYPES.get(random.nextInt(TYPES.size()));
        Operator op = OPERATORS.get(random.nextInt(OPERATORS.size()));
        op = op.isDefinedFor(type) ? op : Operator.REPLACE;
        int element = type.byteSize();
        RandomRegion at = RandomRegion.ofElements(random, 0, BYTES, element);
        int count = at.size() / element;
        RandomRegion from = RandomRegion.withElements(random, random.nextInt(8), BYTES - 8, element, count);
        RandomRegion into = RandomRegion.withElements(random, random.nextInt(8), BYTES - 8, element, count);
        byte[] part = randomNumbers(BYTES, random.nextLong());
        MemorySegment operands = MemorySegment.ofArray(randomNumbers(BYTES, random.nextLong()));
        access.put(1, 0, MemorySegment.ofArray(part));
        access.flush(1);
        MemorySegment expected = MemorySegment.ofArray(part.clone());
        byte[] before = new byte[BYTES];
        for (int i = 0; i < at.size(); i++) {
            before[into.offset(i)] = part[at.offset(i)];
        }
        for (int i = 0; i < at.size(); i += element) {
            Elements.combine(type, op, expected, at.offset(i), operands, from.offset(i), element);
        }

        byte[] fetched = new byte[BYTES];
        byte[] seen = new byte[BYTES];
        access.getAccumulate(
                1, at.region(), type, op, operands, from.region(), MemorySegment.ofArray(fetched), into.region());
        access.flush(1);
        access.get(1, 0, MemorySegment.ofArray(seen));
        access.flushLocal(1);
        assertThat(fetched).as("%s %s before, from %s", type, op, at).isEqualTo(before);
        assertThat(seen).as("%s %s of %s", type, op, at).isEqualTo(expected.toArray(ValueLayout.JAVA_BYTE));

        access.put(1, 0, MemorySegment.ofArray(part));
        access.flush(1);
        access.accumulate(1, at.region(), type, op, operands, from.region());
        access.flush(1);
        access.get(1, 0, MemorySegment.ofArray(seen));
        access.flushLocal(1);
        assertThat(seen).as("the same without fetching").isEqualTo(expected.toArray(ValueLayout.JAVA_BYTE));
    }

    @Test
    void shouldRefuseRegionsThatAreNoElements() {
        ranks(2, job -> {
            try (Window window = open(job, 100);
                    Access access = window.lockAll()) {
                MemorySegment local = MemorySegment.ofArray(new byte[100]);
                Region three = Region.strided(0, 8, 3, 16);
                Region shifted = Region.strided(4, 8, 3, 16);
                Region split = Region.strided(0, 4, 6, 16);
                Operator sum = Operator.SUM;
                for (Region bad : new Region[] {shifted, split}) {
                    assertThatIllegalArgumentException()
                            .isThrownBy(() -> access.accumulate(1, bad, DataType.LONG, sum, local, three))
                            .withMessageContaining("elements of 8 bytes");
                }
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> access.accumulate(1, three, DataType.LONG, sum, local, split));
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> access.getAccumulate(
                                1, three, DataType.LONG, sum, local, three, local, Region.contiguous(0, 23)))
                        .withMessageContaining("23 bytes");
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> access.getAccumulate(
                                1, three, DataType.LONG, sum, local, three, local.asReadOnly(), three));
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> access.accumulate(1, three, DataType.DOUBLE, Operator.XOR, local, three))
                        .withMessageContaining("XOR is not defined for DOUBLE");
                assertThatThrownBy(() ->
                                access.accumulate(1, Region.strided(0, 8, 3, 48), DataType.LONG, sum, local, three))
                        .isInstanceOf(IndexOutOfBoundsException.class);
                assertThatThrownBy(() -> access.getAccumulate(
                                1, three, DataType.LONG, sum, local, three, local.asSlice(0, 30), three))
                        .isInstanceOf(IndexOutOfBoundsException.class);
                access.accumulate(1, three, DataType.INT, sum, local, shifted);
                access.flush(1);
                job.world().barrier();
                byte[] seen = new byte[100];
                access.get(1, 0, MemorySegment.ofArray(seen));
                access.flushLocal(1);
                assertThat(seen).containsOnly(0);
            }
        });
    }

    @Test
    void shouldPutAColumnIntoARow() {
        ranks(2, job -> {
            int n = 10;
            try (Window window = open(job, 8L * n * n)) {
                double[] matrix = new double[n * n];
                for (int i = 0; i < matrix.length; i++) {
                    matrix[i] = i + 1000 * job.rank();
                }
                Region column = Region.subarray(8, new long[] {n, n}, new long[] {0, 3}, new long[] {n, 1});
                Region row = Region.contiguous(5L * n * 8, n * 8L);
                try (Epoch epoch = window.fence()) {
                    epoch.put(1 - job.rank(), row, MemorySegment.ofArray(matrix), column);
                }
                MemorySegment local = window.local();
                for (int i = 0; i < n; i++) {
                    assertThat(local.getAtIndex(ValueLayout.JAVA_DOUBLE, 5L * n + i))
                            .isEqualTo((double) i * n + 3 + 1000.0 * (1 - job.rank()));
                }
            }
        });
    }

    @Test
    void shouldRefuseRegionsThatDoNotFit() {
        ranks(2, job -> {
            try (Window window = open(job, 100);
                    Access access = window.lockAll()) {
                MemorySegment local = MemorySegment.ofArray(new byte[100]);
                Region three = Region.strided(0, 1, 3, 50);
                assertThatThrownBy(() -> access.put(1, Region.strided(0, 1, 3, 51), local, three))
                        .isInstanceOf(IndexOutOfBoundsException.class)
                        .hasMessageContaining("leave rank 1's part");
                assertThatThrownBy(() -> access.put(1, Region.contiguous(0, 3), local, three))
                        .isInstanceOf(IndexOutOfBoundsException.class);
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> access.get(1, Region.contiguous(0, 4), local, three))
                        .withMessageContaining("4 bytes");
                assertThatThrownBy(() -> access.get(2, three, local, three))
                        .isInstanceOf(IndexOutOfBoundsException.class);
                assertThatIllegalArgumentException()
                        .isThrownBy(() ->
                                access.get(1, Region.contiguous(0, 4), local.asReadOnly(), Region.contiguous(0, 4)));
                Region none = Region.strided(90, 8, 0, 50);
                access.put(1, none, local, none);
                byte[] seen = new byte[100];
                access.get(1, 0, MemorySegment.ofArray(seen));
                access.flushLocal(1);
                assertThat(seen).containsOnly(0);
            }
        });
    }

    @Test
    void shouldShareViewsWhereTheCpuReachesThem() {
        ranks(3, job -> {
            WindowSpec spec = WindowSpec.ofBytes(8L + job.rank()).withPolicy(ExposurePolicy.UNGUARDED);
            try (Window window = job.world().openWindow(spec)) {
                MemorySegment local = window.local();
                assertThat(local.byteSize()).isEqualTo(8 + job.rank());
                local.set(ValueLayout.JAVA_LONG, 0, 100 + job.rank());
                try (Epoch epoch = window.fence()) {
                    assertThat(epoch.getLong((job.rank() + 1) % 3, 0)).isEqualTo(100 + (job.rank() + 1) % 3);
                    assertThat(local.get(ValueLayout.JAVA_LONG, 0))
                            .as("unguarded")
                            .isEqualTo(100 + job.rank());
                    for (int rank = 0; rank < 3; rank++) {
                        int peer = rank;
                        window.shared(rank).ifPresent(view -> {
                            assertThat(view.byteSize()).isEqualTo(8 + peer);
                            assertThat(view.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(100 + peer);
                        });
                    }
                    assertThat(window.shared(job.rank())).isPresent();
                }
                job.world().barrier();
            }
            try (Window guarded = open(job, 8)) {
                assertThatIllegalStateException()
                        .isThrownBy(() -> guarded.shared(0))
                        .withMessageContaining("DONT_TOUCH");
            }
        });
    }
}
