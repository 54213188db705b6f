package org.porthole.internal.collective;

/// Every rank brings its elements; each combines those of the ranks below it, with or without its own.
record ScanMoves(WorkAreas areas, int rank) implements Moves {
    @Override
    public boolean bring(Call call) {
        long length = call.source.byteSize();
        if (call.isOver(length)) {
            return false;
        }
        long part = Math.min(length - call.done, WorkAreas.BYTES);
        areas.begin(length <= WorkAreas.SMALL);
        areas.bring(0, call.source, call.done, part);
        areas.arrive(call, part);
        return true;
    }

    @Override
    public void take(Call call) {
        int end = call.kind == CollectiveKind.SCAN ? rank + 1 : rank;
        if (end > 0) {
            long part = Math.min(call.source.byteSize() - call.done, WorkAreas.BYTES);
            areas.combineAll(end, 0, call, call.done, part);
        }
        call.advance(WorkAreas.BYTES);
    }
}
