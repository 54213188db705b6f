package org.porthole.examples;

import org.porthole.Region;

/// The part of a square grid of doubles that one rank has, stored row by row with a rim of ghost cells around it.
///
/// @param column which tile it is from the left, `0 <= column < columns`
/// @param row    which tile it is from the top, `0 <= row < rows`
/// @param columns how many tiles lie side by side
/// @param rows    how many tiles lie one below the other
/// @param order   the grid's extent
/// @param radius  the rim's width
record Tile(int column, int row, int columns, int rows, int order, int radius) {
    /// A rank's tile, when the grid is split into tiles that are as square as possible.
    ///
    /// @throws UsageException if tiles become smaller than their rim
    static Tile of(int rank, int ranks, int order, int radius) {
        int columns = (int) Math.sqrt(ranks);
        while (ranks % columns != 0) {
            columns--;
        }
        int rows = ranks / columns;
        if (order / rows < radius) {
            throw new UsageException("a grid of " + order + " rows is too small for " + Example.ranks(ranks));
        }
        return new Tile(rank % columns, rank / columns, columns, rows, order, radius);
    }

    int left() {
        return (int) new Blocks(order, columns).first(column);
    }

    int top() {
        return (int) new Blocks(order, rows).first(row);
    }

    int width() {
        return (int) new Blocks(order, columns).count(column);
    }

    int height() {
        return (int) new Blocks(order, rows).count(row);
    }

    /// Elements from one row to the next.
    long stride() {
        return width() + 2L * radius;
    }

    long byteSize() {
        return Double.BYTES * stride() * (height() + 2L * radius);
    }

    /// Where a cell is stored, in elements.
    long index(int x, int y) {
        return (y + radius) * stride() + x + radius;
    }

    /// The rank `across` tiles to the right and `down` tiles below; -1 if the grid ends before.
    int neighbour(int across, int down) {
        int x = column + across;
        int y = row + down;
        return x < 0 || x == columns || y < 0 || y == rows ? -1 : y * columns + x;
    }

    /// The outermost own cells on one side: `across` and `down` point there.
    Region border(int across, int down) {
        return box(across > 0 ? width() - radius : 0, down > 0 ? height() - radius : 0, across, down);
    }

    /// The ghost cells on one side: `across` and `down` point there.
    Region rim(int across, int down) {
        return box(
                across > 0 ? width() : across * radius, // to the left of the first column, or from it on
                down > 0 ? height() : down * radius,
                across,
                down);
    }

    private Region box(int x, int y, int across, int down) {
        return Region.subarray(
                Double.BYTES,
                new long[] {height() + 2L * radius, stride()},
                new long[] {y + radius, x + radius},
                new long[] {down == 0 ? height() : radius, across == 0 ? width() : radius});
    }
}
