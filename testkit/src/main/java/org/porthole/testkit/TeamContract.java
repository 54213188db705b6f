package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.porthole.Access;
import org.porthole.CollectiveMismatchException;
import org.porthole.Epoch;
import org.porthole.LocalRankException;
import org.porthole.LockKind;
import org.porthole.Operator;
import org.porthole.PeerFailedException;
import org.porthole.Team;
import org.porthole.Window;
import org.porthole.WindowSpec;

/// Teams are made of teams, number their ranks themselves, do everything that the world does, and close in any order.
public abstract class TeamContract extends TransportContract {
    private static final int RANKS = 4;

    /// For transports.
    protected TeamContract() {}

    private static long sum(Team team, long value) {
        return team.allreduce(value, Operator.SUM);
    }

    @Test
    void shouldSplitByColourInTheOrderOfKeys() {
        ranks(5, job -> {
            int colour = job.rank() == 4 ? -1 : job.rank() % 2;
            Optional<Team> part = job.world().split(colour, -job.rank());
            assertThat(part.isPresent()).isEqualTo(job.rank() != 4);
            if (part.isPresent()) {
                try (Team team = part.get()) {
                    assertThat(team.size()).isEqualTo(2);
                    assertThat(team.rank()).isEqualTo(job.rank() < 2 ? 1 : 0);
                    assertThat(sum(team, 1L << job.rank())).isEqualTo(0b101 << colour);
                    for (int rank = 0; rank < 2; rank++) {
                        int world = job.world().translate(team, rank);
                        assertThat(world).isEqualTo(2 - 2 * rank + colour);
                        assertThat(team.translate(job.world(), world)).isEqualTo(rank);
                    }
                    assertThat(team.translate(job.world(), 4)).isEqualTo(-1);
                    assertThatThrownBy(() -> team.translate(team, 2)).isInstanceOf(IndexOutOfBoundsException.class);
                }
            }
            assertThat(sum(job.world(), 1)).isEqualTo(5);
        });
    }

    @Test
    void shouldKeepTheOrderOfRanksWhereKeysAreEqual() {
        ranks(RANKS, job -> {
            try (Team team = job.world().split(7, 0).orElseThrow()) {
                assertThat(team.rank()).isEqualTo(job.rank());
                assertThat(team.size()).isEqualTo(RANKS);
            }
        });
    }

    @Test
    void shouldSplitByHost() {
        ranks(3, job -> {
            try (Team team = job.world().splitByHost()) {
                assertThat(team.rank()).isEqualTo(job.rank());
                assertThat(sum(team, 1)).isEqualTo(3);
            }
        });
    }

    @Test
    void shouldMakeATeamOfNamedRanks() {
        ranks(RANKS, job -> {
            Optional<Team> part = job.world().of(3, 0, 2);
            assertThat(part.isPresent()).isEqualTo(job.rank() != 1);
            if (part.isPresent()) {
                Team team = part.get();
                assertThat(job.world().translate(team, team.rank())).isEqualTo(job.rank());
                MemorySegment first = MemorySegment.ofArray(new byte[] {(byte) job.rank()});
                team.broadcast(0, first);
                assertThat(first.toArray(ValueLayout.JAVA_BYTE)).containsExactly(3);
                Optional<Team> pair = team.of(2, 0);
                assertThat(pair.isPresent()).isEqualTo(job.rank() != 0);
                team.close();
                if (pair.isPresent()) {
                    assertThat(sum(pair.get(), job.rank())).isEqualTo(5);
                    assertThat(job.world().translate(pair.get(), 0)).isEqualTo(2);
                    pair.get().close();
                }
            }
            assertThat(job.world().of()).isEmpty();
            assertThatThrownBy(() -> job.world().of(0, RANKS)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> job.world().of(1, 1)).isInstanceOf(IllegalArgumentException.class);
            job.world().barrier();
        });
    }

    @Test
    void shouldReachWindowsInTheTeamsNumbers() {
        ranks(RANKS, job -> {
            Optional<Team> part = job.world().of(3, 1, 0);
            if (part.isEmpty()) {
                return;
            }
            try (Team team = part.get();
                    Window window = team.openWindow(WindowSpec.ofBytes(64).named("part"))) {
                int next = (team.rank() + 1) % 3;
                try (Epoch epoch = window.fence()) {
                    epoch.putLong(next, 0, job.rank());
                }
                try (Access access = window.lockAll()) {
                    assertThat(access.getLong(team.rank(), 0))
                            .isEqualTo(job.world().translate(team, (team.rank() + 2) % 3));
                    access.fetchAndOp(0, 8, Operator.SUM, 1L);
                }
                team.barrier();
                try (Access access = window.lock(0, LockKind.EXCLUSIVE)) {
                    assertThat(access.getLong(0, 8)).isEqualTo(3);
                    assertThatThrownBy(() -> access.getLong(3, 8)).isInstanceOf(RuntimeException.class);
                }
            }
        });
    }

    @Test
    void shouldCloseInAnyOrder() {
        for (int order = 0; order < 4; order++) {
            int chosen = order;
            ranks(3, job -> {
                Team team = job.world().split(0, 0).orElseThrow();
                Team other = job.world().split(job.rank() % 2, 0).orElseThrow();
                Window window = team.openWindow(WindowSpec.ofBytes(8));
                Window worlds = open(job, 8);
                switch (chosen) {
                    case 0 -> team.close();
                    case 1 -> job.close();
                    case 2 -> {
                        other.close();
                        worlds.close();
                    }
                    default -> window.close();
                }
                team.close();
                window.close();
                other.close();
                team.close();
                assertThat(window.isOpen()).isFalse();
                assertThatThrownBy(team::barrier).isInstanceOf(IllegalStateException.class);
                job.close();
            });
        }
    }

    @Test
    void shouldLeaveTheWorldOpenUntilTheJobCloses() {
        ranks(2, job -> {
            job.world().close();
            job.world().barrier();
        });
    }

    @Test
    void shouldMakeAndCloseManyTeams() {
        ranks(3, job -> {
            for (int round = 0; round < 100; round++) {
                try (Team team =
                        job.world().split(job.rank() == round % 3 ? 1 : 0, 0).orElseThrow()) {
                    assertThat(sum(team, 1)).isEqualTo(team.size());
                }
            }
        });
    }

    @Test
    void shouldTellOfDifferentWaysToMakeATeam() {
        requireMismatch(team -> team.split(0, 0), Team::barrier);
        requireMismatch(team -> team.split(0, 0), team -> team.of(0, 1));
        requireMismatch(team -> team.of(1, 0), team -> team.of(0, 1));
        requireMismatch(team -> team.of(1, 0), team -> team.of(0));
    }

    @FunctionalInterface
    private interface OnTeam {
        void run(Team team);
    }

    private void requireMismatch(OnTeam first, OnTeam second) {
        ranks(
                2,
                job -> assertThat(catchThrowable(() -> (job.rank() == 0 ? first : second).run(job.world())))
                        .isInstanceOf(CollectiveMismatchException.class));
    }

    @Test
    void shouldKeepAMismatchToItsTeam() {
        ranks(RANKS, job -> {
            Team team = job.world().split(job.rank() % 2, 0).orElseThrow();
            if (job.rank() % 2 == 1) {
                assertThatThrownBy(() -> team.broadcast(team.rank(), MemorySegment.ofArray(new byte[1])))
                        .isInstanceOf(CollectiveMismatchException.class)
                        .hasMessageContaining("[1, 3]");
            } else {
                team.barrier();
            }
            assertThat(sum(job.world(), 1)).isEqualTo(RANKS);
            team.close();
            assertThat(sum(job.world(), 1)).isEqualTo(RANKS);
        });
    }

    @Test
    void shouldTellOfARankThatLeavesTheJobWhileItsTeamMeets() {
        Throwable[] thrown = new Throwable[3];
        LocalRankException failure = failingRanks(3, job -> {
            Team team = job.world().split(0, 0).orElseThrow();
            if (job.rank() != 1) {
                thrown[job.rank()] = catchThrowable(team::barrier);
                job.close();
            }
        });
        assertThat(failure).isNull();
        for (int rank : new int[] {0, 2}) {
            assertThat(thrown[rank])
                    .isInstanceOf(CollectiveMismatchException.class)
                    .hasMessageContaining("rank 1: close of the job");
        }
    }

    @Test
    void shouldNameAFailedRankByItsNumberInTheJob() {
        RuntimeException mishap = new IllegalArgumentException("a mishap");
        Throwable[] thrown = new Throwable[RANKS];
        Throwable[] locked = new Throwable[RANKS];
        long[] sums = new long[RANKS];
        LocalRankException failure = failingRanks(RANKS, job -> {
            Team team = job.world().split(job.rank() == 0 ? 0 : 1, -job.rank()).orElseThrow();
            Window window = team.openWindow(WindowSpec.ofBytes(8));
            if (job.rank() == 3) {
                throw mishap;
            }
            thrown[job.rank()] = job.rank() == 0 ? null : catchThrowable(team::barrier);
            if (job.rank() != 0) {
                locked[job.rank()] = catchThrowable(() -> window.lock(0, LockKind.SHARED));
                window.lock(1, LockKind.SHARED).close();
            }
            sums[job.rank()] = job.rank() == 0 ? sum(team, 9) : 0;
            window.close();
            team.close();
        });
        assertThat(failure.rank()).isEqualTo(3);
        assertThat(failure).hasCause(mishap).hasNoSuppressedExceptions();
        for (int rank : new int[] {1, 2}) {
            for (Throwable each : new Throwable[] {thrown[rank], locked[rank]}) {
                assertThat(each).isInstanceOf(PeerFailedException.class).hasMessageContaining("a mishap");
                assertThat(((PeerFailedException) each).rank()).isEqualTo(3);
            }
        }
        assertThat(sums[0]).isEqualTo(9);
    }

    @Test
    void shouldMoveDataInRandomTeams() {
        long first = new Random().nextInt();
        for (long seed = first; seed < first + 5; seed++) {
            long chosen = seed;
            try {
                ranks(5, job -> moveAtRandom(job.world(), new Random(chosen)));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("with seed " + seed + ": " + e, e);
            }
        }
    }

    /// All ranks draw the same numbers.
    private static void moveAtRandom(Team world, Random random) {
        for (int round = 0; round < 8; round++) {
            int[] colours = random.ints(world.size(), -1, 3).toArray();
            int[] keys = random.ints(world.size(), 0, 3).toArray();
            int[] lengths = IntStream.range(0, 3)
                    .map(i -> random.nextInt(1 << random.nextInt(18)))
                    .toArray();
            int[] kinds = random.ints(6, 0, 4).toArray();
            int colour = colours[world.rank()];
            Optional<Team> part = world.split(colour, keys[world.rank()]);
            if (part.isPresent()) {
                try (Team team = part.get()) {
                    int[] members = IntStream.range(0, team.size())
                            .map(rank -> world.translate(team, rank))
                            .toArray();
                    assertThat(Arrays.stream(members)).allMatch(rank -> colours[rank] == colour);
                    for (int kind : kinds) {
                        move(team, members, kind, lengths[colour]);
                    }
                }
            }
        }
    }

    private static void move(Team team, int[] members, int kind, int length) {
        int me = members[team.rank()];
        byte[] seen = new byte[length * members.length];
        byte[] expected = new byte[seen.length];
        for (int peer = 0; peer < members.length; peer++) {
            int to = kind == 1 ? me : 0;
            System.arraycopy(randomBytes(length, members[peer] * 100L + to), 0, expected, peer * length, length);
        }
        switch (kind) {
            case 0 -> {
                team.allgather(MemorySegment.ofArray(randomBytes(length, me * 100L)), MemorySegment.ofArray(seen));
                assertThat(seen).isEqualTo(expected);
            }
            case 1 -> {
                for (int peer = 0; peer < members.length; peer++) {
                    System.arraycopy(randomBytes(length, me * 100L + members[peer]), 0, seen, peer * length, length);
                }
                team.alltoall(MemorySegment.ofArray(seen), MemorySegment.ofArray(seen));
                assertThat(seen).isEqualTo(expected);
            }
            case 2 -> assertThat(sum(team, me)).isEqualTo(Arrays.stream(members).sum());
            default -> {
                int root = length % members.length;
                team.gather(root, MemorySegment.ofArray(randomBytes(length, me * 100L)), MemorySegment.ofArray(seen));
                assertThat(seen).isEqualTo(root == team.rank() ? expected : new byte[seen.length]);
            }
        }
    }
}
