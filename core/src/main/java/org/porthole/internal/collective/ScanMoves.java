package org.porthole.internal.collective;

/// Every rank brings its elements; each combines those of the ranks below it, with or without its own.
record ScanMoves(WorkAreas areas, int rank) implements Moves {
    @Override
    public boolean bring(Call call) {
        long length = call.source.byteSize();
        if (call.isOver(length)) {
            return false;
        }
        long step = areas.wholeStep();
        long part = Math.min(length - call.done, step);
        areas.beginForAll(Call.ALL, part, length <= WorkAreas.SMALL);
        areas.bring(0, call.source, call.done, part);
        areas.sendFrom(rank + 1, step, part);
        areas.arrive(call, part);
        return true;
    }

    @Override
    public void take(Call call) {
        int end = call.kind == CollectiveKind.SCAN ? rank + 1 : rank;
        long step = areas.wholeStep();
        if (end > 0) {
            long part = Math.min(call.source.byteSize() - call.done, step);
            areas.combineAll(end, 0, step, call, call.done, part);
        }
        call.advance(step);
    }
}
