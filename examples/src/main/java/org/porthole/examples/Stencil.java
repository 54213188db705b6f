package org.porthole.examples;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.IntStream;
import org.porthole.Epoch;
import org.porthole.Job;
import org.porthole.Operator;
import org.porthole.Window;
import org.porthole.WindowSpec;

/// The stencil of the Parallel Research Kernels: adds a discrete divergence of a square grid, over a star of radius 2, to another grid again and
/// again, in millions of floating-point operations per second.
///
/// The grid's rows are split over the ranks. In each iteration every rank gets the two nearest rows of its neighbours, applies the stencil and
/// adds 1 to the grid. The grid begins as `x + y`, whose divergence is 2 everywhere, and that is what the mean of the result is checked against.
///
/// **Windows.** `ghosts` has room for two rows from above and two from below. Neighbours put them in an epoch of their own
/// ([Window#exchange(int...)]): nobody waits for ranks further off.
///
/// ```
/// porthole run -n 4 stencil --iterations 100 --order 4000
/// ```
///
/// **Source.** Parallel Research Kernels, Stencil (star, radius 2, double precision); van der Wijngaart and Mattson, HPEC 2014.
public final class Stencil {
    private static final String USAGE = """
            stencil [options]: applies a star-shaped stencil of radius 2 to a square grid
              --iterations N   how often, after a first time that is not measured (default 100)
              --order N        points along each side of the grid (default 1000)
            """;

    private static final int RADIUS = 2;
    private static final double NEAR = 1.0 / (2 * RADIUS); // weights, by the distance in the star
    private static final double FAR = 1.0 / (2 * 2 * RADIUS);
    private static final int FLOPS = 2 * (4 * RADIUS + 1) + 1; // per point, as the kernel defines it
    private static final double TOLERANCE = 1e-8;

    private final Job job;
    private final Blocks blocks;
    private final double[][] in; // with ghost rows above and below
    private final double[][] out;
    private final Window ghosts;
    private final int[] neighbours;

    private Stencil(Job job, Blocks blocks, Window ghosts) {
        this.job = job;
        this.blocks = blocks;
        this.ghosts = ghosts;
        int order = (int) blocks.total();
        int rows = (int) blocks.count(job.rank());
        in = new double[rows + 2 * RADIUS][order];
        out = new double[rows][order];
        neighbours = IntStream.of(job.rank() - 1, job.rank() + 1)
                .filter(rank -> rank >= 0 && rank < job.size())
                .toArray();
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
                            arguments.integer("--order", 1000, 2 * RADIUS + 1, 40_000)));
        }
        System.exit(exitCode);
    }

    static Rate run(Job job, int iterations, int order) {
        if (order / job.size() < RADIUS) {
            throw new UsageException("--order: " + order + " is too small for " + Example.ranks(job.size()));
        }
        WindowSpec spec = WindowSpec.ofBytes(2L * RADIUS * order * Double.BYTES).named("ghosts");
        try (Window ghosts = job.world().openWindow(spec)) {
            Stencil stencil = new Stencil(job, new Blocks(order, job.size()), ghosts);
            stencil.fill();
            long startNs = 0;
            for (int i = 0; i <= iterations; i++) {
                if (i == 1) {
                    job.world().barrier();
                    startNs = System.nanoTime();
                }
                stencil.exchangeBorders();
                stencil.apply();
                stencil.increment();
            }
            double seconds = Example.slowestSince(job, startNs);
            double points = Math.pow(order - 2 * RADIUS, 2);
            double norm = job.world().allreduce(stencil.norm(), Operator.SUM) / points;
            double expected = 2.0 * (iterations + 1);
            Example.verify(
                    job,
                    Math.abs(norm - expected) <= TOLERANCE,
                    "the mean divergence is " + norm + " and should be " + expected);
            return new Rate(
                    order + " x " + order + " points",
                    iterations,
                    job.size(),
                    seconds,
                    1e-6 * FLOPS * points * iterations,
                    "MFlop/s");
        }
    }

    private void fill() {
        long first = blocks.first(job.rank());
        for (int y = 0; y < out.length; y++) {
            for (int x = 0; x < blocks.total(); x++) {
                in[RADIUS + y][x] = x + first + y;
            }
        }
    }

    /// Puts this rank's outermost rows beside those of its neighbours, and takes what they put here.
    private void exchangeBorders() {
        long rowBytes = Double.BYTES * blocks.total();
        try (Epoch epoch = ghosts.exchange(neighbours)) {
            for (int neighbour : neighbours) {
                boolean isAbove = neighbour < job.rank();
                for (int i = 0; i < RADIUS; i++) {
                    double[] row = in[isAbove ? RADIUS + i : out.length + i];
                    epoch.put(neighbour, (isAbove ? RADIUS + i : i) * rowBytes, MemorySegment.ofArray(row));
                }
            }
        }
        MemorySegment arrived = ghosts.local();
        for (int neighbour : neighbours) {
            boolean isAbove = neighbour < job.rank();
            for (int i = 0; i < RADIUS; i++) {
                double[] row = in[isAbove ? i : RADIUS + out.length + i];
                long offset = (isAbove ? i : RADIUS + i) * rowBytes;
                MemorySegment.copy(arrived, ValueLayout.JAVA_DOUBLE, offset, row, 0, row.length);
            }
        }
    }

    /// Applies the stencil wherever all of the star lies in the grid.
    private void apply() {
        long first = blocks.first(job.rank());
        long begin = Math.max(RADIUS - first, 0);
        long end = Math.min(blocks.total() - RADIUS - first, out.length);
        for (int y = (int) begin; y < end; y++) {
            applyToRow(in[y], in[y + 1], in[y + 2], in[y + 3], in[y + 4], out[y]);
        }
    }

    private static void applyToRow(
            double[] far, double[] near, double[] row, double[] nextNear, double[] nextFar, double[] out) {
        for (int x = RADIUS; x < out.length - RADIUS; x++) {
            out[x] += NEAR * (nextNear[x] - near[x] + row[x + 1] - row[x - 1])
                    + FAR * (nextFar[x] - far[x] + row[x + 2] - row[x - 2]);
        }
    }

    /// Adds 1 to the grid, so that borders which did not arrive would show.
    private void increment() {
        for (int y = RADIUS; y < RADIUS + out.length; y++) {
            double[] row = in[y];
            for (int x = 0; x < row.length; x++) {
                row[x] += 1;
            }
        }
    }

    private double norm() {
        double norm = 0;
        for (double[] row : out) {
            for (double value : row) {
                norm += Math.abs(value);
            }
        }
        return norm;
    }
}
