package org.porthole.examples;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.porthole.Access;
import org.porthole.ExposurePolicy;
import org.porthole.Job;
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

    private P2p() {}

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
                            arguments.integer("--iterations", 10, 1, Integer.MAX_VALUE),
                            arguments.integer("--columns", 1000, 2, 40_000),
                            arguments.integer("--rows", 1000, 2, 40_000)));
        }
        System.exit(exitCode);
    }

    static Rate run(Job job, int iterations, int columns, int rows) {
        if (columns <= job.size()) {
            throw new UsageException("--columns: " + columns + " are too few for " + Example.ranks(job.size()));
        }
        int last = job.size() - 1;
        double[][] grid = grid(job, columns, rows);
        WindowSpec spec = WindowSpec.ofBytes(Double.BYTES * (rows + 1L))
                .named("ghosts")
                .withNotifications(2)
                .withPolicy(ExposurePolicy.UNGUARDED);
        try (Window window = job.world().openWindow(spec)) {
            MemorySegment ghosts = window.local();
            long startNs = 0;
            double corner = 0;
            try (Access access = window.lockAll()) {
                for (int i = 0; i <= iterations; i++) {
                    if (i == 1) {
                        job.world().barrier();
                        startNs = System.nanoTime();
                    }
                    corner = sweep(job, access, window, ghosts, grid, i);
                }
            }
            double seconds = Example.slowestSince(job, startNs);
            double expected = (iterations + 1.0) * (columns + rows - 2.0);
            Example.verify(
                    job,
                    job.rank() != last || Math.abs(corner - expected) / expected < TOLERANCE,
                    "the corner is " + corner + " and should be " + expected);
            double flops = 2.0 * (columns - 1.0) * (rows - 1.0) * iterations;
            return new Rate(
                    columns + " x " + rows + " points", iterations, job.size(), seconds, 1e-6 * flops, "MFlop/s");
        }
    }

    /// This rank's columns, behind one of ghosts, with the values along the left and the bottom.
    private static double[][] grid(Job job, int columns, int rows) {
        Blocks blocks = new Blocks(columns, job.size());
        double[][] grid = new double[rows][(int) blocks.count(job.rank()) + 1];
        for (int i = 0; i < grid[0].length; i++) {
            grid[0][i] = blocks.first(job.rank()) + i - 1;
        }
        for (int row = 0; job.rank() == 0 && row < rows; row++) {
            grid[row][1] = row;
        }
        return grid;
    }

    /// Computes all rows once.
    ///
    /// @return the last row's last point
    private static double sweep(
            Job job, Access access, Window window, MemorySegment ghosts, double[][] grid, int iteration) {
        int rank = job.rank();
        int last = job.size() - 1;
        int rows = grid.length;
        int end = grid[0].length - 1;
        for (int row = 1; row < rows; row++) {
            if (rank > 0) {
                window.notifications().await(ROW, iteration * (rows - 1L) + row, rank - 1);
                grid[row][0] = ghosts.getAtIndex(ValueLayout.JAVA_DOUBLE, row);
            }
            computeRow(grid[row - 1], grid[row], rank == 0 ? 2 : 1);
            if (rank < last) {
                access.putDouble(rank + 1, (long) Double.BYTES * row, grid[row][end]);
                access.raise(rank + 1, ROW, 1);
            }
        }
        double corner = grid[rows - 1][end];
        if (rank == last) {
            access.putDouble(0, (long) Double.BYTES * rows, -corner);
            access.raise(0, CORNER, 1);
        }
        if (rank == 0) {
            window.notifications().await(CORNER, iteration + 1L, last);
            grid[0][1] = ghosts.getAtIndex(ValueLayout.JAVA_DOUBLE, rows);
        }
        return corner;
    }

    private static void computeRow(double[] below, double[] row, int first) {
        double left = row[first - 1];
        for (int i = first; i < row.length; i++) {
            left += below[i] - below[i - 1];
            row[i] = left;
        }
    }
}
