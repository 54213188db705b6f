package org.porthole.examples;

import java.lang.foreign.MemorySegment;
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
    private final int width; // columns of each rank, and so the order of a block
    private final int tile;
    private final Columns a;
    private final Columns b;
    private final double[] blocks; // transposed, for the other ranks
    private final Window arrivals;

    private Transpose(Job job, int order, int tile, Window arrivals) {
        rank = job.rank();
        size = job.size();
        this.order = order;
        this.tile = tile;
        this.arrivals = arrivals;
        width = order / size;
        a = new Columns(order, width);
        b = new Columns(order, width);
        blocks = new double[(size - 1) * width * width];
    }

    /// Joins the job and runs.
    ///
    /// @param args see the class
    public static void main(String[] args) {
        Example.start(
                USAGE,
                args,
                (job, arguments) -> run(
                        job,
                        arguments.integer("--iterations", 100, 1, Integer.MAX_VALUE),
                        arguments.integer("--order", 960, 1, 40_000),
                        arguments.integer("--tile", 32, 1, 40_000)));
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
            transpose.a.number(job.rank());
            double seconds = Example.time(job, iterations, i -> transpose.iterate());
            double error = job.world().allreduce(transpose.b.errorOfTranspose(job.rank(), iterations), Operator.SUM);
            Example.verify(job, error < TOLERANCE, "the errors add up to " + error);
            String problem = order + " x " + order + " matrix, " + iterations + " iterations";
            return new Rate(problem, size, seconds, 2.0 * Double.BYTES * order * order * iterations, "B");
        }
    }

    private void iterate() {
        a.transposeBlock(rank, tile, b.elements, rank * width, order, true);
        int blockLength = width * width;
        MemorySegment source = MemorySegment.ofArray(blocks);
        try (Epoch epoch = arrivals.fence()) {
            for (int phase = 1; phase < size; phase++) {
                int target = (rank - phase + size) % size; // not all to the same at once
                int at = (phase - 1) * blockLength;
                a.transposeBlock(target, tile, blocks, at, width, false);
                long offset = (long) Double.BYTES * at;
                epoch.put(target, offset, source.asSlice(offset, (long) Double.BYTES * blockLength));
            }
        }
        MemorySegment arrived = arrivals.local();
        for (int phase = 1; phase < size; phase++) {
            b.addToBlock((rank + phase) % size, arrived, (phase - 1L) * blockLength);
        }
    }
}
