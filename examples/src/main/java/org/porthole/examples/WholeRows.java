package org.porthole.examples;

import java.lang.foreign.MemorySegment;
import java.util.function.IntFunction;
import org.porthole.Epoch;
import org.porthole.Window;

/// Rows of equal length that lie in a window at rank 0 alone; meanwhile each rank has some of them for itself.
///
/// @param window   the window
/// @param blocks   which rows are whose
/// @param rowBytes bytes per row
record WholeRows(Window window, Blocks blocks, long rowBytes) {
    /// Collective. Gets this rank's rows.
    ///
    /// @param row where each goes, numbered from 0
    void take(IntFunction<MemorySegment> row) {
        int rank = window.team().rank();
        try (Epoch epoch = window.fence()) {
            for (int y = 0; y < blocks.count(rank); y++) {
                epoch.get(0, (blocks.first(rank) + y) * rowBytes, row.apply(y));
            }
        }
    }

    /// Collective. Puts this rank's rows back.
    ///
    /// @param row where each is, numbered from 0
    void giveBack(IntFunction<MemorySegment> row) {
        int rank = window.team().rank();
        try (Epoch epoch = window.fence()) {
            for (int y = 0; y < blocks.count(rank); y++) {
                epoch.put(0, (blocks.first(rank) + y) * rowBytes, row.apply(y));
            }
        }
    }
}
