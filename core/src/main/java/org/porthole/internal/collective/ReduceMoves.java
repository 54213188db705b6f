package org.porthole.internal.collective;

import java.lang.foreign.MemorySegment;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.internal.route.Target;
import org.porthole.spi.Elements;
import org.porthole.spi.LoadStore;

/// Reductions to one rank or to all of more than an arrival holds. Each rank reduces its share of a chunk over all ranks in ascending order; who
/// wants the result collects the shares. In one step a chunk is brought and reduced, and the one before it collected, so that a chunk costs
/// one meeting.
///
/// **Threads.** One of the rank at a time.
final class ReduceMoves {
    private static final long CHUNK = TeamDescriptor.AREA;

    private final ArrivalBoard board;
    private final WorkAreas areas;
    private final int rank;
    private final int size;

    ReduceMoves(ArrivalBoard board, WorkAreas areas, int rank, int size) {
        this.board = board;
        this.areas = areas;
        this.rank = rank;
        this.size = size;
    }

    /// @param root who wants the result, or [WholeMoves#ALL]
    void reduce(
            CollectiveKind kind,
            long argument,
            int root,
            MemorySegment source,
            MemorySegment destination,
            DataType type,
            Operator op) {
        boolean wanted = root == WholeMoves.ALL || root == rank;
        long length = source.byteSize();
        if (length <= WorkAreas.SMALL) {
            areas.begin(true);
            areas.bring(0, source, 0, length);
            areas.meet(kind, argument, length);
            if (wanted) {
                areas.combineAll(size, 0, type, op, destination, 0, length);
            }
            return;
        }
        long before = 0;
        for (long done = 0; done < length; done += CHUNK) {
            long part = Math.min(CHUNK, length - done);
            areas.begin(false);
            bringOthersShares(source, done, part);
            areas.meet(kind, argument, part);
            reduceShare(source, done, part, type, op);
            if (wanted && done > 0) {
                collect(destination, done - CHUNK, CHUNK, before);
            }
            before = areas.offset() + CHUNK;
        }
        board.sync(kind, argument);
        if (wanted) {
            long last = (length - 1) / CHUNK * CHUNK;
            collect(destination, last, length - last, before);
        }
    }

    /// Nobody reads the share that is reduced here.
    private void bringOthersShares(MemorySegment source, long done, long part) {
        long begin = shareBegin(rank, part);
        long end = shareBegin(rank + 1, part);
        areas.bring(0, source, done, begin);
        areas.bring(end, source, done + end, part - end);
    }

    private void reduceShare(MemorySegment source, long done, long part, DataType type, Operator op) {
        long begin = shareBegin(rank, part);
        long share = shareBegin(rank + 1, part) - begin;
        if (share == 0) {
            return;
        }
        long into = areas.offset() + CHUNK + begin;
        if (rank == 0) {
            LoadStore.copy(source, done + begin, board.own(), into, share);
        } else {
            areas.take(0, begin, board.own(), into, share);
            areas.complete(0);
        }
        for (int peer = 1; peer < size; peer++) {
            if (peer == rank) {
                Elements.combine(type, op, board.own(), into, source, done + begin, share);
            } else {
                areas.combine(peer, begin, type, op, board.own(), into, share);
            }
        }
    }

    private void collect(MemorySegment destination, long done, long part, long results) {
        for (int peer = 0; peer < size; peer++) {
            long begin = shareBegin(peer, part);
            Target target = board.target(peer);
            target.get(results + begin, destination, done + begin, shareBegin(peer + 1, part) - begin);
        }
        areas.complete();
    }

    /// Shares are whole elements: a multiple of 8 bytes, but for the last.
    private long shareBegin(int peer, long part) {
        return peer == size ? part : part / Long.BYTES * peer / size * Long.BYTES;
    }
}
