package org.porthole.transport.rdma;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.porthole.transport.rdma.InTurn.Way;
import org.porthole.transport.rdma.RdmaPair.Shared;

/// Puts and gets of the caller's own memory as it is, against copies through the transport's buffers, in turn: where
/// [RdmaOptions#CACHE_FROM] should be. Prints microseconds an operation, the medians of batches.
final class RdmaBulk {
    private static final InTurn IN_TURN = new InTurn(5, 15);
    private static final int MOST = 1 << 20;

    private RdmaBulk() {}

    public static void main(String[] words) {
        try (RdmaPair copies = new RdmaPair(RdmaPair.SETTINGS.with(RdmaOptions.CACHE_ENTRIES, "0"));
                RdmaPair inPlace = new RdmaPair(RdmaPair.SETTINGS.with(RdmaOptions.CACHE_FROM, "1"));
                Arena arena = Arena.ofShared()) {
            MemorySegment memory = arena.allocate(MOST, 4096);
            Shared ofCopies = copies.share(MOST);
            Shared ofInPlace = inPlace.share(MOST);
            for (boolean isPut : new boolean[] {true, false}) {
                for (int bytes = 512; bytes <= MOST; bytes *= bytes < 64 << 10 ? 2 : 4) {
                    int size = bytes;
                    IN_TURN.compare(
                            (isPut ? "put " : "get ") + size + " B",
                            new Way("copied", () -> batch(copies, ofCopies, memory, size, isPut)),
                            new Way("in place", () -> batch(inPlace, ofInPlace, memory, size, isPut)));
                }
            }
        }
    }

    private static double batch(RdmaPair pair, Shared shared, MemorySegment memory, int size, boolean isPut) {
        int operations = Math.clamp((1 << 20) / size, 4, 100);
        long begin = System.nanoTime();
        for (int i = 0; i < operations; i++) {
            if (isPut) {
                pair.endpoint.put(shared.remote(), 0, memory, 0, size);
            } else {
                pair.endpoint.get(shared.remote(), 0, memory, 0, size);
            }
            pair.endpoint.flush();
        }
        return (System.nanoTime() - begin) / 1e3 / operations;
    }
}
