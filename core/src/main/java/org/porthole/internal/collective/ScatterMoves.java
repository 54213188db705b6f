package org.porthole.internal.collective;

/// The root brings a piece for each.
record ScatterMoves(WorkAreas areas, int rank, int size) implements Moves {
    @Override
    public boolean bring(Call call) {
        if (call.isOver(call.longest)) {
            return false;
        }
        boolean root = rank == call.root;
        long step = areas.beginPieces(call.longest);
        if (root) {
            areas.bringPieces(call, step);
        }
        areas.arrive(call, root ? step * size : 0);
        return true;
    }

    @Override
    public void take(Call call) {
        long step = areas.pieceStep(call.longest);
        long part = Math.clamp(call.destination.byteSize() - call.done, 0, step);
        if (part > 0) {
            areas.take(call.root, rank * step, step, call.destination, call.done, part);
            areas.complete();
        }
        call.advance(step);
    }
}
