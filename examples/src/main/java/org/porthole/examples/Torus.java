package org.porthole.examples;

import java.lang.foreign.MemorySegment;

/// Some rows of a world of cells, with a ghost row above and one below. The columns go round; the ghost rows are filled by whoever owns the rows
/// beside them.
final class Torus {
    private final int columns;
    private byte[][] now; // 1 where a cell lives
    private byte[][] next;

    /// A world without life.
    Torus(int columns, int rows) {
        this.columns = columns;
        now = new byte[rows + 2][columns];
        next = new byte[rows + 2][columns];
    }

    int columns() {
        return columns;
    }

    int rows() {
        return now.length - 2;
    }

    /// The cells of a row. Valid until the next [#step()].
    ///
    /// @param y from 0 to `rows() - 1`; -1 and `rows()` are the ghost rows
    MemorySegment row(int y) {
        return MemorySegment.ofArray(now[y + 1]);
    }

    /// Lets a cell live.
    void revive(int x, int y) {
        now[y + 1][x] = 1;
    }

    /// Moves one generation on.
    void step() {
        for (int y = 1; y <= rows(); y++) {
            stepRow(now[y - 1], now[y], now[y + 1], next[y]);
        }
        byte[][] swap = now;
        now = next;
        next = swap;
    }

    private void stepRow(byte[] above, byte[] row, byte[] below, byte[] to) {
        int last = columns - 1;
        int left = above[last] + row[last] + below[last];
        int middle = above[0] + row[0] + below[0];
        int first = middle;
        for (int x = 0; x < columns; x++) {
            int right = x == last ? first : above[x + 1] + row[x + 1] + below[x + 1];
            int three = left + middle + right; // in the square, the cell included
            to[x] = (byte) (three == 3 || (three == 4 && row[x] == 1) ? 1 : 0);
            left = middle;
            middle = right;
        }
    }

    /// What all rows of a world become, on one rank alone.
    Torus after(int generations) {
        for (int i = 0; i < generations; i++) {
            row(-1).copyFrom(row(rows() - 1));
            row(rows()).copyFrom(row(0));
            step();
        }
        return this;
    }

    /// Copies all cells but ghosts to a segment, row by row.
    void copyTo(MemorySegment cells) {
        for (int y = 0; y < rows(); y++) {
            cells.asSlice((long) y * columns, columns).copyFrom(row(y));
        }
    }

    /// Copies all cells but ghosts from a segment, row by row.
    void copyFrom(MemorySegment cells) {
        for (int y = 0; y < rows(); y++) {
            row(y).copyFrom(cells.asSlice((long) y * columns, columns));
        }
    }

    /// Whether the same cells live in two worlds.
    boolean hasSameCells(Torus other) {
        boolean same = rows() == other.rows();
        for (int y = 0; same && y < rows(); y++) {
            same = row(y).mismatch(other.row(y)) < 0;
        }
        return same;
    }

    /// How many cells live.
    long population() {
        long population = 0;
        for (int y = 1; y <= rows(); y++) {
            for (byte cell : now[y]) {
                population += cell;
            }
        }
        return population;
    }

    /// A picture: a line for each row.
    @Override
    public String toString() {
        StringBuilder picture = new StringBuilder();
        for (int y = 1; y <= rows(); y++) {
            picture.append('\n');
            for (byte cell : now[y]) {
                picture.append(cell == 1 ? 'O' : '.');
            }
        }
        return picture.toString();
    }
}
