package org.porthole.examples;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// Some rows of a sparse matrix.
final class SparseMatrix {
    /// The entries of row `i` are those from `starts[i]` to `starts[i + 1] - 1`.
    final int[] starts;

    final int[] columns;

    /// The entries' values; those in one place add up.
    final double[] values;

    SparseMatrix(int[] starts, int[] columns, double[] values) {
        this.starts = starts;
        this.columns = columns;
        this.values = values;
    }

    /// Reads a Matrix Market file.
    ///
    /// @param stream the text; closed afterwards
    /// @param name   what messages call it
    /// @throws UsageException if it cannot be read
    static SparseMatrix read(InputStream stream, String name) {
        GraphLines lines = new GraphLines(name, stream);
        Collector entries = new Collector();
        try (stream) {
            if (!lines.next()) {
                throw lines.cutOff("it is empty");
            }
            return entries.toMatrix(MatrixMarket.read(lines, entries));
        } catch (IOException e) {
            throw lines.cutOff(Example.reason(e));
        }
    }

    /// The Laplacian of a graph, whose edges are taken for edges both ways, plus the identity: symmetric and positive definite.
    static SparseMatrix laplacian(Graph graph) {
        Collector entries = new Collector();
        for (int v = 0; v < graph.vertices(); v++) {
            entries.add(v, v, 1);
            for (int edge = graph.starts[v]; edge < graph.starts[v + 1]; edge++) {
                int u = graph.sources[edge];
                entries.add(u, v, -1);
                entries.add(v, u, -1);
                entries.add(u, u, 1);
                entries.add(v, v, 1);
            }
        }
        return entries.toMatrix(graph.vertices());
    }

    int rows() {
        return starts.length - 1;
    }

    /// Entries in any order.
    private static final class Collector implements MatrixMarket.Entries {
        private int[] rows = new int[1024];
        private int[] columns = new int[1024];
        private double[] values = new double[1024];
        private int count;

        @Override
        public void add(int row, int column, double value) {
            if (count == rows.length) {
                int larger = Math.multiplyExact(2, count);
                rows = Arrays.copyOf(rows, larger);
                columns = Arrays.copyOf(columns, larger);
                values = Arrays.copyOf(values, larger);
            }
            rows[count] = row;
            columns[count] = column;
            values[count] = value;
            count++;
        }

        SparseMatrix toMatrix(int order) {
            int[] starts = new int[order + 1];
            for (int i = 0; i < count; i++) {
                starts[rows[i] + 1]++;
            }
            Arrays.parallelPrefix(starts, Integer::sum);
            SparseMatrix matrix = new SparseMatrix(starts, new int[count], new double[count]);
            int[] next = starts.clone();
            for (int i = 0; i < count; i++) {
                int place = next[rows[i]]++;
                matrix.columns[place] = columns[i];
                matrix.values[place] = values[i];
            }
            return matrix;
        }
    }

    /// Multiplies these rows by a vector.
    void multiply(double[] vector, double[] product) {
        for (int row = 0; row < rows(); row++) {
            double sum = 0;
            for (int i = starts[row]; i < starts[row + 1]; i++) {
                sum += values[i] * vector[columns[i]];
            }
            product[row] = sum;
        }
    }

    /// How far a vector is from solving the equations.
    ///
    /// @param rightSide what the product should be
    /// @return the norm of what is left, relative to that of the right side
    double residual(double[] solution, double[] rightSide) {
        double[] product = new double[rightSide.length];
        multiply(solution, product);
        double[] errors = new double[rightSide.length];
        Arrays.setAll(errors, i -> rightSide[i] - product[i]);
        return Math.sqrt(ConjugateGradients.dot(errors, errors) / ConjugateGradients.dot(rightSide, rightSide));
    }

    /// What these rows have in the diagonal of the matrix.
    ///
    /// @param first the first row's number in the whole matrix
    double[] diagonal(long first) {
        double[] diagonal = new double[rows()];
        for (int row = 0; row < rows(); row++) {
            for (int i = starts[row]; i < starts[row + 1]; i++) {
                diagonal[row] += columns[i] == first + row ? values[i] : 0;
            }
        }
        return diagonal;
    }
}
