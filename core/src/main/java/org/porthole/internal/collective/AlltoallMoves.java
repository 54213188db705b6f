package org.porthole.internal.collective;

/// Every rank brings a piece for each. A step moves the same range of every piece, so that a piece in a buffer that is source and destination is
/// brought before another takes its place.
record AlltoallMoves(WorkAreas areas, int rank, int size) implements Moves {
    @Override
    public boolean bring(Call call) {
        if (call.isOver(call.longest)) {
            return false;
        }
        long step = areas.beginPieces(call.longest);
        areas.bringPieces(call, step);
        areas.arrive(call, step * size);
        return true;
    }

    @Override
    public void take(Call call) {
        long step = areas.pieceStep(call.longest);
        for (int peer = 0; peer < size; peer++) {
            long part = call.into.part(peer, call.done, step);
            if (part > 0) {
                areas.take(peer, rank * step, step, call.destination, call.into.offset(peer) + call.done, part);
            }
        }
        areas.complete();
        call.advance(step);
    }
}
