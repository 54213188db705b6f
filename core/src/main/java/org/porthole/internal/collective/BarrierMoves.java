package org.porthole.internal.collective;

/// Nothing to bring and nothing to take.
record BarrierMoves(ArrivalBoard board) implements Moves {
    @Override
    public boolean bring(Call call) {
        if (call.done > 0) {
            return false;
        }
        board.arrive(call.kind, call.argument);
        return true;
    }

    @Override
    public void take(Call call) {
        call.done = 1;
    }
}
