package org.porthole.internal.collective;

/// Every rank brings a block for each, and combines what all have brought for it.
record ReduceScatterMoves(WorkAreas areas, int rank, int size) implements Moves {
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
        long part = call.from.part(rank, call.done, step);
        if (part > 0) {
            areas.combineAll(size, rank * step, step, call, call.done, part);
        }
        call.advance(step);
    }
}
