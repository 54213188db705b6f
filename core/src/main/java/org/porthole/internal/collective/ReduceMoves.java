package org.porthole.internal.collective;

import org.porthole.internal.route.Target;
import org.porthole.spi.Elements;
import org.porthole.spi.LoadStore;

/// Reductions to one rank or to all. What fits an arrival, who wants the result combines himself. Of more, each rank reduces its share of a chunk
/// over all ranks in ascending order; who wants the result collects the shares. In one step a chunk is brought and reduced, and the one before it
/// collected, so that a chunk costs one meeting.
record ReduceMoves(ArrivalBoard board, WorkAreas areas, int rank, int size) implements Moves {
    private static final long CHUNK = TeamDescriptor.AREA;

    private boolean wants(Call call) {
        return call.root == Call.ALL || call.root == rank;
    }

    @Override
    public boolean bring(Call call) {
        long length = call.source.byteSize();
        if (length <= WorkAreas.SMALL) {
            if (call.isOver(length)) {
                return false;
            }
            areas.begin(true);
            areas.bring(0, call.source, 0, length);
            areas.arrive(call, length);
            return true;
        }
        if (call.done < length) {
            areas.begin(false);
            bringOthersShares(call, Math.min(CHUNK, length - call.done));
            areas.arrive(call, 0);
            return true;
        }
        if (call.done < length + CHUNK) {
            board.arrive(call.kind, call.argument, 0);
            return true;
        }
        return false;
    }

    @Override
    public void take(Call call) {
        long length = call.source.byteSize();
        if (length <= WorkAreas.SMALL) {
            if (wants(call)) {
                areas.combineAll(size, 0, call, 0, length);
            }
        } else {
            if (call.done < length) {
                reduceShare(call, Math.min(CHUNK, length - call.done));
            }
            if (call.done > 0 && wants(call)) {
                collect(call, call.done - CHUNK, Math.min(CHUNK, length - call.done + CHUNK));
            }
            call.results = areas.offset() + CHUNK;
        }
        call.advance(CHUNK);
    }

    /// Nobody reads the share that is reduced here.
    private void bringOthersShares(Call call, long part) {
        long begin = shareBegin(rank, part);
        long end = shareBegin(rank + 1, part);
        areas.bring(0, call.source, call.done, begin);
        areas.bring(end, call.source, call.done + end, part - end);
    }

    private void reduceShare(Call call, long part) {
        long begin = shareBegin(rank, part);
        long share = shareBegin(rank + 1, part) - begin;
        if (share == 0) {
            return;
        }
        long into = areas.offset() + CHUNK + begin;
        if (rank == 0) {
            LoadStore.copy(call.source, call.done + begin, board.own(), into, share);
        } else {
            areas.take(0, begin, board.own(), into, share);
            areas.complete(0);
        }
        for (int peer = 1; peer < size; peer++) {
            if (peer == rank) {
                Elements.combine(call.type, call.op, board.own(), into, call.source, call.done + begin, share);
            } else {
                areas.combine(peer, begin, call, board.own(), into, share);
            }
        }
    }

    private void collect(Call call, long done, long part) {
        for (int peer = 0; peer < size; peer++) {
            long begin = shareBegin(peer, part);
            Target target = board.target(peer);
            target.get(call.results + begin, call.destination, done + begin, shareBegin(peer + 1, part) - begin);
        }
        areas.complete();
    }

    /// Shares are whole elements: a multiple of 8 bytes, but for the last.
    private long shareBegin(int peer, long part) {
        return peer == size ? part : part / Long.BYTES * peer / size * Long.BYTES;
    }
}
