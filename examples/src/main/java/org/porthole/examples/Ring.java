package org.porthole.examples;

import java.lang.foreign.ValueLayout;
import java.util.Locale;
import org.porthole.Epoch;
import org.porthole.Job;
import org.porthole.Window;
import org.porthole.WindowSpec;

/// Tokens that travel round a ring of ranks: the smallest program with windows, and a measure of a fence.
///
/// Every rank begins with a token that bears its number. In each round it puts its token into the window of its right neighbour, finds
/// that of the left one in its own, and adds its number to it.
///
/// **Windows.** One of 8 bytes per rank. During the fence epoch it is open to the neighbour and out of reach for its owner; when the epoch
/// is closed, all puts have arrived and [Window#local()] is plain memory.
///
/// ```
/// porthole run -n 4 ring --rounds 10000
/// ```
public final class Ring {
    private static final String USAGE = """
            ring [options]: passes tokens round the ranks
              --rounds N   how often every rank passes a token on (default 1000; 100000 leaves the start of Java behind)
            """;

    private Ring() {}

    /// Joins the job and runs.
    ///
    /// @param args see the class
    public static void main(String[] args) {
        Example.start(
                USAGE, args, (job, arguments) -> run(job, arguments.integer("--rounds", 1000, 1, Integer.MAX_VALUE)));
    }

    static Result run(Job job, int rounds) {
        int rank = job.rank();
        int right = (rank + 1) % job.size();
        try (Window hand = job.world().openWindow(WindowSpec.ofBytes(Long.BYTES).named("hand"))) {
            long token = rank;
            long startNs = System.nanoTime();
            for (int round = 0; round < rounds; round++) {
                try (Epoch epoch = hand.fence()) {
                    epoch.putLong(right, 0, token);
                }
                token = hand.local().get(ValueLayout.JAVA_LONG, 0) + rank;
            }
            double seconds = Example.secondsSince(startNs);
            long expected = expected(rank, job.size(), rounds);
            Example.verify(job, token == expected, "the token is " + token + " and should be " + expected);
            return new Result(job.size(), rounds, seconds);
        }
    }

    /// The sum of the ranks that a token has seen when it arrives at `rank`: once where it began, and once a round.
    private static long expected(int rank, int size, int rounds) {
        long visits = rounds + 1L;
        long sum = visits / size * (size * (size - 1L) / 2);
        for (int back = 0; back < visits % size; back++) {
            sum += Math.floorMod(rank - back, size);
        }
        return sum;
    }

    /// What is printed at the end.
    ///
    /// @param ranks   how many ranks took part
    /// @param rounds  how often each token was passed on
    /// @param seconds how long that took
    record Result(int ranks, int rounds, double seconds) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%s, %d rounds in %.3f s: %.2f us per hop",
                    Example.ranks(ranks),
                    rounds,
                    seconds,
                    seconds / rounds * 1e6);
        }
    }
}
