package org.porthole.internal.collective;

import java.lang.foreign.MemorySegment;
import org.porthole.DataType;
import org.porthole.Operator;

/// The collectives in which a rank brings the same bytes to everybody who wants them: broadcast, gather, allgather and the scans. They pass
/// through the work areas in steps of equal offsets; readers take them from where they are.
///
/// **Threads.** One of the rank at a time.
final class WholeMoves {
    /// In place of a root: every rank takes.
    static final int ALL = -1;

    private final WorkAreas areas;
    private final int rank;
    private final int size;

    WholeMoves(WorkAreas areas, int rank, int size) {
        this.areas = areas;
        this.rank = rank;
        this.size = size;
    }

    void broadcast(long argument, int root, MemorySegment buffer) {
        long length = buffer.byteSize();
        boolean small = length <= WorkAreas.SMALL;
        long done = 0;
        do {
            long part = Math.min(length - done, WorkAreas.BYTES);
            areas.begin(small);
            if (rank == root) {
                areas.bring(0, buffer, done, part);
            }
            areas.meet(CollectiveKind.BROADCAST, argument, rank == root ? part : 0);
            if (rank != root) {
                areas.take(root, 0, buffer, done, part);
                areas.complete(root);
            }
            done += WorkAreas.BYTES;
        } while (done < length);
    }

    /// @param root    who takes, or [#ALL]
    /// @param layout  where each rank's bytes go, and how many they are
    /// @param longest the most that a rank brings
    void gather(
            CollectiveKind kind,
            long argument,
            int root,
            MemorySegment source,
            MemorySegment destination,
            Layout layout,
            long longest) {
        boolean small = longest <= WorkAreas.SMALL;
        boolean takes = root == ALL || root == rank;
        long done = 0;
        do {
            long mine = Math.clamp(source.byteSize() - done, 0, WorkAreas.BYTES);
            areas.begin(small);
            if (mine > 0) {
                areas.bring(0, source, done, mine);
            }
            areas.meet(kind, argument, mine);
            if (takes) {
                for (int peer = 0; peer < size; peer++) {
                    long part = layout.part(peer, done, WorkAreas.BYTES);
                    if (part > 0) {
                        areas.take(peer, 0, destination, layout.offset(peer) + done, part);
                    }
                }
                areas.complete();
            }
            done += WorkAreas.BYTES;
        } while (done < longest);
    }

    /// @param end how many ranks this one combines: those below it, with or without itself
    void scan(
            CollectiveKind kind,
            long argument,
            int end,
            MemorySegment source,
            MemorySegment destination,
            DataType type,
            Operator op) {
        long length = source.byteSize();
        boolean small = length <= WorkAreas.SMALL;
        long done = 0;
        do {
            long part = Math.min(length - done, WorkAreas.BYTES);
            areas.begin(small);
            areas.bring(0, source, done, part);
            areas.meet(kind, argument, part);
            if (end > 0) {
                areas.combineAll(end, 0, type, op, destination, done, part);
            }
            done += WorkAreas.BYTES;
        } while (done < length);
    }
}
