package org.porthole.examples;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.porthole.Access;
import org.porthole.ExposurePolicy;
import org.porthole.Job;
import org.porthole.Notifications;
import org.porthole.Window;
import org.porthole.WindowSpec;

/// The synchronisation kernel of the Parallel Research Kernels: a pipeline over a grid in which every point waits for its neighbours, in
/// millions of floating-point operations per second, and in truth a measure of how soon one rank notices what another has done.
///
/// The grid's columns are split over the ranks. Row by row, `A[i, j] = A[i - 1, j] + A[i, j - 1] - A[i - 1, j - 1]`; a rank can begin a row as
/// soon as its left neighbour has finished it. The last point of all goes back to the first with its sign turned, so that each iteration waits
/// for the one before. Its value is checked.
///
/// **Windows.** `ghosts` has what the left neighbour puts beside each row, and behind that the corner. A put is followed by a notification:
/// whoever sees the counter raised sees the value. The window is [ExposurePolicy#UNGUARDED]: owner and neighbour use it all the time, each
/// element in its turn.
///
/// ```
/// porthole run -n 4 p2p --iterations 10 --columns 10000 --rows 10000
/// ```
///
/// **Source.** Parallel Research Kernels, Synch_p2p; van der Wijngaart and Mattson, HPEC 2014.
public final class P2p {
    private static final String USAGE = """
            p2p [options]: a pipeline over a grid, one row after the other
              --iterations N   how often, after a first time that is not measured (default 10)
              --columns N      points from left to right, more than there are ranks (default 1000)
              --rows N         points from bottom to top (default 1000)
            """;

    private static final double TOLERANCE = 1e-8;
    private static final int ROW = 0; // counters
    private static final int CORNER = 1;

    private final int rank;
    private final int last;
    private final PipelineGrid grid;
    private final MemorySegment ghosts;
    private final Notifications counters;
    private final Access access;

    private P2p(Job job, int columns, int rows, Window window, Access access) {
        rank = job.rank();
        last = job.size() - 1;
        grid = new PipelineGrid(new Blocks(columns, job.size()), rank, rows);
        ghosts = window.local();
        counters = window.notifications();
        this.access = access;
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
                        arguments.integer("--iterations", 10, 1, Integer.MAX_VALUE),
                        arguments.integer("--columns", 1000, 2, 40_000),
                        arguments.integer("--rows", 1000, 2, 40_000)));
    }

    static Rate run(Job job, int iterations, int columns, int rows) {
        if (columns <= job.size()) {
            throw new UsageException("--columns: " + columns + " are too few for " + Example.ranks(job.size()));
        }
        WindowSpec spec = WindowSpec.ofBytes(Double.BYTES * (rows + 1L))
                .named("ghosts")
                .withNotifications(2)
                .withPolicy(ExposurePolicy.UNGUARDED);
        try (Window ghosts = job.world().openWindow(spec);
                Access access = ghosts.lockAll()) {
            P2p pipeline = new P2p(job, columns, rows, ghosts, access);
            double seconds = Example.time(job, iterations, pipeline::sweep);
            double corner = pipeline.grid.corner();
            double expected = (iterations + 1.0) * (columns + rows - 2.0);
            Example.verify(
                    job,
                    job.rank() < pipeline.last || Math.abs(corner - expected) / expected < TOLERANCE,
                    "the corner is " + corner + " and should be " + expected);
            double flops = 2.0 * (columns - 1.0) * (rows - 1.0) * iterations;
            String problem = columns + " x " + rows + " points, " + iterations + " iterations";
            return new Rate(problem, job.size(), seconds, flops, "Flop");
        }
    }

    /// Computes all rows once.
    private void sweep(int iteration) {
        for (int row = 1; row < grid.rows(); row++) {
            if (rank > 0) {
                counters.await(ROW, iteration * (grid.rows() - 1L) + row, rank - 1);
                grid.setGhost(row, ghosts.getAtIndex(ValueLayout.JAVA_DOUBLE, row));
            }
            grid.computeRow(row);
            if (rank < last) {
                access.putDouble(rank + 1, (long) Double.BYTES * row, grid.lastOf(row));
                access.raise(rank + 1, ROW, 1);
            }
        }
        if (rank == last) {
            access.putDouble(0, (long) Double.BYTES * grid.rows(), -grid.corner());
            access.raise(0, CORNER, 1);
        }
        if (rank == 0) {
            counters.await(CORNER, iteration + 1L, last);
            grid.setFirst(ghosts.getAtIndex(ValueLayout.JAVA_DOUBLE, grid.rows()));
        }
    }
}
