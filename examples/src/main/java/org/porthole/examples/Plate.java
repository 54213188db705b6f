package org.porthole.examples;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Some rows of a plate and the heat in them, with a rim of one ghost cell on each side.
///
/// Ghost rows are filled by whoever owns the rows beside them. Ghost columns mirror the outermost cells, so that no heat leaves there.
final class Plate {
    /// Share of the difference between two cells that flows in a time step; stable up to 1/4.
    private static final double RATE = 0.2;

    private final int width;
    private final int rows;
    private final int stride;
    private double[] now;
    private double[] next;

    /// A cold plate.
    Plate(int width, int rows) {
        this.width = width;
        this.rows = rows;
        stride = width + 2;
        now = new double[Math.multiplyExact(stride, rows + 2)];
        next = new double[now.length];
    }

    /// What an image becomes on one rank alone.
    ///
    /// @return its cells after `steps` time steps, row by row
    static double[] serial(GreyImage start, int steps) {
        Plate plate = new Plate(start.width, start.height);
        MemorySegment cells = MemorySegment.ofArray(start.cells.clone());
        long rowBytes = plate.row(0).byteSize();
        for (int y = 0; y < plate.rows; y++) {
            plate.row(y).copyFrom(cells.asSlice(y * rowBytes, rowBytes));
        }
        for (int i = 0; i < steps; i++) {
            plate.row(-1).copyFrom(plate.row(0));
            plate.row(plate.rows).copyFrom(plate.row(plate.rows - 1));
            plate.step();
        }
        for (int y = 0; y < plate.rows; y++) {
            cells.asSlice(y * rowBytes, rowBytes).copyFrom(plate.row(y));
        }
        return cells.toArray(ValueLayout.JAVA_DOUBLE);
    }

    int width() {
        return width;
    }

    int rows() {
        return rows;
    }

    /// The cells of a row, without ghosts. Valid until the next [#step()].
    ///
    /// @param y from 0 to `rows() - 1`; -1 and `rows()` are the ghost rows
    MemorySegment row(int y) {
        long offset = ((y + 1L) * stride + 1) * Double.BYTES;
        return MemorySegment.ofArray(now).asSlice(offset, (long) width * Double.BYTES);
    }

    /// Moves one step on in time.
    void step() {
        for (int y = 1; y <= rows; y++) {
            int first = y * stride + 1;
            int end = first + width;
            now[first - 1] = now[first];
            now[end] = now[end - 1];
            for (int i = first; i < end; i++) {
                double around = now[i - stride] + now[i + stride] + now[i - 1] + now[i + 1];
                next[i] = now[i] + RATE * (around - 4 * now[i]);
            }
        }
        double[] swap = now;
        now = next;
        next = swap;
    }

    /// The sum of all cells.
    double heat() {
        double sum = 0;
        for (int y = 1; y <= rows; y++) {
            for (int x = 1; x <= width; x++) {
                sum += now[y * stride + x];
            }
        }
        return sum;
    }
}
