package org.porthole.cli.perf;

import java.util.Optional;

/// One cell of the tables: what is measured.
///
/// @param work      the workload it belongs to, `W1` to `W8`, or `L` for what the machine allows
/// @param operation what the peers' tables call it
/// @param size      bytes per operation; zero if it has none
/// @param kind      what the number is
/// @param against   the cell measured beside it that it is to be compared with
record Cell(String work, String operation, long size, Kind kind, Optional<Cell> against) {
    static Cell of(String work, String operation, long size, Kind kind) {
        return new Cell(work, operation, size, kind, Optional.empty());
    }

    /// The same cell, compared with another.
    Cell against(Cell other) {
        return new Cell(work, operation, size, kind, Optional.of(other));
    }
}
