package org.porthole.examples;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.porthole.Epoch;
import org.porthole.ExposurePolicy;
import org.porthole.Job;
import org.porthole.Operator;
import org.porthole.Region;
import org.porthole.Window;
import org.porthole.WindowSpec;

/// The stencil of the Parallel Research Kernels: adds a discrete divergence of a square grid, over a star of radius 2, to another grid again and
/// again, in millions of floating-point operations per second.
///
/// The grid is split over the ranks in tiles, as square as possible. In each iteration every rank gets the two nearest rows or columns of its
/// neighbours, applies the stencil and adds 1 to the grid. The grid begins as `x + y`, whose divergence is 2 everywhere, and that is what the
/// mean of the result is checked against.
///
/// **Windows.** One, each rank's tile with a rim of ghost cells. Neighbours put their border into each other's rim in an epoch of their own
/// ([Window#exchange(int...)]), rows and columns alike: a [Region] says which. The window is [ExposurePolicy#UNGUARDED], since a rank reads its
/// own border to put it while its neighbours write its rim.
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

    private final int order;
    private final Tile tile;
    private final Window window;
    private final MemorySegment in;
    private final double[] out;
    private final List<Halo> halos;
    private final int[] neighbours;

    /// A border of this rank's tile, and where it belongs.
    private record Halo(int rank, Region from, Region to) {}

    private Stencil(int order, Tile tile, Window window, List<Halo> halos) {
        this.order = order;
        this.tile = tile;
        this.window = window;
        this.halos = halos;
        neighbours = halos.stream().mapToInt(Halo::rank).toArray();
        in = window.local();
        out = new double[tile.width() * tile.height()];
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

    static Result run(Job job, int iterations, int order) {
        Tile tile = Tile.of(job.rank(), job.size(), order, RADIUS);
        WindowSpec spec = WindowSpec.ofBytes(tile.byteSize()).named("grid").withPolicy(ExposurePolicy.UNGUARDED);
        try (Window window = job.world().openWindow(spec)) {
            Stencil stencil = new Stencil(order, tile, window, halos(job, order, tile));
            stencil.fill();
            job.world().barrier();
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
            return new Result(job.size(), order, iterations, seconds, FLOPS * points * iterations);
        }
    }

    /// What this rank's neighbours need of its tile.
    private static List<Halo> halos(Job job, int order, Tile tile) {
        List<Halo> halos = new ArrayList<>();
        for (int[] way : new int[][] {{0, -1}, {-1, 0}, {1, 0}, {0, 1}}) {
            int rank = tile.neighbour(way[0], way[1]);
            if (rank >= 0) {
                Tile there = Tile.of(rank, job.size(), order, RADIUS);
                halos.add(new Halo(rank, tile.border(way[0], way[1]), there.rim(-way[0], -way[1])));
            }
        }
        return halos;
    }

    private void fill() {
        for (int y = 0; y < tile.height(); y++) {
            for (int x = 0; x < tile.width(); x++) {
                in.setAtIndex(ValueLayout.JAVA_DOUBLE, tile.index(x, y), tile.left() + x + tile.top() + y);
            }
        }
    }

    private void exchangeBorders() {
        try (Epoch epoch = window.exchange(neighbours)) {
            for (Halo halo : halos) {
                epoch.put(halo.rank, halo.to, in, halo.from);
            }
        }
    }

    /// Applies the stencil wherever all of the star lies in the grid.
    private void apply() {
        int begin = Math.max(RADIUS - tile.left(), 0);
        int end = Math.min(order - RADIUS - tile.left(), tile.width());
        int bottom = Math.min(order - RADIUS - tile.top(), tile.height());
        for (int y = Math.max(RADIUS - tile.top(), 0); y < bottom; y++) {
            applyToRow(y * tile.width(), tile.index(0, y), begin, end);
        }
    }

    private void applyToRow(int to, long at, int begin, int end) {
        long row = tile.stride();
        for (int x = begin; x < end; x++) {
            long i = at + x;
            out[to + x] += NEAR * (in(i + row) - in(i - row) + in(i + 1) - in(i - 1))
                    + FAR * (in(i + 2 * row) - in(i - 2 * row) + in(i + 2) - in(i - 2));
        }
    }

    private double in(long index) {
        return in.getAtIndex(ValueLayout.JAVA_DOUBLE, index);
    }

    /// So that borders which did not arrive would show.
    private void increment() {
        for (int y = 0; y < tile.height(); y++) {
            long at = tile.index(0, y);
            for (int x = 0; x < tile.width(); x++) {
                in.setAtIndex(ValueLayout.JAVA_DOUBLE, at + x, in(at + x) + 1);
            }
        }
    }

    private double norm() {
        double norm = 0;
        for (double value : out) {
            norm += Math.abs(value);
        }
        return norm;
    }

    /// What is printed at the end.
    ///
    /// @param ranks      how many ranks took part
    /// @param order      the grid's extent
    /// @param iterations how often the stencil was applied
    /// @param seconds    how long that took
    /// @param flops      floating-point operations in all
    record Result(int ranks, int order, int iterations, double seconds, double flops) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%d x %d points, %d iterations on %s in %.3f s: %.1f MFlop/s",
                    order,
                    order,
                    iterations,
                    Example.ranks(ranks),
                    seconds,
                    flops / seconds / 1e6);
        }
    }
}
