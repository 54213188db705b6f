package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.porthole.CollectiveMismatchException;
import org.porthole.DataType;
import org.porthole.Epoch;
import org.porthole.Job;
import org.porthole.LocalRankException;
import org.porthole.Operator;
import org.porthole.RankBody;
import org.porthole.Window;
import org.porthole.WindowSpec;

/// Ranks that call different collectives all get [CollectiveMismatchException] at once, with what each of them called.
public abstract class MismatchContract extends TransportContract {
    private static final int RANKS = 3;

    /// For transports.
    protected MismatchContract() {}

    /// Lets rank 1 do one thing and the others another; every rank must get the exception, which names both.
    private void requireMismatch(RankBody others, RankBody odd, String... words) {
        Throwable[] thrown = new Throwable[RANKS];
        ranks(RANKS, job -> {
            RankBody body = job.rank() == 1 ? odd : others;
            thrown[job.rank()] = catchThrowable(() -> body.run(job));
        });
        for (int rank = 0; rank < RANKS; rank++) {
            assertThat(thrown[rank])
                    .as("what rank %d got", rank)
                    .isInstanceOf(CollectiveMismatchException.class)
                    .hasMessageContaining("rank 1")
                    .hasMessageContainingAll(words);
        }
    }

    private static MemorySegment bytes(int size) {
        return MemorySegment.ofArray(new byte[size]);
    }

    @Test
    void shouldTellKindsApart() {
        requireMismatch(
                job -> job.world().barrier(), job -> job.world().broadcast(0, bytes(8)), "barrier", "broadcast", "8");
        requireMismatch(
                job -> job.world().broadcast(2, bytes(100_000)),
                job -> job.world().allreduce(1L, Operator.SUM),
                "broadcast",
                "100000",
                "allreduce");
        requireMismatch(
                job -> job.world().barrier(),
                job -> job.world().openWindow(WindowSpec.ofBytes(8)),
                "barrier",
                "window");
    }

    @Test
    void shouldTellArgumentsOfBroadcastsApart() {
        requireMismatch(
                job -> job.world().broadcast(0, bytes(8)), job -> job.world().broadcast(0, bytes(16)), "8", "16");
        requireMismatch(
                job -> job.world().broadcast(0, bytes(70_000)),
                job -> job.world().broadcast(0, bytes(70_001)),
                "70000",
                "70001");
        requireMismatch(
                job -> job.world().broadcast(0, bytes(8)),
                job -> job.world().broadcast(2, bytes(8)),
                "from rank 0",
                "from rank 2");
    }

    @Test
    void shouldTellArgumentsOfReductionsApart() {
        requireMismatch(reduce(8, DataType.LONG, Operator.SUM), reduce(8, DataType.LONG, Operator.MAX), "SUM", "MAX");
        requireMismatch(
                reduce(8, DataType.LONG, Operator.SUM), reduce(8, DataType.DOUBLE, Operator.SUM), "LONG", "DOUBLE");
        requireMismatch(reduce(8, DataType.INT, Operator.SUM), reduce(12, DataType.INT, Operator.SUM), "8", "12");
        requireMismatch(
                reduce(80_000, DataType.INT, Operator.SUM),
                reduce(160_000, DataType.INT, Operator.SUM),
                "80000",
                "160000");
        requireMismatch(
                job -> job.world().allreduce(1.0, Operator.SUM),
                job -> job.world().allreduce(1L, Operator.SUM),
                "LONG",
                "DOUBLE");
    }

    private static RankBody reduce(int size, DataType type, Operator op) {
        return job -> job.world().allreduce(bytes(size), bytes(size), type, op);
    }

    @Test
    void shouldTellMovesOfDataApart() {
        requireMismatch(
                job -> job.world().allgather(bytes(8), bytes(24)),
                job -> job.world().alltoall(bytes(24), bytes(24)),
                "allgather of 8 bytes",
                "alltoall of 8 bytes");
        requireMismatch(
                job -> job.world().gather(0, bytes(8), bytes(24)),
                job -> job.world().gather(0, bytes(9), bytes(27)),
                "gather of 8 bytes to rank 0",
                "gather of 9 bytes to rank 0");
        requireMismatch(
                job -> job.world().scatter(0, bytes(600_000), bytes(200_000)),
                job -> job.world().scatter(2, bytes(600_000), bytes(200_000)),
                "from rank 0",
                "from rank 2");
        requireMismatch(
                job -> job.world().reduce(0, bytes(8), bytes(8), DataType.INT, Operator.SUM),
                job -> job.world().reduce(1, bytes(8), bytes(8), DataType.INT, Operator.MAX),
                "reduce of 8 bytes (INT, SUM) to rank 0",
                "reduce of 8 bytes (INT, MAX) to rank 1");
        requireMismatch(
                job -> job.world().scan(bytes(8), bytes(8), DataType.INT, Operator.SUM),
                job -> job.world().exscan(bytes(8), bytes(8), DataType.INT, Operator.SUM),
                "rank 0: scan of 8",
                "exscan of 8");
        requireMismatch(
                job -> job.world().reduceScatter(bytes(24), bytes(8), DataType.INT, Operator.SUM),
                job -> job.world().reduceScatter(bytes(24), bytes(8), DataType.FLOAT, Operator.SUM),
                "reduceScatter (INT, SUM)",
                "reduceScatter (FLOAT, SUM)");
    }

    @Test
    void shouldTellCountsApart() {
        long[] places = {0, 8, 16};
        long[] eights = {8, 8, 8};
        requireMismatch(
                job -> job.world().allgatherv(bytes(8), bytes(24), eights, places),
                job -> job.world().allgatherv(bytes(8), bytes(24), new long[] {8, 8, 7}, places),
                "allgatherv with counts #");
        requireMismatch(
                job -> job.world().reduceScatterv(bytes(24), bytes(8), eights, DataType.INT, Operator.SUM),
                job -> job.world()
                        .reduceScatterv(bytes(24), bytes(8), new long[] {4, 8, 12}, DataType.INT, Operator.SUM),
                "reduceScatter (INT, SUM) with counts #");
        requireMismatch(
                job -> job.world().gatherv(0, bytes(8), bytes(24), eights, places),
                job -> job.world().gatherv(0, bytes(7), bytes(24), eights, places),
                "gatherv to rank 0",
                "7 bytes");
        requireMismatch(
                job -> job.world().scatterv(2, bytes(24), eights, places, bytes(8)),
                job -> job.world().scatterv(2, bytes(24), eights, places, bytes(9)),
                "scatterv from rank 2",
                "9 bytes");
        requireMismatch(
                job -> job.world().alltoallv(bytes(24), eights, places, bytes(24), eights, places),
                job -> job.world().alltoallv(bytes(24), eights, places, bytes(24), new long[] {8, 8, 5}, places),
                "alltoallv",
                "5 bytes");
    }

    @Test
    void shouldTellOfCountsThatNobodyExpects() {
        long[] places = {0, 8, 16};
        requireMismatch(
                job -> job.world().gatherv(1, bytes(4), bytes(24), new long[] {8, 8, 8}, places),
                job -> job.world().gatherv(1, bytes(8), bytes(24), new long[] {8, 8, 8}, places),
                "gatherv to rank 1",
                "4 bytes");
    }

    @Test
    void shouldTellWindowsApart() {
        requireMismatch(
                job -> job.world().openWindow(WindowSpec.ofBytes(8).named("grid")),
                job -> job.world().openWindow(WindowSpec.ofBytes(8).named("table")),
                "grid",
                "table");
        requireMismatch(job -> twoWindows(job, false), job -> twoWindows(job, true), "fence", "\"one\"", "\"two\"");
    }

    private static void twoWindows(Job job, boolean second) {
        try (Window one = job.world().openWindow(WindowSpec.ofBytes(8).named("one"));
                Window two = job.world().openWindow(WindowSpec.ofBytes(8).named("two"));
                Epoch epoch = (second ? two : one).fence()) {
            epoch.flushAll();
        }
    }

    @Test
    void shouldTellFencesFromOtherThings() {
        requireMismatch(this::fenceOnce, job -> open(job, 8).close(), "fence", "close of window");
        requireMismatch(this::fenceOnce, this::fenceTwice, "next", "end");
        requireMismatch(
                this::fenceOnce,
                job -> {
                    Window window = open(job, 8);
                    window.fence().putByte(0, 0, (byte) 1);
                    job.world().barrier();
                },
                "fence",
                "barrier");
    }

    private void fenceOnce(Job job) {
        open(job, 8).fence().close();
    }

    private void fenceTwice(Job job) {
        open(job, 8).fence().next().close();
    }

    @Test
    void shouldStopTheTeamAfterAMismatch() {
        ranks(2, job -> {
            try (Window window = open(job, 8)) {
                Throwable first = catchThrowable(() -> job.world().broadcast(0, bytes(job.rank() + 1)));
                for (Throwable later : new Throwable[] {
                    catchThrowable(() -> job.world().barrier()),
                    catchThrowable(() -> job.world().openWindow(WindowSpec.ofBytes(1))),
                    catchThrowable(() -> job.world().broadcast(0, bytes(1))),
                    catchThrowable(() -> job.world().allreduce(1L, Operator.SUM)),
                    catchThrowable(window::fence)
                }) {
                    assertThat(later)
                            .isInstanceOf(CollectiveMismatchException.class)
                            .hasMessageContaining(first.getMessage());
                }
            }
        });
    }

    @Test
    void shouldTellOfARankThatUnwindsWhileTheOthersFence() {
        IllegalArgumentException mistake = new IllegalArgumentException("a mistake in step 3");
        Throwable[] thrown = new Throwable[RANKS];
        LocalRankException failure = failingRanks(RANKS, job -> {
            try (Window window = open(job, 8)) {
                thrown[job.rank()] = catchThrowable(() -> fenceUntilStep3(window, job.rank() == 1, mistake));
                if (job.rank() == 1) {
                    throw mistake;
                }
            }
        });
        assertThat(failure.rank()).isEqualTo(1);
        assertThat(failure).hasCause(mistake);
        for (int rank : new int[] {0, 2}) {
            assertThat(thrown[rank])
                    .isInstanceOf(CollectiveMismatchException.class)
                    .hasMessageContainingAll("fence", "rank 1: close of window");
        }
    }

    private static void fenceUntilStep3(Window window, boolean mistaken, RuntimeException mistake) {
        for (int step = 0; step < 10; step++) {
            if (mistaken && step == 3) {
                throw mistake;
            }
            try (Epoch epoch = window.fence()) {
                epoch.flushAll();
            }
        }
    }

    @Test
    void shouldTellOfARankThatLeavesTheJobEarly() {
        Throwable[] thrown = new Throwable[RANKS];
        LocalRankException failure = failingRanks(RANKS, job -> {
            if (job.rank() != 1) {
                thrown[job.rank()] = catchThrowable(() -> job.world().barrier());
            }
        });
        assertThat(failure.rank()).isEqualTo(1);
        assertThat(failure).hasCauseInstanceOf(CollectiveMismatchException.class);
        for (int rank : new int[] {0, 2}) {
            assertThat(thrown[rank])
                    .isInstanceOf(CollectiveMismatchException.class)
                    .hasMessageContainingAll("barrier", "rank 1: close of the job");
        }
    }
}
