package org.porthole.examples;

import java.lang.foreign.MemorySegment;

/// Some rows of a square grid, with ghost rows above and below, and what a star-shaped stencil of radius 2 makes of them.
final class StarGrid {
    /// How far the star reaches.
    static final int RADIUS = 2;

    /// Floating-point operations per point, as the kernel defines it.
    static final int FLOPS = 2 * (4 * RADIUS + 1) + 1;

    private static final double NEAR = 1.0 / (2 * RADIUS); // weights, by the distance in the star
    private static final double FAR = 1.0 / (2 * 2 * RADIUS);

    private final int order;
    private final long first;
    private final double[][] in;
    private final double[][] out;

    /// The grid `x + y`, and zeros for the result.
    ///
    /// @param order points along each side of the whole grid
    /// @param first the first of these rows
    /// @param rows  how many they are
    StarGrid(int order, long first, int rows) {
        this.order = order;
        this.first = first;
        in = new double[rows + 2 * RADIUS][order];
        out = new double[rows][order];
        for (int y = 0; y < rows; y++) {
            for (int x = 0; x < order; x++) {
                in[RADIUS + y][x] = x + first + y;
            }
        }
    }

    int rows() {
        return out.length;
    }

    /// A row of the grid.
    ///
    /// @param y from `-RADIUS` to `rows() + RADIUS - 1`; those outside the rows are ghosts
    MemorySegment row(int y) {
        return MemorySegment.ofArray(in[RADIUS + y]);
    }

    /// Applies the stencil wherever all of the star lies in the grid, and adds 1 to each row of the grid once no star reaches it any more, so that
    /// ghosts which did not arrive would show.
    void apply() {
        for (int y = 0; y < out.length; y++) {
            if (first + y >= RADIUS && first + y < order - RADIUS) {
                applyToRow(in[y], in[y + 1], in[y + 2], in[y + 3], in[y + 4], out[y]);
            }
            if (y >= RADIUS) {
                increment(in[y]);
            }
        }
        for (int y = Math.max(out.length, RADIUS); y < out.length + RADIUS; y++) {
            increment(in[y]);
        }
    }

    /// In two loops: the JIT makes vector instructions of the first, where all indices are equal, and keeps what it has read of the row in registers in
    /// the second.
    private static void applyToRow(
            double[] far, double[] near, double[] row, double[] nextNear, double[] nextFar, double[] out) {
        int end = out.length - RADIUS;
        for (int x = RADIUS; x < end; x++) {
            out[x] += NEAR * (nextNear[x] - near[x]) + FAR * (nextFar[x] - far[x]);
        }
        double a = row[0];
        double b = row[1];
        double c = row[2];
        double d = row[3];
        for (int x = RADIUS; x < end; x++) {
            double e = row[x + 2];
            out[x] += NEAR * (d - b) + FAR * (e - a);
            a = b;
            b = c;
            c = d;
            d = e;
        }
    }

    private static void increment(double[] row) {
        for (int x = 0; x < row.length; x++) {
            row[x] += 1;
        }
    }

    /// The sum of the result's absolute values.
    double norm() {
        double norm = 0;
        for (double[] row : out) {
            for (double value : row) {
                norm += Math.abs(value);
            }
        }
        return norm;
    }
}
