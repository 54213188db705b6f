package org.porthole.internal.collective;

/// Every rank brings the same bytes to whoever wants them: the root, or all.
record GatherMoves(WorkAreas areas, int rank, int size) implements Moves {
    @Override
    public boolean bring(Call call) {
        if (call.isOver(call.longest)) {
            return false;
        }
        long step = areas.wholeStep();
        long mine = Math.clamp(call.source.byteSize() - call.done, 0, step);
        boolean small = call.longest <= WorkAreas.SMALL;
        long most = Math.min(call.longest - call.done, step);
        if (call.root == Call.ALL) {
            areas.beginForAll(Call.ALL, most, small);
        } else {
            areas.begin(small, most);
        }
        if (mine > 0) {
            areas.bring(0, call.source, call.done, mine);
            if (call.root == Call.ALL) {
                areas.sendFrom(0, step, mine);
            } else {
                areas.send(call.root, 0, step, mine);
            }
        }
        areas.arrive(call, mine);
        return true;
    }

    @Override
    public void take(Call call) {
        long step = areas.wholeStep();
        if (call.root == Call.ALL || call.root == rank) {
            for (int peer = 0; peer < size; peer++) {
                long part = call.into.part(peer, call.done, step);
                if (part > 0) {
                    areas.take(peer, 0, step, call.destination, call.into.offset(peer) + call.done, part);
                }
            }
            areas.complete();
        }
        call.advance(step);
    }
}
