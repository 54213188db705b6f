package org.porthole.examples;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.porthole.Epoch;
import org.porthole.Job;
import org.porthole.Operator;
import org.porthole.Window;
import org.porthole.WindowSpec;

/// Solves a sparse system of linear equations by conjugate gradients: again and again a sparse matrix times a vector, in millions of
/// floating-point operations per second of these products.
///
/// The rows and the vectors' elements are split over the ranks in blocks. For a product, a rank needs the elements for which its rows have
/// entries, and gets just those from the ranks that have them. The matrix is symmetric and positive definite and scaled by its diagonal; the
/// right side is `sin(row)`. In the end rank 0 computes the residual with the whole matrix, alone. Without `--input` the matrix is the
/// Laplacian of the dependencies between the packages of Debian 12, plus the identity.
///
/// **Windows.** `matrix` lies at rank 0 alone, which has read the file; each rank gets its rows from it. `vector` has each rank's part of the
/// vector; see [Halo]. `solution` brings the parts together at rank 0.
///
/// ```
/// porthole run -n 4 spmv --input 1138_bus.mtx --tolerance 1e-6
/// ```
///
/// **Source.** Hestenes and Stiefel: Methods of Conjugate Gradients, 1952.
public final class Spmv {
    private static final String USAGE = """
            spmv [options]: solves a sparse system of linear equations
              --input FILE     Matrix Market, symmetric and positive definite (default: from the packages of Debian 12)
              --tolerance T    stops when the residual is this small, relative to the right side (default 1e-10)
              --iterations N   gives up then (default 10000)
            """;

    private static final double ROUNDING = 1e-12;

    private Spmv() {}

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
                            arguments.path("--input"),
                            arguments.real("--tolerance", 1e-10, 0, 1),
                            arguments.integer("--iterations", 10_000, 1, Integer.MAX_VALUE)));
        }
        System.exit(exitCode);
    }

    static Result run(Job job, Optional<Path> input, double tolerance, int iterations) {
        Optional<SparseMatrix> matrix = Example.onRankZero(job, () -> read(input));
        int order = (int) job.world().allreduce(matrix.map(SparseMatrix::rows).orElse(0), Operator.MAX);
        long entries = job.world().allreduce(matrix.map(it -> it.values.length).orElse(0), Operator.MAX);
        Blocks blocks = new Blocks(order, job.size());
        long first = blocks.first(job.rank());
        SparseMatrix rows = takeRows(job, matrix, blocks, entries);
        int[] needed = Arrays.stream(rows.columns).sorted().distinct().toArray();
        int[] places = Arrays.stream(rows.columns)
                .map(column -> Arrays.binarySearch(needed, column))
                .toArray();
        long bytes = Double.BYTES * blocks.count(job.rank());
        try (Window vector = job.world().openWindow(WindowSpec.ofBytes(bytes).named("vector"))) {
            ConjugateGradients solver = new ConjugateGradients(
                    job.world(),
                    new SparseMatrix(rows.starts, places, rows.values),
                    new Halo(vector, blocks, needed),
                    rows.diagonal(first),
                    rightSide(first, rows.rows()));
            job.world().barrier();
            long startNs = System.nanoTime();
            while (solver.residual() > tolerance && solver.iterations() < iterations) {
                solver.iterate();
            }
            double seconds = Example.slowestSince(job, startNs);
            double residual = residual(job, matrix, gather(job, first, order, solver.solution()));
            Example.verify(
                    job,
                    residual <= tolerance + ROUNDING,
                    "after " + solver.iterations() + " iterations the residual is " + residual);
            return new Result(order, entries, job.size(), solver.iterations(), residual, seconds);
        }
    }

    private static SparseMatrix read(Optional<Path> input) {
        return input.isPresent()
                ? SparseMatrix.read(Example.open(input.get()), input.get().toString())
                : SparseMatrix.laplacian(PageRankSettings.presetGraph());
    }

    private static double[] rightSide(long first, int rows) {
        double[] side = new double[rows];
        Arrays.setAll(side, row -> Math.sin((double) (first + row)));
        return side;
    }

    /// Gets this rank's rows from rank 0, where values, columns and starts lie one behind the other.
    private static SparseMatrix takeRows(Job job, Optional<SparseMatrix> matrix, Blocks blocks, long entries) {
        int[] starts = new int[(int) blocks.count(job.rank()) + 1];
        long columnsAt = Double.BYTES * entries;
        long startsAt = columnsAt + Integer.BYTES * entries;
        long bytes = job.rank() == 0 ? startsAt + Integer.BYTES * (blocks.total() + 1) : 0;
        try (Window window = job.world().openWindow(WindowSpec.ofBytes(bytes).named("matrix"))) {
            matrix.ifPresent(it -> {
                window.local().copyFrom(MemorySegment.ofArray(it.values));
                window.local().asSlice(columnsAt).copyFrom(MemorySegment.ofArray(it.columns));
                window.local().asSlice(startsAt).copyFrom(MemorySegment.ofArray(it.starts));
            });
            try (Epoch epoch = window.fence()) {
                epoch.get(0, startsAt + Integer.BYTES * blocks.first(job.rank()), MemorySegment.ofArray(starts));
                epoch.flushLocal(0); // only then do the starts tell where the entries are
                int base = starts[0];
                int count = starts[starts.length - 1] - base;
                SparseMatrix rows = new SparseMatrix(starts, new int[count], new double[count]);
                epoch.get(0, columnsAt + (long) Integer.BYTES * base, MemorySegment.ofArray(rows.columns));
                epoch.get(0, (long) Double.BYTES * base, MemorySegment.ofArray(rows.values));
                Arrays.setAll(starts, i -> starts[i] - base);
                return rows;
            }
        }
    }

    /// Brings all parts of the solution to rank 0.
    private static double[] gather(Job job, long first, int order, double[] part) {
        long bytes = job.rank() == 0 ? (long) Double.BYTES * order : 0;
        try (Window window = job.world().openWindow(WindowSpec.ofBytes(bytes).named("solution"))) {
            try (Epoch epoch = window.fence()) {
                epoch.put(0, Double.BYTES * first, MemorySegment.ofArray(part));
            }
            return window.local().toArray(ValueLayout.JAVA_DOUBLE);
        }
    }

    /// How far the solution is from one, relative to the right side; known to all ranks.
    private static double residual(Job job, Optional<SparseMatrix> matrix, double[] solution) {
        double residual = 0;
        if (matrix.isPresent()) {
            double[] side = rightSide(0, solution.length);
            double[] product = new double[side.length];
            matrix.get().multiply(solution, product);
            double[] errors = new double[side.length];
            Arrays.setAll(errors, i -> side[i] - product[i]);
            residual = Math.sqrt(ConjugateGradients.dot(errors, errors) / ConjugateGradients.dot(side, side));
        }
        return job.world().allreduce(residual, Operator.MAX);
    }

    /// What is printed at the end.
    ///
    /// @param order      the matrix's order
    /// @param entries    how many entries it has
    /// @param ranks      how many ranks took part
    /// @param iterations how many it took
    /// @param residual   what is left, relative to the right side
    /// @param seconds    how long it took
    record Result(int order, long entries, int ranks, int iterations, double residual, double seconds) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%d equations, %d entries, %d iterations on %s in %.3f s: %.1f MFlop/s; the residual is %.1e",
                    order,
                    entries,
                    iterations,
                    Example.ranks(ranks),
                    seconds,
                    2e-6 * entries * iterations / seconds,
                    residual);
        }
    }
}
