package org.porthole.examples;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import org.porthole.DataType;
import org.porthole.Epoch;
import org.porthole.Job;
import org.porthole.Operator;
import org.porthole.Window;
import org.porthole.WindowSpec;

/// Sorts random integers that are spread over all ranks, in keys per second.
///
/// Every rank sorts its keys and shows a sample of them to all; the samples' quantiles are the splitters, the same everywhere. Each rank then
/// sends what lies between two splitters to the rank it belongs to, which sorts what arrives. It is checked that every rank's keys are in
/// order, that no key of a rank is above its neighbour's first, and that the number of the keys and their sum are what they were.
///
/// **Windows.** `samples` has all ranks' samples, at each rank. `sorted` receives the keys, just as many as will come: all ranks know how many
/// keys each sends to each, so that everybody knows where to put its own, and no rank has to ask.
///
/// ```
/// porthole run -n 4 samplesort --keys 16000000
/// ```
///
/// **Source.** Frazer and McKellar: Samplesort, Journal of the ACM 17 (1970).
public final class SampleSort {
    private static final String USAGE = """
            samplesort [options]: sorts random integers of 64 bits
              --keys N   how many, over all ranks (default 4000000)
              --seed N   of the random numbers (default 1)
            """;

    private static final int SAMPLES = 256; // per rank: a rank then gets a tenth more than its share at most

    private SampleSort() {}

    /// Joins the job and runs.
    ///
    /// @param args see the class
    public static void main(String[] args) {
        int exitCode;
        try (Job job = Job.join()) {
            exitCode = Example.run(
                    job,
                    USAGE,
                    args,
                    arguments -> run(
                            job,
                            arguments.integer("--keys", 4_000_000, 0, Integer.MAX_VALUE),
                            arguments.integer("--seed", 1, 0, Integer.MAX_VALUE)));
        }
        System.exit(exitCode);
    }

    static Result run(Job job, int keys, int seed) {
        long share = new Blocks(keys, job.size()).count(job.rank());
        long[] mine = new SplittableRandom(seed + ((long) job.rank() << Integer.SIZE))
                .longs(share)
                .toArray();
        long sum = Arrays.stream(mine).sum();
        job.world().barrier();

        long startNs = System.nanoTime();
        Arrays.sort(mine);
        int[] bounds = bounds(mine, splitters(job, mine));
        long[] sorted = exchange(job, mine, bounds);
        Arrays.sort(sorted);
        double seconds = Example.slowestSince(job, startNs);

        verify(job, sorted, keys, sum);
        double largest = job.world().allreduce((double) sorted.length, Operator.MAX);
        return new Result(keys, job.size(), seconds, largest * job.size() / Math.max(1, keys));
    }

    /// Collective. The keys at which one rank's share ends and the next one's begins: one less than there are ranks.
    private static long[] splitters(Job job, long[] mine) {
        int size = job.size();
        long[] sample = new long[SAMPLES];
        Arrays.setAll(sample, i -> mine.length == 0 ? Long.MAX_VALUE : mine[(int) ((long) i * mine.length / SAMPLES)]);
        long sampleBytes = (long) Long.BYTES * SAMPLES;
        try (Window samples =
                job.world().openWindow(WindowSpec.ofBytes(size * sampleBytes).named("samples"))) {
            try (Epoch epoch = samples.fence()) {
                for (int target = 0; target < size; target++) {
                    epoch.put(target, job.rank() * sampleBytes, MemorySegment.ofArray(sample));
                }
            }
            long[] all = samples.local().toArray(ValueLayout.JAVA_LONG);
            Arrays.sort(all);
            long[] splitters = new long[size - 1];
            Arrays.setAll(splitters, i -> all[(i + 1) * SAMPLES]);
            return splitters;
        }
    }

    /// Where each rank's keys begin among this rank's; behind the last, where they end.
    private static int[] bounds(long[] mine, long[] splitters) {
        int[] bounds = new int[splitters.length + 2];
        for (int i = 0; i < splitters.length; i++) {
            int found = Arrays.binarySearch(mine, splitters[i]);
            bounds[i + 1] = Math.max(bounds[i], found < 0 ? -found - 1 : found);
        }
        bounds[splitters.length + 1] = mine.length;
        return bounds;
    }

    /// Collective. Sends every rank its keys.
    ///
    /// @return those that arrived here
    private static long[] exchange(Job job, long[] mine, int[] bounds) {
        int size = job.size();
        long[] counts = new long[size * size]; // row by row: from a rank, to each
        for (int target = 0; target < size; target++) {
            counts[job.rank() * size + target] = (long) bounds[target + 1] - bounds[target];
        }
        MemorySegment table = MemorySegment.ofArray(counts);
        job.world().allreduce(table, table, DataType.LONG, Operator.SUM);
        long arriving = before(counts, size, size, job.rank());
        try (Window window =
                job.world().openWindow(WindowSpec.ofBytes(Long.BYTES * arriving).named("sorted"))) {
            MemorySegment keys = MemorySegment.ofArray(mine);
            try (Epoch epoch = window.fence()) {
                for (int i = 0; i < size; i++) {
                    int target = (job.rank() + i) % size; // not all to the same at once
                    long bytes = Long.BYTES * counts[job.rank() * size + target];
                    long offset = Long.BYTES * before(counts, size, job.rank(), target);
                    epoch.put(target, offset, keys.asSlice((long) Long.BYTES * bounds[target], bytes));
                }
            }
            return window.local().toArray(ValueLayout.JAVA_LONG);
        }
    }

    /// How many keys the ranks below `rank` send to `target`.
    private static long before(long[] counts, int size, int rank, int target) {
        long sum = 0;
        for (int source = 0; source < rank; source++) {
            sum += counts[source * size + target];
        }
        return sum;
    }

    private static void verify(Job job, long[] sorted, int keys, long sumBefore) {
        boolean inOrder = true;
        for (int i = 1; i < sorted.length; i++) {
            inOrder &= sorted[i - 1] <= sorted[i];
        }
        Example.verify(job, inOrder, "keys are out of order");
        long highest = Long.MIN_VALUE; // of the ranks below
        for (int rank = 0; rank < job.size(); rank++) {
            boolean isMine = rank == job.rank() && sorted.length > 0;
            Example.verify(job, !isMine || sorted[0] >= highest, "the first key belongs to a lower rank");
            highest = Math.max(
                    highest, job.world().allreduce(isMine ? sorted[sorted.length - 1] : highest, Operator.MAX));
        }
        long count = job.world().allreduce(sorted.length, Operator.SUM);
        long change = job.world().allreduce(Arrays.stream(sorted).sum() - sumBefore, Operator.SUM);
        Example.verify(job, count == keys && change == 0, count + " of " + keys + " keys, their sum off by " + change);
    }

    /// What is printed at the end.
    ///
    /// @param keys      how many were sorted
    /// @param ranks     how many ranks took part
    /// @param seconds   how long that took
    /// @param imbalance the largest rank's share, compared with an even one
    record Result(int keys, int ranks, double seconds, double imbalance) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%d keys on %s in %.3f s: %.2f M keys/s; the largest share is %.2f times the mean",
                    keys,
                    Example.ranks(ranks),
                    seconds,
                    keys / seconds / 1e6,
                    imbalance);
        }
    }
}
