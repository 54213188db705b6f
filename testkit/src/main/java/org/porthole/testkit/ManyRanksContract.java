package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.porthole.CollectiveMismatchException;
import org.porthole.DataType;
import org.porthole.Job;
import org.porthole.LockKind;
import org.porthole.Operator;
import org.porthole.PeerFailedException;
import org.porthole.Team;
import org.porthole.Window;
import org.porthole.WindowSpec;

/// Teams of many ranks, whichever way their arrivals take: what they know of each other must not depend on it.
public abstract class ManyRanksContract extends TransportContract {
    private static final int[] TEAMS = {1, 2, 3, 4, 5, 7, 8, 9, 13};
    private static final int MANY = 13;
    private static final int ODD = 6;
    private static final int[] LENGTHS = {0, 8, 104, 112, 120, 1024, 5_000, 40_000, 300_008};
    private static final int ROUNDS = 20;

    /// For transports.
    protected ManyRanksContract() {}

    @Test
    void shouldHoldAllBackUntilAllHaveCome() {
        for (int size : TEAMS) {
            AtomicIntegerArray arrivals = new AtomicIntegerArray(size);
            ranks(size, job -> {
                for (int round = 1; round <= ROUNDS; round++) {
                    arrivals.set(job.rank(), round);
                    job.world().barrier();
                    for (int rank = 0; rank < size; rank++) {
                        assertThat(arrivals.get(rank)).isBetween(round, round + 1);
                    }
                }
            });
        }
    }

    private static MemorySegment filledBy(int rank, int length) {
        return MemorySegment.ofArray(randomBytes(length, rank * 1_000_003L + length));
    }

    @Test
    void shouldBroadcastFromEveryRoot() {
        for (int size : TEAMS) {
            ranks(size, job -> {
                for (int length : LENGTHS) {
                    for (int root = 0; root < size; root++) {
                        MemorySegment buffer =
                                job.rank() == root ? filledBy(root, length) : MemorySegment.ofArray(new byte[length]);
                        job.world().broadcast(root, buffer);
                        assertThat(buffer.mismatch(filledBy(root, length))).isEqualTo(-1);
                    }
                }
            });
        }
    }

    @Test
    void shouldGatherOfAll() {
        for (int size : TEAMS) {
            ranks(size, job -> {
                for (int length : LENGTHS) {
                    gatherOfAll(job, length);
                }
            });
        }
    }

    private static void gatherOfAll(Job job, int length) {
        int size = job.size();
        MemorySegment all = MemorySegment.ofArray(new byte[size * length]);
        job.world().allgather(filledBy(job.rank(), length), all);
        for (int rank = 0; rank < size; rank++) {
            assertThat(all.asSlice((long) rank * length, length).mismatch(filledBy(rank, length)))
                    .isEqualTo(-1);
        }
        long[] counts = new long[size];
        long[] places = new long[size];
        for (int rank = 0; rank < size; rank++) {
            counts[rank] = length / (rank + 1);
            places[rank] = (long) rank * length;
        }
        all.fill((byte) 0);
        job.world().allgatherv(filledBy(job.rank(), length).asSlice(0, counts[job.rank()]), all, counts, places);
        for (int rank = 0; rank < size; rank++) {
            MemorySegment part = filledBy(rank, length).asSlice(0, counts[rank]);
            assertThat(all.asSlice(places[rank], counts[rank]).mismatch(part)).isEqualTo(-1);
        }
    }

    @Test
    void shouldReduceAndScan() {
        for (int size : TEAMS) {
            ranks(size, job -> {
                Team world = job.world();
                assertThat(world.allreduce(1L << job.rank(), Operator.OR)).isEqualTo((1L << size) - 1);
                assertThat(world.allreduce(job.rank() + 0.5, Operator.MAX)).isEqualTo(size - 0.5);
                for (int length : LENGTHS) {
                    reduceAndScan(job, length / Long.BYTES);
                }
            });
        }
    }

    private static void reduceAndScan(Job job, int count) {
        int size = job.size();
        long[] mine = new long[count];
        Arrays.setAll(mine, i -> (long) i * (job.rank() + 1));
        long[] into = new long[count];
        Team world = job.world();
        world.allreduce(MemorySegment.ofArray(mine), MemorySegment.ofArray(into), DataType.LONG, Operator.SUM);
        requireMultiples(into, size * (size + 1) / 2);
        world.scan(MemorySegment.ofArray(mine), MemorySegment.ofArray(into), DataType.LONG, Operator.SUM);
        requireMultiples(into, (job.rank() + 1) * (job.rank() + 2) / 2);
        world.reduce(size - 1, MemorySegment.ofArray(mine), MemorySegment.ofArray(into), DataType.LONG, Operator.SUM);
        requireMultiples(
                into, job.rank() == size - 1 ? size * (size + 1) / 2 : (job.rank() + 1) * (job.rank() + 2) / 2);
    }

    private static void requireMultiples(long[] values, int factor) {
        for (int i = 0; i < values.length; i++) {
            assertThat(values[i]).isEqualTo((long) i * factor);
        }
    }

    /// Direct arrivals, in which everybody puts something else to everybody, between relayed ones.
    @Test
    void shouldMixOperationsForAllAndForEach() {
        for (int size : TEAMS) {
            ranks(size, job -> {
                for (int round = 0; round < ROUNDS; round++) {
                    mixOnce(job, round);
                }
            });
        }
    }

    private static void mixOnce(Job job, int round) {
        int size = job.size();
        int[] mine = new int[size * 50];
        Arrays.setAll(mine, i -> job.rank() * 10_000 + i + round);
        int[] theirs = new int[size * 50];
        Team world = job.world();
        if (round % 3 == 0) {
            world.barrier();
        }
        world.alltoall(MemorySegment.ofArray(mine), MemorySegment.ofArray(theirs));
        for (int i = 0; i < theirs.length; i++) {
            assertThat(theirs[i]).isEqualTo(i / 50 * 10_000 + job.rank() * 50 + i % 50 + round);
        }
        assertThat(world.allreduce(round + job.rank(), Operator.MIN)).isEqualTo(round);
        int[] gathered = new int[size * 50];
        int root = round % size;
        world.gather(
                root,
                MemorySegment.ofArray(mine).asSlice(0, 50 * Integer.BYTES),
                job.rank() == root ? MemorySegment.ofArray(gathered) : MemorySegment.NULL);
        if (job.rank() == root) {
            assertThat(gathered[(size - 1) * 50 + 49]).isEqualTo((size - 1) * 10_000 + 49 + round);
        }
    }

    @Test
    void shouldMakeTeamsAndWindows() {
        ranks(MANY, job -> {
            try (Team half = job.world().split(job.rank() % 2, -job.rank()).orElseThrow();
                    Window window = half.openWindow(WindowSpec.ofBytes(Long.BYTES))) {
                int next = (half.rank() + 1) % half.size();
                try (var epoch = window.fence()) {
                    epoch.putLong(next, 0, half.rank());
                }
                int before = Math.floorMod(half.rank() - 1, half.size());
                assertThat(window.local().get(ValueLayout.JAVA_LONG, 0)).isEqualTo(before);
                half.barrier();
                try (var access = window.lock(next, LockKind.EXCLUSIVE)) {
                    assertThat(access.getLong(next, 0)).isEqualTo(half.rank());
                }
            }
        });
    }

    @Test
    void shouldTellAllWhoCalledSomethingElse() {
        Throwable[] thrown = new Throwable[MANY];
        ranks(MANY, job -> {
            Team world = job.world();
            MemorySegment bytes = MemorySegment.ofArray(new byte[MANY * 100]);
            thrown[job.rank()] = catchThrowable(() -> {
                if (job.rank() == ODD) {
                    world.alltoall(bytes, MemorySegment.ofArray(new byte[MANY * 100]));
                } else {
                    world.barrier();
                }
            });
        });
        for (Throwable each : thrown) {
            assertThat(each)
                    .isInstanceOf(CollectiveMismatchException.class)
                    .hasMessageContaining("rank " + ODD + ": alltoall of 100 bytes")
                    .hasMessageContaining("rank 0: barrier");
        }
    }

    @Test
    void shouldTellAllWhoLeftEarly() {
        Throwable[] thrown = new Throwable[MANY];
        var failure = failingRanks(MANY, job -> {
            job.world().barrier();
            if (job.rank() != ODD) {
                thrown[job.rank()] = catchThrowable(() -> job.world().barrier());
            }
        });
        assertThat(failure.rank()).isEqualTo(ODD);
        for (int rank = 0; rank < MANY; rank++) {
            if (rank != ODD) {
                assertThat(thrown[rank])
                        .isInstanceOf(CollectiveMismatchException.class)
                        .hasMessageContainingAll("barrier", "rank " + ODD + ": close of the job");
            }
        }
    }

    @Test
    void shouldTellAllWhoFailed() {
        Throwable[] thrown = new Throwable[MANY];
        failingRanks(MANY, job -> {
            job.world().barrier();
            if (job.rank() == ODD) {
                throw new IllegalArgumentException("a mishap");
            }
            thrown[job.rank()] = catchThrowable(() -> job.world().barrier());
        });
        for (int rank = 0; rank < MANY; rank++) {
            if (rank != ODD) {
                assertThat(thrown[rank])
                        .isInstanceOf(PeerFailedException.class)
                        .hasMessageContainingAll("rank " + ODD, "a mishap");
                assertThat(((PeerFailedException) thrown[rank]).rank()).isEqualTo(ODD);
            }
        }
    }
}
