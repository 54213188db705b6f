package org.porthole.examples;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;
import org.porthole.Epoch;
import org.porthole.Job;
import org.porthole.Window;
import org.porthole.WindowSpec;

/// Splits a sparse matrix, which rank 0 has, over the ranks: each gets some rows.
final class MatrixRows {
    private MatrixRows() {}

    /// Collective. Gets this rank's rows from a window at rank 0, where values, columns and starts lie one behind the other.
    ///
    /// @param matrix  the whole, at rank 0
    /// @param blocks  which rows are whose
    /// @param entries how many there are in all
    static SparseMatrix take(Job job, Optional<SparseMatrix> matrix, Blocks blocks, long entries) {
        int[] starts = new int[(int) blocks.count(job.rank()) + 1];
        long columnsAt = Double.BYTES * entries;
        long startsAt = columnsAt + Integer.BYTES * entries;
        long bytes = job.rank() == 0 ? startsAt + Integer.BYTES * (blocks.total() + 1) : 0;
        try (Window window = job.world().openWindow(WindowSpec.ofBytes(bytes).named("matrix"))) {
            matrix.ifPresent(it -> {
                window.local().copyFrom(MemorySegment.ofArray(it.values));
                window.local().asSlice(columnsAt).copyFrom(MemorySegment.ofArray(it.columns));
                window.local().asSlice(startsAt).copyFrom(MemorySegment.ofArray(it.starts));
            });
            try (Epoch epoch = window.fence()) {
                epoch.get(0, startsAt + Integer.BYTES * blocks.first(job.rank()), MemorySegment.ofArray(starts));
                epoch.flushLocal(0); // only then do the starts tell where the entries are
                int base = starts[0];
                int count = starts[starts.length - 1] - base;
                SparseMatrix rows = new SparseMatrix(starts, new int[count], new double[count]);
                epoch.get(0, columnsAt + (long) Integer.BYTES * base, MemorySegment.ofArray(rows.columns));
                epoch.get(0, (long) Double.BYTES * base, MemorySegment.ofArray(rows.values));
                Arrays.setAll(starts, i -> starts[i] - base);
                return rows;
            }
        }
    }
}
