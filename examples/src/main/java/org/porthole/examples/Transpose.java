package org.porthole.examples;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.porthole.Epoch;
import org.porthole.Job;
import org.porthole.Operator;
import org.porthole.Window;
import org.porthole.WindowSpec;

/// The transpose of the Parallel Research Kernels: adds a matrix's transpose to another matrix again and again, in MB/s.
///
/// Each rank has some columns of both matrices, one behind the other, in as many square blocks as there are ranks. In each iteration it adds
/// the transpose of its diagonal block where it belongs, puts those of the other blocks to the ranks that need them, adds what it got from
/// them, and adds 1 to its part of the original. The result is compared with what arithmetic says.
///
/// **Windows.** `arrivals` has room for one block from every other rank. In a fence epoch all ranks put, each beginning with another target.
///
/// ```
/// porthole run -n 4 transpose --iterations 100 --order 4000
/// ```
///
/// **Source.** Parallel Research Kernels, Transpose; van der Wijngaart and Mattson, HPEC 2014.
public final class Transpose {
    private static final String USAGE = """
            transpose [options]: adds a matrix's transpose to another matrix
              --iterations N   how often, after a first time that is not measured (default 100)
              --order N        rows and columns of the matrices, a multiple of the ranks (default 960)
              --tile N         rows and columns that are transposed at once (default 32)
            """;

    private static final double TOLERANCE = 1e-8;

    private final int rank;
    private final int size;
    private final int order;
    private final int tile;
    private final int width; // columns of each rank, and so the order of a block
    private final double[] a;
    private final double[] b;
    private final double[] block;
    private final double[] arrivedColumn;
    private final Window arrivals;

    private Transpose(Job job, int order, int tile, Window arrivals) {
        rank = job.rank();
        size = job.size();
        this.order = order;
        this.tile = tile;
        this.arrivals = arrivals;
        width = order / size;
        a = new double[order * width];
        b = new double[order * width];
        block = new double[(size - 1) * width * width];
        arrivedColumn = new double[width];
    }

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
                            arguments.integer("--iterations", 100, 1, Integer.MAX_VALUE),
                            arguments.integer("--order", 960, 1, 40_000),
                            arguments.integer("--tile", 32, 1, 40_000)));
        }
        System.exit(exitCode);
    }

    static Rate run(Job job, int iterations, int order, int tile) {
        int size = job.size();
        if (order % size != 0) {
            throw new UsageException("--order: " + order + " is no multiple of " + Example.ranks(size));
        }
        long blockBytes = (long) Double.BYTES * (order / size) * (order / size);
        WindowSpec spec = WindowSpec.ofBytes((size - 1) * blockBytes).named("arrivals");
        try (Window arrivals = job.world().openWindow(spec)) {
            Transpose transpose = new Transpose(job, order, tile, arrivals);
            for (int i = 0; i < transpose.a.length; i++) {
                transpose.a[i] = transpose.first() + i;
            }
            long startNs = 0;
            for (int i = 0; i <= iterations; i++) {
                if (i == 1) {
                    job.world().barrier();
                    startNs = System.nanoTime();
                }
                transpose.iterate();
            }
            double seconds = Example.slowestSince(job, startNs);
            double error = job.world().allreduce(transpose.error(iterations), Operator.SUM);
            Example.verify(job, error < TOLERANCE, "the errors add up to " + error);
            double bytes = 2.0 * Double.BYTES * order * order * iterations;
            return new Rate(order + " x " + order + " matrix", iterations, size, seconds, 1e-6 * bytes, "MB/s");
        }
    }

    /// The first element of this rank's part of the original.
    private double first() {
        return (double) order * width * rank;
    }

    private void iterate() {
        transposeBlock(rank, b, width * rank, order, true);
        long blockBytes = (long) Double.BYTES * width * width;
        MemorySegment blocks = MemorySegment.ofArray(block);
        try (Epoch epoch = arrivals.fence()) {
            for (int phase = 1; phase < size; phase++) {
                int target = (rank - phase + size) % size; // not all to the same at once
                transposeBlock(target, block, (phase - 1) * width * width, width, false);
                long offset = (phase - 1) * blockBytes;
                epoch.put(target, offset, blocks.asSlice(offset, blockBytes));
            }
        }
        MemorySegment arrived = arrivals.local();
        for (int phase = 1; phase < size; phase++) {
            int source = (rank + phase) % size;
            for (int column = 0; column < width; column++) {
                add(arrived, ((phase - 1L) * width + column) * width, column * order + source * width);
            }
        }
    }

    /// Transposes the block of this rank's part that belongs to `target`, tile by tile, and adds 1 to it.
    ///
    /// @param to     receives the transpose, one column after the other
    /// @param at     where in it
    /// @param stride elements from one of its columns to the next
    /// @param adds   whether to add the transpose to what is there
    private void transposeBlock(int target, double[] to, int at, int stride, boolean adds) {
        int from = target * width;
        for (int row = 0; row < width; row += tile) {
            for (int column = 0; column < width; column += tile) {
                transposeTile(
                        from + row + column * order,
                        to,
                        at + column + row * stride,
                        stride,
                        adds,
                        Math.min(tile, width - row),
                        Math.min(tile, width - column));
            }
        }
    }

    private void transposeTile(int from, double[] to, int at, int stride, boolean adds, int rows, int columns) {
        for (int column = 0; column < columns; column++) {
            int i = from + column * order;
            int j = at + column;
            for (int row = 0; row < rows; row++) {
                int k = j + row * stride;
                to[k] = adds ? to[k] + a[i + row] : a[i + row];
            }
            for (int row = 0; row < rows; row++) {
                a[i + row] += 1;
            }
        }
    }

    private void add(MemorySegment from, long first, int at) {
        MemorySegment.copy(from, ValueLayout.JAVA_DOUBLE, first * Double.BYTES, arrivedColumn, 0, width);
        for (int i = 0; i < width; i++) {
            b[at + i] += arrivedColumn[i];
        }
    }

    /// The sum of this rank's errors: an element began as its place in the transpose, and the original grew by 1 each time.
    private double error(int iterations) {
        double grown = (iterations + 1.0) * iterations / 2;
        double error = 0;
        for (int column = 0; column < width; column++) {
            for (int row = 0; row < order; row++) {
                double place = (double) order * row + column + (double) width * rank;
                error += Math.abs(b[column * order + row] - (place * (iterations + 1) + grown));
            }
        }
        return error;
    }
}
