package org.porthole.internal.collective;

import org.porthole.spi.LoadStore;

/// Reductions to one rank or to all, always in ascending order of ranks. Of little, who wants the result reads the whole of every rank and combines it
/// himself. Of more, each rank reduces its share of a chunk over all ranks, and who wants the result collects the shares: in one step a chunk is
/// brought and reduced, and the one before it collected, so that a chunk costs one meeting.
///
/// @param whole up to how many bytes are little, in bytes; the same on all ranks
record ReduceMoves(ArrivalBoard board, WorkAreas areas, int rank, int size, long whole) implements Moves {
    /// How much is in the caches still when it is read again.
    private static final long MAPPED_CHUNK = 64 << 10;

    private boolean wants(Call call) {
        return call.root == Call.ALL || call.root == rank;
    }

    /// Equal shares, of whole elements.
    private long chunk() {
        long most = areas.isByMessages() ? TeamDescriptor.AREA : MAPPED_CHUNK;
        return most / size / Long.BYTES * Long.BYTES * size;
    }

    private boolean isLittle(long length) {
        return length <= WorkAreas.SMALL || length <= Math.min(whole, areas.wholeStep());
    }

    @Override
    public boolean bring(Call call) {
        long length = call.source.byteSize();
        long chunk = chunk();
        if (isLittle(length)) {
            if (call.isOver(0)) {
                return false;
            }
            bringWhole(call, length);
        } else if (call.done < length) {
            areas.begin(false, 0);
            bringOthersShares(call, Math.min(chunk, length - call.done));
            areas.arrive(call, 0);
        } else if (call.done < length + chunk) {
            board.arriveDirectly(call.kind, call.argument);
        } else {
            return false;
        }
        return true;
    }

    @Override
    public void take(Call call) {
        long length = call.source.byteSize();
        long chunk = chunk();
        if (isLittle(length)) {
            if (wants(call)) {
                areas.combineAll(size, 0, areas.wholeStep(), call, 0, length);
            }
        } else {
            long part = Math.min(chunk, length - call.done);
            if (areas.isByMessages() && part > 0) {
                fetchShare(part);
            }
            if (call.done > 0 && wants(call)) {
                collect(call, call.done - chunk, Math.min(chunk, part + chunk));
            }
            areas.complete();
            if (part > 0) {
                reduceShare(call, part);
            }
            call.results = areas.area() + TeamDescriptor.AREA;
            call.resultsInbox = areas.inbox() + TeamDescriptor.AREA;
        }
        call.advance(chunk);
    }

    private void bringWhole(Call call, long length) {
        boolean small = length <= WorkAreas.SMALL;
        if (call.root == Call.ALL) {
            areas.beginForAll(Call.ALL, length, small);
        } else {
            areas.begin(small, length);
        }
        areas.bring(0, call.source, 0, length);
        if (call.root == Call.ALL) {
            areas.sendFrom(0, areas.wholeStep(), length);
        } else {
            areas.send(call.root, 0, areas.wholeStep(), length);
        }
        areas.arrive(call, length);
    }

    /// Nobody reads the share that is reduced here.
    private void bringOthersShares(Call call, long part) {
        long begin = shareBegin(rank, part);
        long end = shareBegin(rank + 1, part);
        areas.bring(0, call.source, call.done, begin);
        areas.bring(end, call.source, call.done + end, part - end);
        for (int peer = 0; areas.isByMessages() && peer < size; peer++) {
            long theirs = shareBegin(peer, part);
            areas.send(peer, theirs, share(part), shareBegin(peer + 1, part) - theirs);
        }
    }

    private void fetchShare(long part) {
        long begin = shareBegin(rank, part);
        long length = shareBegin(rank + 1, part) - begin;
        for (int peer = 0; peer < size; peer++) {
            areas.fetch(peer, begin, share(part), length);
        }
    }

    private void reduceShare(Call call, long part) {
        long begin = shareBegin(rank, part);
        long length = shareBegin(rank + 1, part) - begin;
        if (length == 0) {
            return;
        }
        long stride = share(part);
        long into = areas.area() + TeamDescriptor.AREA + begin;
        if (rank == 0) {
            LoadStore.copy(call.source, call.done + begin, board.own(), into, length);
        } else {
            areas.takeFetched(0, begin, stride, board.own(), into, length);
        }
        for (int peer = 1; peer < size; peer++) {
            if (peer == rank) {
                areas.combineSource(call, call.done + begin, into, length);
            } else {
                areas.combineHere(peer, begin, stride, call, into, length);
            }
        }
        for (int peer = 0; areas.isByMessages() && peer < size; peer++) {
            if (areas.isPut(peer, length) && (call.root == Call.ALL || call.root == peer)) {
                board.target(peer).put(areas.inbox() + TeamDescriptor.AREA + begin, board.own(), into, length);
            }
        }
    }

    private void collect(Call call, long done, long part) {
        for (int peer = 0; peer < size; peer++) {
            long begin = shareBegin(peer, part);
            long length = shareBegin(peer + 1, part) - begin;
            if (areas.isPut(peer, length)) {
                LoadStore.copy(board.own(), call.resultsInbox + begin, call.destination, done + begin, length);
            } else {
                areas.get(peer, call.results + begin, call.destination, done + begin, length);
            }
        }
    }

    /// A rank's share of a chunk, unless it is the last: a multiple of 8 bytes.
    private long share(long part) {
        return ((part + size - 1) / size + Long.BYTES - 1) & -Long.BYTES;
    }

    private long shareBegin(int peer, long part) {
        return Math.min(part, peer * share(part));
    }
}
