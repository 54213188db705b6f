package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.porthole.Access;
import org.porthole.CollectiveMismatchException;
import org.porthole.DataType;
import org.porthole.Epoch;
import org.porthole.JobTimeoutException;
import org.porthole.LocalRankException;
import org.porthole.LockKind;
import org.porthole.Operator;
import org.porthole.PeerFailedException;
import org.porthole.RankBody;
import org.porthole.Team;
import org.porthole.Window;
import org.porthole.WindowSpec;
import org.porthole.config.Configuration;
import org.porthole.config.CoreOptions;

/// A rank that fails fails the waits of those that need it, and nothing else; a rank that does not come is named when patience ends.
public abstract class FailureContract extends TransportContract {
    private static final int RANKS = 3;
    private static final int VICTIM = 1;

    /// For transports.
    protected FailureContract() {}

    private static final class Mishap extends RuntimeException {
        private static final long serialVersionUID = 1;

        Mishap() {
            super("a mishap");
        }
    }

    /// Lets rank 1 throw in its body while the others do something that needs it; they must be told who failed and why.
    private void requirePeerFailed(RankBody victim, RankBody survivor) {
        Mishap mishap = new Mishap();
        Throwable[] thrown = new Throwable[RANKS];
        LocalRankException failure = failingRanks(RANKS, job -> {
            if (job.rank() == VICTIM) {
                victim.run(job);
                throw mishap;
            }
            thrown[job.rank()] = catchThrowable(() -> survivor.run(job));
        });
        assertThat(failure.rank()).isEqualTo(VICTIM);
        assertThat(failure).hasCause(mishap).hasNoSuppressedExceptions();
        requireNamed(thrown[0]);
        requireNamed(thrown[2]);
    }

    private static void requireNamed(Throwable thrown) {
        assertThat(thrown)
                .isInstanceOf(PeerFailedException.class)
                .hasMessageContaining("rank " + VICTIM)
                .hasMessageContaining("a mishap");
        assertThat(((PeerFailedException) thrown).rank()).isEqualTo(VICTIM);
    }

    @Test
    void shouldFailCollectivesOfTheOthers() {
        requirePeerFailed(job -> {}, job -> job.world().barrier());
        requirePeerFailed(job -> {}, job -> job.world().broadcast(VICTIM, MemorySegment.ofArray(new byte[8])));
        requirePeerFailed(job -> {}, job -> job.world().allreduce(1L, Operator.SUM));
        requirePeerFailed(job -> {}, job -> open(job, 8));
        requirePeerFailed(job -> job.world().barrier(), job -> {
            job.world().barrier();
            job.world().barrier();
        });
    }

    @Test
    void shouldFailMovesOfDataOfTheOthers() {
        long[] counts = {8, 8, 8};
        long[] places = {0, 8, 16};
        List<Consumer<Team>> moves = List.of(
                team -> team.reduce(0, bytes(8), bytes(8), DataType.LONG, Operator.SUM),
                team -> team.allreduce(bytes(200_000), bytes(200_000), DataType.LONG, Operator.SUM),
                team -> team.gather(0, bytes(8), bytes(24)),
                team -> team.gatherv(0, bytes(8), bytes(24), counts, places),
                team -> team.allgather(bytes(200_000), bytes(600_000)),
                team -> team.allgatherv(bytes(8), bytes(24), counts, places),
                team -> team.scatter(0, bytes(24), bytes(8)),
                team -> team.scatterv(2, bytes(24), counts, places, bytes(8)),
                team -> team.alltoall(bytes(600_000), bytes(600_000)),
                team -> team.alltoallv(bytes(24), counts, places, bytes(24), counts, places),
                team -> team.reduceScatter(bytes(24), bytes(8), DataType.LONG, Operator.SUM),
                team -> team.scan(bytes(8), bytes(8), DataType.LONG, Operator.SUM),
                team -> team.exscan(bytes(8), bytes(8), DataType.LONG, Operator.SUM));
        for (Consumer<Team> move : moves) {
            requirePeerFailed(job -> move.accept(job.world()), job -> {
                move.accept(job.world());
                move.accept(job.world());
            });
        }
    }

    private static MemorySegment bytes(int size) {
        return MemorySegment.ofArray(new byte[size]);
    }

    @Test
    void shouldFailFencesOfTheOthers() {
        requirePeerFailed(job -> open(job, 8), job -> open(job, 8).fence());
        requirePeerFailed(
                job -> open(job, 8).fence(), job -> open(job, 8).fence().next());
        requirePeerFailed(
                job -> open(job, 8).fence(), job -> open(job, 8).fence().close());
    }

    @Test
    void shouldFailGroupEpochsOfTheOthers() {
        requirePeerFailed(job -> open(job, 8), job -> open(job, 8).start(VICTIM));
        requirePeerFailed(job -> open(job, 8), job -> open(job, 8).exchange(VICTIM));
        requirePeerFailed(job -> open(job, 8), job -> open(job, 8).post(VICTIM).close());
        requirePeerFailed(
                job -> open(job, 8).exchange(0, 2),
                job -> open(job, 8).exchange(VICTIM).close());
    }

    @Test
    void shouldFailWaitsForNotificationsOfTheOthers() {
        WindowSpec spec = WindowSpec.ofBytes(8).withNotifications(2);
        requirePeerFailed(
                job -> job.world().openWindow(spec),
                job -> job.world().openWindow(spec).notifications().await(1, 1, VICTIM));
    }

    @Test
    void shouldCloseWithoutARankThatFailed() {
        requirePeerFailed(
                job -> {
                    Window window = open(job, 8);
                    Window other = open(job, 8);
                    assertThat(window.isOpen() && other.isOpen()).isTrue();
                },
                job -> {
                    Window window = open(job, 8);
                    Window other = open(job, 8);
                    window.close();
                    assertThat(window.isOpen()).isFalse();
                    Throwable failure = catchThrowable(() -> job.world().barrier());
                    other.close();
                    job.close();
                    throw (Exception) failure;
                });
    }

    @Test
    void shouldStopTheTeamAfterAFailure() {
        requirePeerFailed(job -> {}, job -> {
            requireNamed(catchThrowable(() -> job.world().barrier()));
            requireNamed(catchThrowable(() -> job.world().barrier()));
            job.world().allreduce(1.0, Operator.SUM);
        });
    }

    @Test
    void shouldLeaveTheWindowExposedWhenAClosingFenceFails() {
        requirePeerFailed(job -> open(job, 8).fence(), job -> {
            Window window = open(job, 8);
            Epoch epoch = window.fence();
            ThrowingCallable end = epoch::close;
            requireNamed(catchThrowable(end));
            assertThat(epoch.isOpen()).isTrue();
            assertThat(catchThrowable(window::local)).isInstanceOf(IllegalStateException.class);
            epoch.close();
        });
    }

    @Test
    void shouldGiveBackTheLockOfAFailedHolder() {
        for (LockKind held : LockKind.values()) {
            CountDownLatch locked = new CountDownLatch(1);
            Throwable[] waited = new Throwable[RANKS];
            LocalRankException failure = failingRanks(RANKS, job -> {
                Window window = open(job, 8);
                if (job.rank() == VICTIM) {
                    window.lock(0, held).putLong(0, 0, -1);
                    locked.countDown();
                    throw new Mishap();
                }
                await(locked);
                waited[job.rank()] = catchThrowable(() -> increment(window));
                if (waited[job.rank()] != null) {
                    increment(window);
                }
                awaitValue(window, 1);
                job.close();
            });
            assertThat(failure).hasCauseInstanceOf(Mishap.class).hasNoSuppressedExceptions();
            assertThat(waited[0] == null && waited[2] == null)
                    .as("the repair is reported")
                    .isFalse();
            for (int rank : new int[] {0, 2}) {
                if (waited[rank] != null) {
                    requireNamed(waited[rank]);
                }
            }
        }
    }

    private static void increment(Window window) {
        try (Access access = window.lock(0, LockKind.EXCLUSIVE)) {
            access.putLong(0, 0, access.getLong(0, 0) + 1);
        }
    }

    /// Waits until the other survivor has done its part, under locks alone.
    private static void awaitValue(Window window, long wanted) {
        long begin = System.nanoTime();
        for (long seen = wanted - 1; seen != wanted; ) {
            try (Access access = window.lock(0, LockKind.SHARED)) {
                seen = access.getLong(0, 0);
            }
            assertThat(System.nanoTime() - begin).as("nanoseconds spent").isLessThan(MEETING_S * 1_000_000_000L);
            Thread.onSpinWait();
        }
    }

    @Test
    void shouldRefuseToReachAFailedRank() {
        LocalRankException failure = failingRanks(2, job -> {
            Window window = open(job, 64);
            job.world().barrier();
            if (job.rank() == VICTIM) {
                throw new Mishap();
            }
            try (Access access = window.lock(0, LockKind.SHARED)) {
                requireNamed(catchThrowable(() -> job.world().barrier()));
                assertThat(access.getLong(0, 0)).isZero();
            }
            requireNamed(catchThrowable(() -> window.lock(VICTIM, LockKind.SHARED)));
            requireNamed(catchThrowable(() -> window.lock(VICTIM, LockKind.EXCLUSIVE)));
            requireNamed(catchThrowable(window::lockAll));
        });
        assertThat(failure).hasCauseInstanceOf(Mishap.class).hasNoSuppressedExceptions();
    }

    @Test
    void shouldRefuseOperationsOnAFailedRank() {
        CountDownLatch covered = new CountDownLatch(1);
        LocalRankException failure = failingRanks(2, job -> {
            Window window = open(job, 64);
            if (job.rank() == VICTIM) {
                await(covered);
                throw new Mishap();
            }
            try (Access access = window.lockAll()) {
                access.putLong(VICTIM, 0, 1);
                access.flush(VICTIM);
                covered.countDown();
                requireNamed(catchThrowable(() -> job.world().barrier()));
                for (OneSided operation : OneSided.values()) {
                    requireNamed(catchThrowable(() -> operation.perform(access, VICTIM, 0)));
                    operation.perform(access, 0, 0);
                    access.flush(0);
                }
            }
        });
        assertThat(failure).hasCauseInstanceOf(Mishap.class).hasNoSuppressedExceptions();
    }

    @Test
    void shouldSayWhoWaitsForWhatWhenTheDeadlineHasPassed() {
        Throwable[] thrown = new Throwable[RANKS];
        CountDownLatch gaveUp = new CountDownLatch(RANKS - 1);
        LocalRankException failure = failingRanks(RANKS, shortDeadline(), job -> {
            if (job.rank() == VICTIM) {
                await(gaveUp);
            } else {
                thrown[job.rank()] = catchThrowable(() -> job.world().barrier());
                gaveUp.countDown();
            }
        });
        for (int rank : new int[] {0, 2}) {
            assertThat(thrown[rank])
                    .isInstanceOf(JobTimeoutException.class)
                    .hasMessageContaining("rank " + rank + " waits in barrier")
                    .hasMessageContaining("for rank " + VICTIM)
                    .hasMessageMatching(".* after \\d+\\.\\d s: .*")
                    .hasMessageContaining(CoreOptions.WAIT_DEADLINE.key());
        }
        assertThat(failure.rank()).as("leaving is not what the others did").isEqualTo(VICTIM);
        assertThat(failure).hasCauseInstanceOf(CollectiveMismatchException.class);
    }

    private Configuration shortDeadline() {
        return configuration().with(CoreOptions.WAIT_DEADLINE, "300ms");
    }

    @Test
    void shouldSayWhoHoldsTheLockWhenTheDeadlineHasPassed() {
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch gaveUp = new CountDownLatch(1);
        ranks(2, shortDeadline(), job -> {
            Window window = open(job, 8);
            if (job.rank() == 0) {
                try (Access access = window.lock(1, LockKind.EXCLUSIVE)) {
                    access.putLong(1, 0, 1);
                    locked.countDown();
                    await(gaveUp);
                }
            } else {
                await(locked);
                for (LockKind kind : LockKind.values()) {
                    assertThat(catchThrowable(() -> window.lock(1, kind)))
                            .isInstanceOf(JobTimeoutException.class)
                            .hasMessageContaining(
                                    "rank 1 waits for the " + kind.name().toLowerCase(Locale.ROOT))
                            .hasMessageContaining("lock on rank 1")
                            .hasMessageContaining(window.name())
                            .hasMessageContaining("held by rank 0");
                }
                gaveUp.countDown();
                try (Access access = window.lock(1, LockKind.EXCLUSIVE)) {
                    assertThat(access.getLong(1, 0)).isEqualTo(1);
                }
            }
        });
    }
}
