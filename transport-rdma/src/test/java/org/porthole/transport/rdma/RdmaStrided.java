package org.porthole.transport.rdma;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.porthole.transport.rdma.InTurn.Way;
import org.porthole.transport.rdma.RdmaPair.Shared;

/// Puts and gets of 256 runs, handed to the adapter together and one by one, in turn. Prints microseconds for all runs and a flush, the medians of
/// rounds.
final class RdmaStrided {
    private static final int RUNS = 256;
    private static final int STRIDE = 2048;
    private static final InTurn IN_TURN = new InTurn(15, 25);

    private RdmaStrided() {}

    public static void main(String[] words) {
        try (RdmaPair pair = new RdmaPair(RdmaPair.SETTINGS);
                Arena arena = Arena.ofShared()) {
            MemorySegment memory = arena.allocate(RUNS * STRIDE, 4096);
            Shared shared = pair.share(RUNS * STRIDE);
            for (int run : new int[] {64, 512}) {
                for (boolean isPut : new boolean[] {true, false}) {
                    IN_TURN.compare(
                            (isPut ? "put of " : "get of ") + RUNS + " runs of " + run + " B",
                            new Way("one by one", () -> round(pair, shared, memory, run, isPut, false)),
                            new Way("together", () -> round(pair, shared, memory, run, isPut, true)));
                }
            }
        }
    }

    private static double round(
            RdmaPair pair, Shared shared, MemorySegment memory, int run, boolean isPut, boolean isTogether) {
        long begin = System.nanoTime();
        if (isTogether) {
            pair.endpoint.startRuns();
        }
        for (long at = 0; at < (long) RUNS * STRIDE; at += STRIDE) {
            if (isPut) {
                pair.endpoint.put(shared.remote(), at, memory, at, run);
            } else {
                pair.endpoint.get(shared.remote(), at, memory, at, run);
            }
        }
        if (isTogether) {
            pair.endpoint.endRuns();
        }
        pair.endpoint.flush();
        return (System.nanoTime() - begin) / 1e3;
    }
}
