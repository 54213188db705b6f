package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.porthole.Access;
import org.porthole.Epoch;
import org.porthole.ExposurePolicy;
import org.porthole.Region;
import org.porthole.Window;
import org.porthole.WindowSpec;

/// Puts and gets of bytes that do not lie together, and views of the neighbours' memory.
public abstract class RegionContract extends TransportContract {
    private static final int BYTES = 4096;
    private static final int PROGRAMS = 300;

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
