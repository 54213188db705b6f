package org.porthole.examples;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;
import org.porthole.Access;
import org.porthole.Job;
import org.porthole.Operator;
import org.porthole.Window;
import org.porthole.WindowSpec;

/// The RandomAccess benchmark of the HPC Challenge: how many random words of a table that is spread over all ranks can be updated in a
/// second, in GUPS, thousands of millions of updates per second.
///
/// The table has a power of two of 64-bit words, `T[i] = i` at the start. Four times as many updates follow, `T[r mod size] ^= r`, with `r`
/// from the benchmark's pseudo-random stream, of which each rank takes its own part. They are checked as the benchmark prescribes: the same
/// updates again restore the table, and at most 1 % of its words may be wrong. Here the updates are atomic, and none is.
///
/// **Windows.** One, the table, in blocks. The updates are atomic XORs within a [Window#lockAll()] epoch: the owners of the words take no
/// part.
///
/// ```
/// porthole run -n 4 randomaccess --log2-words 24
/// ```
///
/// **Source.** HPC Challenge 1.5.0, RandomAccess (`HPCC_starts`, `POLY`, `PERIOD`).
public final class RandomAccess {
    private static final String USAGE = """
            randomaccess [options]: updates random words of a table over all ranks
              --log2-words K   the table has 2^K words of 8 bytes (default 22)
            """;

    private static final int UPDATES_PER_WORD = 4;

    private RandomAccess() {}

    /// Joins the job and runs.
    ///
    /// @param args see the class
    public static void main(String[] args) {
        Example.start(USAGE, args, (job, arguments) -> run(job, arguments.integer("--log2-words", 22, 0, 48)));
    }

    static Result run(Job job, int log2Words) {
        Blocks words = new Blocks(1L << log2Words, job.size());
        Blocks updates = new Blocks(UPDATES_PER_WORD * words.total(), job.size());
        long bytes = Long.BYTES * words.count(job.rank());
        try (Window table = job.world().openWindow(WindowSpec.ofBytes(bytes).named("table"))) {
            fill(table, words);
            job.world().barrier();

            long startNs = System.nanoTime();
            update(table, words, updates);
            job.world().barrier();
            double seconds = Example.secondsSince(startNs);

            update(table, words, updates);
            job.world().barrier();
            long errors = job.world().allreduce(countErrors(table, words), Operator.SUM);
            Example.verify(
                    job, errors <= words.total() / 100, errors + " of " + words.total() + " words are wrong, over 1 %");
            return new Result(job.size(), log2Words, updates.total(), seconds, errors);
        }
    }

    static void fill(Window table, Blocks words) {
        MemorySegment mine = table.local();
        long first = words.first(table.team().rank());
        for (long i = 0; i < mine.byteSize() / Long.BYTES; i++) {
            mine.setAtIndex(ValueLayout.JAVA_LONG, i, first + i);
        }
        table.expose(); // the view would keep the others out
    }

    /// Does this rank's part of the updates.
    static void update(Window table, Blocks words, Blocks updates) {
        int rank = table.team().rank();
        long mask = words.total() - 1;
        long random = RandomStream.element(updates.first(rank));
        try (Access access = table.lockAll()) {
            for (long i = updates.count(rank); i > 0; i--) {
                random = RandomStream.next(random);
                long word = random & mask;
                int owner = words.owner(word);
                access.fetchAndOp(owner, Long.BYTES * (word - words.first(owner)), Operator.XOR, random);
            }
        }
    }

    private static long countErrors(Window table, Blocks words) {
        MemorySegment mine = table.local();
        long first = words.first(table.team().rank());
        long errors = 0;
        for (long i = 0; i < mine.byteSize() / Long.BYTES; i++) {
            if (mine.getAtIndex(ValueLayout.JAVA_LONG, i) != first + i) {
                errors++;
            }
        }
        return errors;
    }

    /// What is printed at the end.
    ///
    /// @param ranks     how many ranks took part
    /// @param log2Words the table's size
    /// @param updates   how many updates were timed
    /// @param seconds   how long they took
    /// @param errors    how many words were wrong
    record Result(int ranks, int log2Words, long updates, double seconds, long errors) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "2^%d words on %s, %d updates in %.3f s: %.6f GUPS, %d errors",
                    log2Words,
                    Example.ranks(ranks),
                    updates,
                    seconds,
                    updates / seconds / 1e9,
                    errors);
        }
    }
}
