package org.porthole.examples;

/// Some columns of a grid in which every point is computed from those to its left, below it and between the two, with a column of ghosts before them.
final class PipelineGrid {
    private final double[][] points;
    private final int first;

    /// Begins with the column's number along the bottom, and the row's along the left of the whole grid.
    ///
    /// @param blocks which columns are whose
    /// @param rank   whose these are
    /// @param rows   how many rows there are
    PipelineGrid(Blocks blocks, int rank, int rows) {
        first = rank == 0 ? 2 : 1; // the leftmost column of all is given
        points = new double[rows][(int) blocks.count(rank) + 1];
        for (int i = 0; i < points[0].length; i++) {
            points[0][i] = blocks.first(rank) + i - 1;
        }
        for (int row = 0; rank == 0 && row < rows; row++) {
            points[row][1] = row;
        }
    }

    int rows() {
        return points.length;
    }

    /// Computes a row from the one below and its own first point.
    void computeRow(int row) {
        double[] below = points[row - 1];
        double[] here = points[row];
        double left = here[first - 1];
        for (int i = first; i < here.length; i++) {
            left += below[i] - below[i - 1];
            here[i] = left;
        }
    }

    /// Tells the point to the left of a row.
    void setGhost(int row, double value) {
        points[row][0] = value;
    }

    /// Sets the first point of the first row.
    void setFirst(double value) {
        points[0][1] = value;
    }

    /// The last point of a row.
    double lastOf(int row) {
        return points[row][points[row].length - 1];
    }

    /// The last point of the last row.
    double corner() {
        return lastOf(points.length - 1);
    }
}
