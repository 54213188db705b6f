package org.porthole.internal.collective;

import java.lang.foreign.MemorySegment;
import org.porthole.DataType;
import org.porthole.Operator;

/// The collectives in which a rank brings different bytes to each: scatter, all-to-all and reduce-scatter. A step moves the same range of every
/// piece, so that all ranks have work in each step, and so that a piece in a buffer that is source and destination is brought before another takes its place.
///
/// **Threads.** One of the rank at a time.
final class PieceMoves {
    private final WorkAreas areas;
    private final int rank;
    private final int size;

    PieceMoves(WorkAreas areas, int rank, int size) {
        this.areas = areas;
        this.rank = rank;
        this.size = size;
    }

    private boolean isSmall(long longest) {
        return longest * size <= WorkAreas.SMALL && longest <= WorkAreas.SMALL;
    }

    /// How much of each piece one step moves, in bytes; whole elements.
    private long step(long longest) {
        return isSmall(longest) ? longest : WorkAreas.BYTES / size / Long.BYTES * Long.BYTES;
    }

    private void bringAll(MemorySegment source, Layout layout, long done, long step) {
        for (int peer = 0; peer < size; peer++) {
            long part = layout.part(peer, done, step);
            if (part > 0) {
                areas.bring(peer * step, source, layout.offset(peer) + done, part);
            }
        }
    }

    /// @param layout  where the pieces lie in `source`; read at `root` only
    /// @param longest the length of the longest
    void scatter(
            CollectiveKind kind,
            long argument,
            int root,
            MemorySegment source,
            Layout layout,
            MemorySegment destination,
            long longest) {
        long step = step(longest);
        long done = 0;
        do {
            areas.begin(isSmall(longest));
            if (rank == root) {
                bringAll(source, layout, done, step);
            }
            areas.meet(kind, argument, rank == root ? step * size : 0);
            long part = Math.clamp(destination.byteSize() - done, 0, step);
            if (part > 0) {
                areas.take(root, rank * step, destination, done, part);
                areas.complete(root);
            }
            done += step;
        } while (done < longest);
    }

    /// @param from    where the pieces lie in `source`
    /// @param into    where those of the others go
    /// @param longest the length of the longest of all ranks
    void alltoall(
            CollectiveKind kind,
            long argument,
            MemorySegment source,
            Layout from,
            MemorySegment destination,
            Layout into,
            long longest) {
        long step = step(longest);
        long done = 0;
        do {
            areas.begin(isSmall(longest));
            bringAll(source, from, done, step);
            areas.meet(kind, argument, step * size);
            for (int peer = 0; peer < size; peer++) {
                long part = into.part(peer, done, step);
                if (part > 0) {
                    areas.take(peer, rank * step, destination, into.offset(peer) + done, part);
                }
            }
            areas.complete();
            done += step;
        } while (done < longest);
    }

    /// @param layout  the blocks of `source`
    /// @param longest the length of the longest
    void reduceScatter(
            long argument,
            MemorySegment source,
            Layout layout,
            MemorySegment destination,
            DataType type,
            Operator op,
            long longest) {
        long step = step(longest);
        long done = 0;
        do {
            areas.begin(isSmall(longest));
            bringAll(source, layout, done, step);
            areas.meet(CollectiveKind.REDUCE_SCATTER, argument, step * size);
            long part = layout.part(rank, done, step);
            if (part > 0) {
                areas.combineAll(size, rank * step, type, op, destination, done, part);
            }
            done += step;
        } while (done < longest);
    }
}
