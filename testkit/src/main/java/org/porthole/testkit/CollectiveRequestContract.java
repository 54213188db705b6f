package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.porthole.Access;
import org.porthole.CollectiveMismatchException;
import org.porthole.DataType;
import org.porthole.JobTimeoutException;
import org.porthole.LocalRankException;
import org.porthole.LockKind;
import org.porthole.Operator;
import org.porthole.PeerFailedException;
import org.porthole.Request;
import org.porthole.Team;
import org.porthole.Window;
import org.porthole.WindowSpec;
import org.porthole.config.CoreOptions;

/// Collectives that are started do what those do that wait, in any mixture with them, while their rank does something else; and they fail as those do.
public abstract class CollectiveRequestContract extends TransportContract {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int RANKS = 3;
    private static final int VICTIM = 1;
    private static final int ALLOCATION_ROUNDS = 1_000;
    private static final int ATTEMPTS = 12;

    /// For transports.
    protected CollectiveRequestContract() {}

    private static MemorySegment longs(long... values) {
        return MemorySegment.ofArray(values);
    }

    private static MemorySegment bytes(int size) {
        return MemorySegment.ofArray(new byte[size]);
    }

    @Test
    void shouldNotWaitForAnybodyWhenStarting() throws Exception {
        CyclicBarrier outside = new CyclicBarrier(RANKS);
        ranks(RANKS, job -> {
            List<Request> started = new ArrayList<>();
            long[] sum = new long[1];
            for (int rank = 0; rank < RANKS; rank++) {
                if (rank == job.rank()) {
                    started.add(job.world().startBarrier());
                    started.add(job.world().startAllreduce(longs(rank), longs(sum), DataType.LONG, Operator.SUM));
                    started.add(job.world().startBarrier());
                }
                meet(outside);
                if (rank < RANKS - 1 && rank >= job.rank()) {
                    assertThat(started.getFirst().test())
                            .as("before all have come")
                            .isFalse();
                }
                meet(outside);
            }
            Request.awaitAll(started.toArray(Request[]::new));
            assertThat(sum).containsExactly(3);
        });
    }

    @Test
    void shouldLeaveNoBarrierBeforeAllHaveCome() {
        int[] entered = new int[RANKS];
        ranks(RANKS, job -> {
            for (int round = 1; round <= 100; round++) {
                synchronized (entered) {
                    entered[job.rank()] = round;
                }
                Request request = job.world().startBarrier();
                poll(request);
                synchronized (entered) {
                    for (int each : entered) {
                        assertThat(each).isGreaterThanOrEqualTo(round);
                    }
                }
                job.world().barrier();
            }
        });
    }

    @Test
    void shouldAdvanceWhileItsRankWaitsForSomethingElse() {
        ranks(2, job -> {
            try (Window window = job.world().openWindow(WindowSpec.ofBytes(64).withNotifications(1));
                    Team pair = job.world().split(0, 0).orElseThrow()) {
                byte[] large = job.rank() == 0 ? randomBytes(500_000, 7) : new byte[500_000];
                Request request = job.world().startBroadcast(0, MemorySegment.ofArray(large));
                if (job.rank() == 1) {
                    request.await();
                    assertThat(large).isEqualTo(randomBytes(500_000, 7));
                    try (Access access = window.lock(0, LockKind.SHARED)) {
                        access.raise(0, 0, 1);
                    }
                } else {
                    // rank 1 raises the counter only when the broadcast is over, which this rank has to advance
                    long ignored = window.notifications().await(0, 1);
                }
                pair.barrier();
                request = job.rank() == 0 ? awaited(request) : null;
                assertThat(request).isNull();

                Request gather = job.world().startAllgather(bytes(200_000), bytes(400_000));
                if (job.rank() == 0) {
                    job.world().barrier();
                    gather.await();
                } else {
                    gather.await();
                    job.world().barrier();
                }
            }
        });
    }

    private static Request awaited(Request request) {
        request.await();
        return null;
    }

    @Test
    void shouldDoTheOnesStartedInTheirOrderWithOthersInBetween() {
        for (int size : new int[] {1, 2, 5}) {
            for (long seed = 1; seed <= 3; seed++) {
                long chosen = seed * 100 + size;
                ranks(size, job -> {
                    List<Team> teams = new ArrayList<>();
                    teams.add(job.world());
                    teams.add(job.world().split(0, -job.rank()).orElseThrow());
                    teams.add(job.world().split(job.rank() % 2, 0).orElseThrow());
                    new RandomCollectives(chosen, job.rank(), teams).run();
                    teams.get(2).close();
                    teams.get(1).close();
                });
            }
        }
    }

    @Test
    void shouldWaitForAnyOfSeveral() {
        ranks(2, job -> {
            Team other = job.world().split(0, 0).orElseThrow();
            Request[] requests = {null, job.world().startBarrier(), other.startBarrier()};
            for (int left = 2; left > 0; left--) {
                int index = Request.awaitAny(requests);
                assertThat(index).isPositive();
                requests[index] = null;
            }
            other.close();
        });
    }

    @Test
    void shouldMoveConfinedBuffersByTheirOwnThreadAlone() {
        ranks(2, job -> {
            try (Arena arena = Arena.ofConfined();
                    Team other = job.world().split(0, 0).orElseThrow()) {
                MemorySegment mine = arena.allocate(300_000);
                mine.fill((byte) (job.rank() + 1));
                MemorySegment all = arena.allocate(600_000);
                Request request = job.world().startAllgather(mine, all);
                Throwable[] thrown = new Throwable[1];
                Thread waits = Thread.ofPlatform().start(() -> thrown[0] = catchThrowable(other::barrier));
                request.await();
                waits.join();
                assertThat(thrown[0]).isNull();
                assertThat(all.get(ValueLayout.JAVA_BYTE, 299_999)).isEqualTo((byte) 1);
                assertThat(all.get(ValueLayout.JAVA_BYTE, 300_000)).isEqualTo((byte) 2);
            }
        });
    }

    @Test
    void shouldRefuseBadArgumentsWithoutTellingTheOthers() {
        ranks(2, job -> {
            Team team = job.world();
            assertThatThrownBy(() -> refused(team.startBroadcast(2, bytes(8))))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> refused(team.startAllgather(bytes(8), bytes(8))))
                    .isInstanceOf(IllegalArgumentException.class);
            Request request = team.startBarrier();
            request.await();
            assertThatThrownBy(request::test).isInstanceOf(IllegalStateException.class);
        });
    }

    private static void refused(Request request) {
        throw new AssertionError("started: " + request);
    }

    @Test
    void shouldTellWhatIsStartedApart() {
        Throwable[][] thrown = new Throwable[RANKS][3];
        ranks(RANKS, job -> {
            Team team = job.world();
            Request first = team.startBarrier();
            Request second = job.rank() == VICTIM ? team.startBarrier() : team.startBroadcast(0, bytes(16));
            first.await();
            thrown[job.rank()][0] = catchThrowable(second::await);
            thrown[job.rank()][1] = catchThrowable(() -> team.startBarrier().await());
            thrown[job.rank()][2] = catchThrowable(team::barrier);
        });
        for (Throwable[] each : thrown) {
            assertThat(each[0])
                    .isInstanceOf(CollectiveMismatchException.class)
                    .hasMessageContainingAll("rank 0: broadcast of 16 bytes", "rank 1: barrier");
            assertThat(each[1]).isInstanceOf(CollectiveMismatchException.class);
            assertThat(each[2]).isInstanceOf(CollectiveMismatchException.class);
        }
    }

    @Test
    void shouldTellThoseWhoWaitForWhatWasNeverStarted() {
        Throwable[] thrown = new Throwable[RANKS];
        LocalRankException failure = failingRanks(RANKS, job -> {
            if (job.rank() != VICTIM) {
                Request request = job.world().startBarrier();
                thrown[job.rank()] = catchThrowable(request::await);
            }
        });
        for (int rank : new int[] {0, 2}) {
            assertThat(thrown[rank])
                    .isInstanceOf(CollectiveMismatchException.class)
                    .hasMessageContaining("rank 1");
        }
        assertThat(failure.rank()).isEqualTo(VICTIM);
        assertThat(failure).hasCauseInstanceOf(CollectiveMismatchException.class);
    }

    @Test
    void shouldTellThoseWhoWaitForARankWhoseOwnOneFailed() {
        Throwable[] thrown = new Throwable[RANKS];
        ranks(RANKS, job -> {
            if (job.rank() == VICTIM) {
                MemorySegment freed;
                try (Arena arena = Arena.ofConfined()) {
                    freed = arena.allocate(100_000);
                }
                thrown[VICTIM] = catchThrowable(() -> job.world().allgather(freed, bytes(300_000)));
            } else {
                thrown[job.rank()] = catchThrowable(() -> job.world().allgather(bytes(100_000), bytes(300_000)));
            }
        });
        assertThat(thrown[VICTIM]).isInstanceOf(IllegalStateException.class);
        for (int rank : new int[] {0, 2}) {
            assertThat(thrown[rank])
                    .isInstanceOf(CollectiveMismatchException.class)
                    .hasMessageContaining("rank 1");
        }
    }

    @Test
    void shouldNameTheRankWhoseOwnOneFailedThoughOthersEndedSince() {
        Throwable[] thrown = new Throwable[RANKS];
        CountDownLatch ended = new CountDownLatch(1);
        ranks(RANKS, job -> {
            if (job.rank() == VICTIM) {
                MemorySegment freed;
                try (Arena arena = Arena.ofConfined()) {
                    freed = arena.allocate(100_000);
                }
                thrown[VICTIM] = catchThrowable(() -> job.world().allgather(freed, bytes(300_000)));
            } else if (job.rank() == 0) {
                thrown[0] = catchThrowable(() -> job.world().allgather(bytes(100_000), bytes(300_000)));
                ended.countDown();
            } else {
                await(ended);
                thrown[2] = catchThrowable(() -> job.world().allgather(bytes(100_000), bytes(300_000)));
            }
        });
        for (int rank : new int[] {0, 2}) {
            assertThat(thrown[rank])
                    .isInstanceOf(CollectiveMismatchException.class)
                    .hasMessageContaining("rank 1 takes part in no collective operation any more");
        }
    }

    @Test
    void shouldFailWithARankThatFails() {
        Throwable[][] thrown = new Throwable[RANKS][3];
        CountDownLatch started = new CountDownLatch(RANKS - 1);
        RuntimeException mishap = new IllegalArgumentException("a mishap");
        LocalRankException failure = failingRanks(RANKS, job -> {
            if (job.rank() == VICTIM) {
                await(started);
                throw mishap;
            }
            Request first = job.world().startBarrier();
            Request second = job.world().startAllreduce(bytes(8), bytes(8), DataType.LONG, Operator.SUM);
            started.countDown();
            thrown[job.rank()][0] = catchThrowable(job.rank() == 0 ? first::await : tests(first));
            thrown[job.rank()][1] = catchThrowable(second::await);
            thrown[job.rank()][2] = catchThrowable(() -> job.world().barrier());
        });
        assertThat(failure).hasCause(mishap).hasNoSuppressedExceptions();
        for (int rank : new int[] {0, 2}) {
            for (Throwable each : thrown[rank]) {
                assertThat(each).isInstanceOf(PeerFailedException.class).hasMessageContaining("a mishap");
                assertThat(((PeerFailedException) each).rank()).isEqualTo(VICTIM);
            }
        }
    }

    private static ThrowingCallable tests(Request request) {
        return () -> poll(request);
    }

    private static void poll(Request request) {
        long begin = System.nanoTime();
        while (!request.test()) {
            assertThat(System.nanoTime() - begin).as("nanoseconds spent").isLessThan(MEETING_S * 1_000_000_000L);
            Thread.onSpinWait();
        }
    }

    @Test
    void shouldFailWhatWaitsWhenSomethingStartedFails() {
        Throwable[] thrown = new Throwable[RANKS];
        LocalRankException failure = failingRanks(RANKS, job -> {
            Request request = job.rank() == VICTIM ? null : job.world().startBarrier();
            if (job.rank() == VICTIM) {
                throw new IllegalArgumentException("a mishap");
            }
            thrown[job.rank()] = catchThrowable(() -> job.world().barrier());
            assertThat(catchThrowable(request::await)).isInstanceOf(PeerFailedException.class);
        });
        assertThat(failure).hasNoSuppressedExceptions();
        assertThat(thrown[0]).isInstanceOf(PeerFailedException.class);
        assertThat(thrown[2]).isInstanceOf(PeerFailedException.class);
    }

    @Test
    void shouldStayOutstandingWhenAWaitIsGivenUp() {
        CountDownLatch gaveUp = new CountDownLatch(1);
        ranks(2, configuration().with(CoreOptions.WAIT_DEADLINE, "300ms"), job -> {
            if (job.rank() == 0) {
                Request request = job.world().startBarrier();
                assertThatThrownBy(request::await)
                        .isInstanceOf(JobTimeoutException.class)
                        .hasMessageContaining("waits in barrier")
                        .hasMessageContaining("for rank 1");
                gaveUp.countDown();
                poll(request);
            } else {
                await(gaveUp);
                job.world().startBarrier().await();
            }
            awaitBoth(job.world());
        });
    }

    /// A barrier for ranks that have not come within the short deadline of a test.
    private static void awaitBoth(Team team) {
        poll(team.startBarrier());
    }

    @Test
    void shouldRefuseToCloseATeamWithOnesOutstanding() {
        CountDownLatch refused = new CountDownLatch(1);
        ranks(2, job -> {
            Team team = job.world().split(0, 0).orElseThrow();
            if (job.rank() == 0) {
                Request request = team.startBarrier();
                assertThatThrownBy(team::close)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("not complete");
                refused.countDown();
                request.await();
            } else {
                await(refused);
                team.startBarrier().await();
            }
            team.close();
            assertThatThrownBy(() -> refused(team.startBarrier())).hasMessageContaining("the team is closed");
        });
    }

    @Test
    void shouldAllocateNothingOnceWarm() {
        ranks(2, configuration().with(CoreOptions.CHECK, "off"), job -> {
            Team team = job.world();
            MemorySegment piece = MemorySegment.ofArray(new double[2]);
            MemorySegment whole = MemorySegment.ofArray(new double[1024]);
            MemorySegment both = MemorySegment.ofArray(new double[2048]);
            Request[] requests = new Request[4];
            Runnable round = () -> {
                requests[0] = team.startBarrier();
                requests[1] = team.startAllreduce(piece, piece, DataType.DOUBLE, Operator.MAX);
                requests[2] = team.startAllgather(whole, both);
                requests[3] = team.startBroadcast(1, whole);
                team.barrier();
                Request.awaitAll(requests);
            };
            long least = Long.MAX_VALUE;
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) { // the compilers take their time on a busy machine
                long before = THREADS.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < ALLOCATION_ROUNDS; i++) {
                    round.run();
                }
                least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
            }
            assertThat(least)
                    .as("bytes allocated by %d rounds", ALLOCATION_ROUNDS)
                    .isLessThan(4L * ALLOCATION_ROUNDS);
        });
    }

    /// A random program of collectives on several teams, the same on all ranks, checked against what its arguments say. Ranks draw what they do when from a
    /// seed of their own.
    private static final class RandomCollectives {
        private static final int STEPS = 60;
        private static final int[] COUNTS = {0, 1, 14, 15, 700, 20_000};

        private final Random common;
        private final Random own;
        private final List<Team> teams;
        private final List<Request> outstanding = new ArrayList<>();
        private final List<Runnable> checks = new ArrayList<>();

        RandomCollectives(long seed, int rank, List<Team> teams) {
            common = new Random(seed);
            own = new Random(seed * 1000 + rank);
            this.teams = teams;
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                Team team = teams.get(common.nextInt(teams.size()));
                boolean start = common.nextInt(3) > 0;
                int count = COUNTS[common.nextInt(COUNTS.length)];
                perform(team, start, common.nextInt(8), count, common.nextInt(1 << 20));
                while (!outstanding.isEmpty() && own.nextInt(3) == 0) {
                    awaitOne(own.nextInt(outstanding.size()));
                }
            }
            while (!outstanding.isEmpty()) {
                awaitOne(own.nextInt(outstanding.size()));
            }
        }

        private void awaitOne(int index) {
            Request request = outstanding.remove(index);
            Runnable check = checks.remove(index);
            if (own.nextBoolean()) {
                request.await();
            } else {
                poll(request);
            }
            check.run();
        }

        private void perform(Team team, boolean start, int kind, int count, int salt) {
            int size = team.size();
            int rank = team.rank();
            int root = salt % size;
            long[] mine = values(rank, count, salt);
            long[] result = new long[count];
            long[] pieces = values(rank, count * size, salt);
            long[] all = new long[count * size];
            MemorySegment m = longs(mine);
            MemorySegment r = longs(result);
            MemorySegment p = longs(pieces);
            MemorySegment a = longs(all);
            switch (kind) {
                case 0 -> end(start ? team.startBarrier() : waited(team::barrier), () -> {});
                case 1 ->
                    end(
                            start ? team.startBroadcast(root, m) : waited(() -> team.broadcast(root, m)),
                            () -> assertThat(mine).isEqualTo(values(root, count, salt)));
                case 2 ->
                    end(
                            start
                                    ? team.startAllreduce(m, r, DataType.LONG, Operator.SUM)
                                    : waited(() -> team.allreduce(m, r, DataType.LONG, Operator.SUM)),
                            () -> assertThat(result).isEqualTo(sum(size, count, salt, 0)));
                case 3 ->
                    end(
                            start ? team.startAllgather(m, a) : waited(() -> team.allgather(m, a)),
                            () -> assertThat(all).isEqualTo(gathered(size, count, salt)));
                case 4 ->
                    end(
                            start ? team.startAlltoall(p, a) : waited(() -> team.alltoall(p, a)),
                            () -> assertThat(all).isEqualTo(exchanged(size, rank, count, salt)));
                case 5 ->
                    end(
                            start
                                    ? team.startReduceScatter(p, r, DataType.LONG, Operator.SUM)
                                    : waited(() -> team.reduceScatter(p, r, DataType.LONG, Operator.SUM)),
                            () -> assertThat(result).isEqualTo(sum(size, count, salt, rank * count)));
                case 6 -> gatherVarious(team, start, root, count, salt);
                default ->
                    end(
                            start
                                    ? team.startScan(m, r, DataType.LONG, Operator.SUM)
                                    : waited(() -> team.scan(m, r, DataType.LONG, Operator.SUM)),
                            () -> assertThat(result).isEqualTo(sum(rank + 1, count, salt, 0)));
            }
        }

        /// Rank r brings `count + r` longs.
        private void gatherVarious(Team team, boolean start, int root, int count, int salt) {
            int size = team.size();
            long[] counts = new long[size];
            long[] places = new long[size];
            int total = 0;
            for (int peer = 0; peer < size; peer++) {
                counts[peer] = (long) (count + peer) * Long.BYTES;
                places[peer] = (long) total * Long.BYTES;
                total += count + peer;
            }
            long[] all = new long[total];
            MemorySegment m = longs(values(team.rank(), count + team.rank(), salt));
            MemorySegment a = longs(all);
            end(
                    start
                            ? team.startGatherv(root, m, a, counts, places)
                            : waited(() -> team.gatherv(root, m, a, counts, places)),
                    () -> {
                        for (int peer = 0; peer < size && team.rank() == root; peer++) {
                            int from = (int) places[peer] / Long.BYTES;
                            assertThat(Arrays.copyOfRange(all, from, from + count + peer))
                                    .isEqualTo(values(peer, count + peer, salt));
                        }
                    });
        }

        private void end(Request request, Runnable check) {
            if (request == null) {
                check.run();
            } else {
                outstanding.add(request);
                checks.add(check);
            }
        }

        private static Request waited(Runnable operation) {
            operation.run();
            return null;
        }

        private static long[] values(int rank, int count, int salt) {
            long[] values = new long[count];
            for (int i = 0; i < count; i++) {
                values[i] = (salt + i) * (rank + 3L);
            }
            return values;
        }

        private static long[] sum(int ranks, int count, int salt, int from) {
            long[] sum = new long[count];
            for (int rank = 0; rank < ranks; rank++) {
                long[] values = values(rank, from + count, salt);
                for (int i = 0; i < count; i++) {
                    sum[i] += values[from + i];
                }
            }
            return sum;
        }

        private static long[] gathered(int size, int count, int salt) {
            long[] all = new long[size * count];
            for (int rank = 0; rank < size; rank++) {
                System.arraycopy(values(rank, count, salt), 0, all, rank * count, count);
            }
            return all;
        }

        private static long[] exchanged(int size, int me, int count, int salt) {
            long[] all = new long[size * count];
            for (int rank = 0; rank < size; rank++) {
                System.arraycopy(values(rank, count * size, salt), me * count, all, rank * count, count);
            }
            return all;
        }
    }
}
