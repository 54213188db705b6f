package org.porthole.examples;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Some columns of a square matrix, one behind the other, which are as many square blocks one below the other as there are ranks.
final class Columns {
    final double[] elements;

    private final int order;
    private final int width;
    private final double[] column;

    /// Zeros.
    ///
    /// @param order rows of the matrix
    /// @param width columns of each rank, and so the order of a block
    Columns(int order, int width) {
        this.order = order;
        this.width = width;
        elements = new double[order * width];
        column = new double[width];
    }

    /// Makes every element its place in the whole matrix.
    ///
    /// @param rank whose columns these are
    void number(int rank) {
        for (int i = 0; i < elements.length; i++) {
            elements[i] = (double) order * width * rank + i;
        }
    }

    /// Transposes a block tile by tile, and adds 1 to it.
    ///
    /// @param block  which
    /// @param tile   rows and columns of a tile
    /// @param to     receives the transpose, one column after the other
    /// @param at     where in it
    /// @param stride elements from one of its columns to the next
    /// @param adds   whether to add the transpose to what is there
    void transposeBlock(int block, int tile, double[] to, int at, int stride, boolean adds) {
        for (int row = 0; row < width; row += tile) {
            for (int first = 0; first < width; first += tile) {
                int from = block * width + row + first * order;
                int rows = Math.min(tile, width - row);
                transposeTile(from, to, at + first + row * stride, stride, adds, rows, Math.min(tile, width - first));
            }
        }
    }

    private void transposeTile(int from, double[] to, int at, int stride, boolean adds, int rows, int columns) {
        for (int row = 0; row < rows; row++) {
            int i = from + row;
            int j = at + row * stride;
            for (int each = 0; each < columns; each++) {
                to[j + each] = adds ? to[j + each] + elements[i + each * order] : elements[i + each * order];
            }
        }
        for (int each = 0; each < columns; each++) {
            int i = from + each * order;
            for (int row = 0; row < rows; row++) {
                elements[i + row] += 1;
            }
        }
    }

    /// Adds what lies in a window to a block.
    ///
    /// @param block which
    /// @param from  where the summands are, one column after the other
    /// @param index the first one's
    void addToBlock(int block, MemorySegment from, long index) {
        for (int each = 0; each < width; each++) {
            MemorySegment.copy(
                    from, ValueLayout.JAVA_DOUBLE, (index + (long) each * width) * Double.BYTES, column, 0, width);
            int at = each * order + block * width;
            for (int i = 0; i < width; i++) {
                elements[at + i] += column[i];
            }
        }
    }

    /// How far these columns are from `iterations + 1` times the sum of the transpose of what [#number(int)] made and of what it had grown by.
    ///
    /// @param rank whose columns these are
    /// @return the sum of the differences
    double errorOfTranspose(int rank, int iterations) {
        double grown = (iterations + 1.0) * iterations / 2;
        double error = 0;
        for (int each = 0; each < width; each++) {
            for (int row = 0; row < order; row++) {
                double place = (double) order * row + each + (double) width * rank;
                error += Math.abs(elements[each * order + row] - (place * (iterations + 1) + grown));
            }
        }
        return error;
    }
}
