package org.porthole.internal.collective;

/// The root brings, the others read it from there.
record BroadcastMoves(WorkAreas areas, int rank) implements Moves {
    @Override
    public boolean bring(Call call) {
        long length = call.source.byteSize();
        if (call.isOver(length)) {
            return false;
        }
        boolean root = rank == call.root;
        long part = Math.min(length - call.done, WorkAreas.BYTES);
        areas.beginForAll(call.root, part, length <= WorkAreas.SMALL);
        if (root) {
            areas.bring(0, call.source, call.done, part);
            areas.sendFrom(0, 0, part);
        }
        areas.arrive(call, root ? part : 0);
        return true;
    }

    @Override
    public void take(Call call) {
        if (rank != call.root) {
            long part = Math.min(call.source.byteSize() - call.done, WorkAreas.BYTES);
            areas.take(call.root, 0, 0, call.source, call.done, part);
            areas.complete();
        }
        call.advance(WorkAreas.BYTES);
    }
}
