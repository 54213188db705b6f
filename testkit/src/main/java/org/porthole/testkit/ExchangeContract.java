package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.Team;

/// Gathers, scatters and all-to-alls bring every byte to its place and touch no other, in every kind of memory, from and to every rank.
public abstract class ExchangeContract extends TransportContract {
    private static final int MOST_RANKS = 6;
    private static final int[] SIZES = {0, 1, 8, 18, 19, 56, 57, 112, 113, 1000, 40_000};
    private static final int[] LARGE_SIZES = {65_536, 131_072, 131_073, 300_001};
    private static final int GAP = 5;

    /// For transports.
    protected ExchangeContract() {}

    /// What rank `from` has for rank `to`.
    private static byte[] piece(int from, int to, int length) {
        return randomBytes(length, (from * 31L + to) * 1_000_003 + length);
    }

    private static MemorySegment segment(byte[] bytes) {
        return MemorySegment.ofArray(bytes);
    }

    private static void place(byte[] into, long offset, byte[] bytes) {
        System.arraycopy(bytes, 0, into, (int) offset, bytes.length);
    }

    /// The pieces of all ranks for rank `to`, one after the other.
    private static byte[] from(Team team, int to, int length) {
        byte[] all = new byte[team.size() * length];
        for (int peer = 0; peer < team.size(); peer++) {
            place(all, (long) peer * length, piece(peer, to, length));
        }
        return all;
    }

    /// The pieces that rank `from` has for all, one after the other.
    private static byte[] to(Team team, int from, int length) {
        byte[] all = new byte[team.size() * length];
        for (int peer = 0; peer < team.size(); peer++) {
            place(all, (long) peer * length, piece(from, peer, length));
        }
        return all;
    }

    @FunctionalInterface
    private interface Sized {
        void run(Team team, Arena arena, SegmentKind kind, int length);
    }

    private void everySize(Sized body) {
        for (int size = 1; size <= MOST_RANKS; size++) {
            ranks(size, job -> {
                try (Arena arena = Arena.ofConfined()) {
                    for (SegmentKind kind : SegmentKind.values()) {
                        for (int length : SIZES) {
                            body.run(job.world(), arena, kind, length);
                        }
                    }
                }
            });
        }
        ranks(3, job -> {
            try (Arena arena = Arena.ofConfined()) {
                for (int length : LARGE_SIZES) {
                    body.run(job.world(), arena, SegmentKind.NATIVE, length);
                }
            }
        });
    }

    private static void requireSame(MemorySegment seen, byte[] expected, String what, int length) {
        assertThat(seen.mismatch(segment(expected)))
                .as("%s of %d bytes", what, length)
                .isEqualTo(-1);
    }

    @Test
    void shouldGatherToEveryRoot() {
        everySize((team, arena, kind, length) -> {
            for (int root = 0; root < team.size(); root++) {
                byte[] mine = piece(team.rank(), root, length);
                MemorySegment whole = kind.allocate(arena, team.size() * length);
                team.gather(root, kind.holding(arena, mine, 0), team.rank() == root ? whole : MemorySegment.NULL);
                if (team.rank() == root) {
                    requireSame(whole, from(team, root, length), "gather", length);
                    MemorySegment own = whole.asSlice((long) root * length, length);
                    team.gather(root, own, whole);
                    requireSame(whole, from(team, root, length), "gather in place", length);
                } else {
                    team.gather(root, segment(mine), MemorySegment.NULL);
                }
            }
        });
    }

    @Test
    void shouldGatherToAll() {
        everySize((team, arena, kind, length) -> {
            MemorySegment whole = kind.allocate(arena, team.size() * length);
            team.allgather(kind.holding(arena, piece(team.rank(), 0, length), 0), whole);
            requireSame(whole, from(team, 0, length), "allgather", length);
            whole.fill((byte) 0);
            MemorySegment own = whole.asSlice((long) team.rank() * length, length);
            own.copyFrom(segment(piece(team.rank(), 1, length)));
            team.allgather(own, whole);
            requireSame(whole, from(team, 1, length), "allgather in place", length);
        });
    }

    @Test
    void shouldScatterFromEveryRoot() {
        everySize((team, arena, kind, length) -> {
            for (int root = 0; root < team.size(); root++) {
                MemorySegment whole =
                        team.rank() == root ? kind.holding(arena, to(team, root, length), 0) : MemorySegment.NULL;
                MemorySegment piece = kind.allocate(arena, length);
                team.scatter(root, team.rank() == root ? whole.asReadOnly() : whole, piece);
                requireSame(piece, piece(root, team.rank(), length), "scatter", length);
                MemorySegment inPlace = team.rank() == root ? whole.asSlice((long) root * length, length) : piece;
                team.scatter(root, whole, inPlace);
                requireSame(inPlace, piece(root, team.rank(), length), "scatter in place", length);
            }
        });
    }

    @Test
    void shouldExchangeAllWithAll() {
        everySize((team, arena, kind, length) -> {
            MemorySegment source = kind.holding(arena, to(team, team.rank(), length), 0);
            MemorySegment destination = kind.allocate(arena, team.size() * length);
            team.alltoall(source, destination);
            requireSame(destination, from(team, team.rank(), length), "alltoall", length);
            requireSame(source, to(team, team.rank(), length), "source of alltoall", length);
            team.alltoall(source, source);
            requireSame(source, from(team, team.rank(), length), "alltoall in place", length);
        });
    }

    /// Lengths and places of pieces, in any order with gaps between them.
    private static final class Places {
        final long[] counts;
        final long[] displacements;
        final int byteSize;

        private Places(long[] counts, long[] displacements, int byteSize) {
            this.counts = counts;
            this.displacements = displacements;
            this.byteSize = byteSize;
        }

        static Places of(Random random, int[] lengths) {
            long[] counts = new long[lengths.length];
            long[] displacements = new long[lengths.length];
            int at = random.nextInt(GAP);
            int first = random.nextInt(lengths.length);
            for (int i = 0; i < lengths.length; i++) {
                int peer = (first + i) % lengths.length;
                counts[peer] = lengths[peer];
                displacements[peer] = at;
                at += lengths[peer] + random.nextInt(GAP);
            }
            return new Places(counts, displacements, at);
        }

        byte[] blank() {
            return filled(byteSize, 0x5a);
        }
    }

    private static int someLength(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> 0;
            case 1 -> 100_000 + random.nextInt(200_000);
            default -> random.nextInt(1 << (1 + random.nextInt(14)));
        };
    }

    @FunctionalInterface
    private interface Seeded {
        void run(Team team, int[][] lengths, Random own);
    }

    /// Gives all ranks the same random lengths, of the piece of each rank for each, and every rank chance of its own.
    private void everySeed(Seeded body) {
        long first = new Random().nextInt();
        for (long seed = first; seed < first + 12; seed++) {
            Random common = new Random(seed);
            int size = 1 + common.nextInt(MOST_RANKS);
            int[][] lengths = new int[size][size];
            for (int[] row : lengths) {
                for (int i = 0; i < size; i++) {
                    row[i] = someLength(common);
                }
            }
            long chance = seed;
            try {
                ranks(size, job -> body.run(job.world(), lengths, new Random(chance * 31 + job.rank())));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("with seed " + seed + ": " + e, e);
            }
        }
    }

    @Test
    void shouldGatherDifferentLengths() {
        everySeed((team, lengths, random) -> {
            for (int root = 0; root < team.size(); root++) {
                int[] each = lengths[root];
                Places places = Places.of(random, each);
                byte[] seen = places.blank();
                byte[] expected = places.blank();
                for (int peer = 0; peer < team.size(); peer++) {
                    place(expected, places.displacements[peer], piece(peer, root, each[peer]));
                }
                MemorySegment mine =
                        segment(piece(team.rank(), root, each[team.rank()])).asReadOnly();
                boolean takes = team.rank() == root;
                team.gatherv(
                        root,
                        mine,
                        takes ? segment(seen) : MemorySegment.NULL,
                        takes ? places.counts : new long[0],
                        takes ? places.displacements : new long[0]);
                if (takes) {
                    assertThat(seen).isEqualTo(expected);
                }
                byte[] all = places.blank();
                team.allgatherv(mine, segment(all), places.counts, places.displacements);
                assertThat(all).isEqualTo(expected);
                MemorySegment own = segment(all).asSlice(places.displacements[team.rank()], mine.byteSize());
                team.allgatherv(own, segment(all), places.counts, places.displacements);
                assertThat(all).isEqualTo(expected);
            }
        });
    }

    @Test
    void shouldScatterDifferentLengths() {
        everySeed((team, lengths, random) -> {
            for (int root = 0; root < team.size(); root++) {
                Places places = Places.of(random, lengths[root]);
                byte[] whole = places.blank();
                for (int peer = 0; peer < team.size(); peer++) {
                    place(whole, places.displacements[peer], piece(root, peer, lengths[root][peer]));
                }
                byte[] seen = new byte[lengths[root][team.rank()]];
                boolean brings = team.rank() == root;
                team.scatterv(
                        root,
                        brings ? segment(whole) : MemorySegment.NULL,
                        brings ? places.counts : new long[0],
                        brings ? places.displacements : new long[0],
                        segment(seen));
                assertThat(seen).isEqualTo(piece(root, team.rank(), seen.length));
            }
        });
    }

    @Test
    void shouldExchangeDifferentLengths() {
        everySeed((team, lengths, random) -> {
            int[] incoming = new int[team.size()];
            for (int peer = 0; peer < team.size(); peer++) {
                incoming[peer] = lengths[peer][team.rank()];
            }
            Places from = Places.of(random, lengths[team.rank()]);
            Places into = Places.of(random, incoming);
            byte[] source = from.blank();
            byte[] expected = into.blank();
            for (int peer = 0; peer < team.size(); peer++) {
                place(source, from.displacements[peer], piece(team.rank(), peer, lengths[team.rank()][peer]));
                place(expected, into.displacements[peer], piece(peer, team.rank(), incoming[peer]));
            }
            byte[] seen = into.blank();
            team.alltoallv(
                    segment(source), from.counts, from.displacements, segment(seen), into.counts, into.displacements);
            assertThat(seen).isEqualTo(expected);
        });
    }

    @Test
    void shouldExchangeDifferentLengthsInPlace() {
        everySeed((team, lengths, random) -> {
            int[] both = new int[team.size()];
            for (int peer = 0; peer < team.size(); peer++) {
                both[peer] = lengths[Math.min(peer, team.rank())][Math.max(peer, team.rank())];
            }
            Places places = Places.of(random, both);
            byte[] seen = places.blank();
            byte[] expected = places.blank();
            for (int peer = 0; peer < team.size(); peer++) {
                place(seen, places.displacements[peer], piece(team.rank(), peer, both[peer]));
                place(expected, places.displacements[peer], piece(peer, team.rank(), both[peer]));
            }
            MemorySegment memory = segment(seen);
            team.alltoallv(memory, places.counts, places.displacements, memory, places.counts, places.displacements);
            assertThat(seen).isEqualTo(expected);
        });
    }

    @Test
    void shouldRefuseBadArgumentsWithoutTellingTheOthers() {
        ranks(2, job -> {
            Team team = job.world();
            MemorySegment eight = segment(new byte[8]);
            MemorySegment sixteen = segment(new byte[16]);
            MemorySegment seventeen = segment(new byte[17]);
            int me = job.rank();
            long[] counts = {8, 8};
            long[] places = {0, 8};
            long[] far = {0, 9};
            long[] three = {0, 8, 8};
            requireIllegal("17", () -> team.gather(me, eight, seventeen), () -> team.allgather(eight, seventeen));
            requireIllegal("17", () -> team.scatter(me, seventeen, eight), () -> team.alltoall(seventeen, seventeen));
            requireIllegal("16", () -> team.alltoall(sixteen, eight));
            requireIllegal(
                    "read-only",
                    () -> team.gather(me, eight, sixteen.asReadOnly()),
                    () -> team.allgather(eight, sixteen.asReadOnly()),
                    () -> team.scatter(me, sixteen, eight.asReadOnly()),
                    () -> team.alltoall(sixteen, sixteen.asReadOnly()),
                    () -> team.broadcast(1 - me, eight.asReadOnly()),
                    () -> team.gatherv(me, eight, sixteen.asReadOnly(), counts, places),
                    () -> team.allgatherv(eight, sixteen.asReadOnly(), counts, places),
                    () -> team.scatterv(me, sixteen, counts, places, eight.asReadOnly()),
                    () -> team.alltoallv(sixteen, counts, places, sixteen.asReadOnly(), counts, places),
                    () -> team.scan(eight, eight.asReadOnly(), DataType.LONG, Operator.SUM),
                    () -> team.exscan(eight, eight.asReadOnly(), DataType.LONG, Operator.SUM),
                    () -> team.reduce(me, eight, eight.asReadOnly(), DataType.LONG, Operator.SUM),
                    () -> team.reduceScatter(sixteen, eight.asReadOnly(), DataType.LONG, Operator.SUM),
                    () -> team.reduceScatterv(sixteen, eight.asReadOnly(), counts, DataType.LONG, Operator.SUM));
            requireIllegal(
                    "3",
                    () -> team.gatherv(me, eight, sixteen, three, places),
                    () -> team.allgatherv(eight, sixteen, counts, three),
                    () -> team.reduceScatterv(sixteen, eight, three, DataType.LONG, Operator.SUM));
            requireIllegal(
                    "16",
                    () -> team.gatherv(me, sixteen, sixteen, counts, places),
                    () -> team.allgatherv(sixteen, sixteen, counts, places),
                    () -> team.scatterv(me, sixteen, counts, places, sixteen),
                    () -> team.reduceScatterv(sixteen, sixteen, counts, DataType.LONG, Operator.SUM),
                    () -> team.reduceScatter(sixteen, sixteen, DataType.LONG, Operator.SUM));
            requireIllegal("17", () -> team.scan(seventeen, seventeen, DataType.SHORT, Operator.SUM));
            requireIllegal("REPLACE", () -> team.exscan(eight, eight, DataType.LONG, Operator.REPLACE));
            requireIllegal("XOR", () -> team.reduce(me, eight, eight, DataType.DOUBLE, Operator.XOR));
            for (Runnable call : new Runnable[] {
                () -> team.gatherv(me, eight, sixteen, counts, far),
                () -> team.allgatherv(eight, sixteen, counts, far),
                () -> team.scatterv(me, sixteen, counts, far, eight),
                () -> team.alltoallv(sixteen, counts, far, sixteen, counts, places),
                () -> team.gather(2, eight, sixteen),
                () -> team.scatter(-1, sixteen, eight),
                () -> team.reduce(2, eight, eight, DataType.LONG, Operator.SUM)
            }) {
                assertThatThrownBy(call::run).isInstanceOf(IndexOutOfBoundsException.class);
            }
            team.barrier();
        });
    }

    private static void requireIllegal(String reason, Runnable... calls) {
        for (Runnable call : calls) {
            assertThatThrownBy(call::run)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(reason);
        }
    }
}
