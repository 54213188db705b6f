package org.porthole.examples;

import static org.porthole.examples.StarGrid.RADIUS;

import java.lang.foreign.MemorySegment;
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

    private static final double TOLERANCE = 1e-8;

    private final int rank;
    private final long rowBytes;
    private final int[] neighbours;
    private final StarGrid grid;
    private final Window ghosts;

    private Stencil(Job job, int order, Window ghosts) {
        rank = job.rank();
        rowBytes = (long) Double.BYTES * order;
        neighbours = IntStream.of(rank - 1, rank + 1)
                .filter(neighbour -> neighbour >= 0 && neighbour < job.size())
                .toArray();
        Blocks blocks = new Blocks(order, job.size());
        grid = new StarGrid(order, blocks.first(rank), (int) blocks.count(rank));
        this.ghosts = ghosts;
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
                        arguments.integer("--order", 1000, 2 * RADIUS + 1, 40_000)));
    }

    static Rate run(Job job, int iterations, int order) {
        if (order / job.size() < RADIUS) {
            throw new UsageException("--order: " + order + " is too small for " + Example.ranks(job.size()));
        }
        WindowSpec spec = WindowSpec.ofBytes(2L * RADIUS * order * Double.BYTES).named("ghosts");
        try (Window ghosts = job.world().openWindow(spec)) {
            Stencil stencil = new Stencil(job, order, ghosts);
            double seconds = Example.time(job, iterations, i -> {
                stencil.exchangeBorders();
                stencil.grid.apply();
            });
            double points = Math.pow(order - 2 * RADIUS, 2);
            double norm = job.world().allreduce(stencil.grid.norm(), Operator.SUM) / points;
            double expected = 2.0 * (iterations + 1);
            Example.verify(
                    job,
                    Math.abs(norm - expected) <= TOLERANCE,
                    "the mean divergence is " + norm + " and should be " + expected);
            String problem = order + " x " + order + " points, " + iterations + " iterations";
            return new Rate(problem, job.size(), seconds, StarGrid.FLOPS * points * iterations, "Flop");
        }
    }

    /// Puts this rank's outermost rows beside those of its neighbours, and takes what they put here.
    private void exchangeBorders() {
        long fromAbove = 0; // where rows from there lie in the window
        long fromBelow = RADIUS * rowBytes;
        try (Epoch epoch = ghosts.exchange(neighbours)) {
            for (int neighbour : neighbours) {
                for (int i = 0; i < RADIUS; i++) {
                    boolean isAbove = neighbour < rank;
                    MemorySegment row = grid.row(isAbove ? i : grid.rows() - RADIUS + i);
                    epoch.put(neighbour, (isAbove ? fromBelow : fromAbove) + i * rowBytes, row);
                }
            }
        }
        MemorySegment arrived = ghosts.local();
        for (int neighbour : neighbours) {
            for (int i = 0; i < RADIUS; i++) {
                boolean isAbove = neighbour < rank;
                long offset = (isAbove ? fromAbove : fromBelow) + i * rowBytes;
                grid.row(isAbove ? i - RADIUS : grid.rows() + i).copyFrom(arrived.asSlice(offset, rowBytes));
            }
        }
    }
}
