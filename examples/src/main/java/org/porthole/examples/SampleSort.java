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
/// **Windows.** `samples` has all ranks' samples, at each rank. `sorted` receives the keys, just as many as will come: a reduction tells how many those
/// are, and a scan where each rank's own begin, so that everybody puts them and no rank has to ask.
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
        Example.start(
                USAGE,
                args,
                (job, arguments) -> run(
                        job,
                        arguments.integer("--keys", 4_000_000, 0, Integer.MAX_VALUE),
                        arguments.integer("--seed", 1, 0, Integer.MAX_VALUE)));
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

        SortedKeys.verify(job, sorted, keys, sum);
        double largest = job.world().allreduce((double) sorted.length, Operator.MAX);
        Rate rate = new Rate(keys + " keys", job.size(), seconds, keys, " keys");
        return new Result(rate, largest * job.size() / Math.max(1, keys));
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
        long[] counts = new long[size];
        Arrays.setAll(counts, target -> (long) bounds[target + 1] - bounds[target]);
        long[] before = new long[size]; // how many the ranks below send to each
        long[] arriving = new long[1];
        MemorySegment each = MemorySegment.ofArray(counts);
        job.world().exscan(each, MemorySegment.ofArray(before), DataType.LONG, Operator.SUM);
        job.world().reduceScatter(each, MemorySegment.ofArray(arriving), DataType.LONG, Operator.SUM);
        try (Window window = job.world()
                .openWindow(WindowSpec.ofBytes(Long.BYTES * arriving[0]).named("sorted"))) {
            MemorySegment keys = MemorySegment.ofArray(mine);
            try (Epoch epoch = window.fence()) {
                for (int i = 0; i < size; i++) {
                    int target = (job.rank() + i) % size; // not all to the same at once
                    long bytes = Long.BYTES * counts[target];
                    long offset = Long.BYTES * before[target];
                    epoch.put(target, offset, keys.asSlice((long) Long.BYTES * bounds[target], bytes));
                }
            }
            return window.local().toArray(ValueLayout.JAVA_LONG);
        }
    }

    /// What is printed at the end.
    ///
    /// @param rate      how fast it was
    /// @param imbalance the largest rank's share, compared with an even one
    record Result(Rate rate, double imbalance) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%s; the largest share is %.2f times the mean", rate, imbalance);
        }
    }
}
