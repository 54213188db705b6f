package org.porthole.examples;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
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
/// vector; see [Halo].
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
        Example.start(
                USAGE,
                args,
                (job, arguments) -> run(
                        job,
                        arguments.path("--input"),
                        arguments.real("--tolerance", 1e-10, 0, 1),
                        arguments.integer("--iterations", 10_000, 1, Integer.MAX_VALUE)));
    }

    static Result run(Job job, Optional<Path> input, double tolerance, int iterations) {
        Optional<SparseMatrix> matrix = Example.onRankZero(job, () -> read(input));
        int order = (int) job.world().allreduce(matrix.map(SparseMatrix::rows).orElse(0), Operator.MAX);
        long entries = job.world().allreduce(matrix.map(it -> it.values.length).orElse(0), Operator.MAX);
        Blocks blocks = new Blocks(order, job.size());
        long first = blocks.first(job.rank());
        SparseMatrix rows = MatrixRows.take(job, matrix, blocks, entries);
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
            double residual = residual(job, matrix, blocks.gather(job.world(), solver.solution()));
            Example.verify(
                    job,
                    residual <= tolerance + ROUNDING,
                    "after " + solver.iterations() + " iterations the residual is " + residual);
            int done = solver.iterations();
            String problem = order + " equations, " + entries + " entries, " + done + " iterations";
            Rate rate = new Rate(problem, job.size(), seconds, 2.0 * entries * done, "Flop");
            return new Result(rate, order, entries, done, residual);
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

    /// How far the solution is from one, relative to the right side; known to all ranks.
    private static double residual(Job job, Optional<SparseMatrix> matrix, double[] solution) {
        double residual = matrix.map(it -> it.residual(solution, rightSide(0, solution.length)))
                .orElse(0.0);
        return job.world().allreduce(residual, Operator.MAX);
    }

    /// What is printed at the end.
    ///
    /// @param rate       how fast the products were
    /// @param order      the matrix's order
    /// @param entries    how many entries it has
    /// @param iterations how many it took
    /// @param residual   what is left, relative to the right side
    record Result(Rate rate, int order, long entries, int iterations, double residual) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%s; the residual is %.1e", rate, residual);
        }
    }
}
