package org.porthole.transport.rdma;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.porthole.transport.rdma.RdmaPair.Shared;

/// Puts and gets of the caller's own memory as it is, against copies through the transport's buffers, in turn: where
/// [RdmaOptions#CACHE_FROM] should be. Prints microseconds an operation, the medians of batches.
final class RdmaBulk {
    private static final int BATCHES = 15;
    private static final int WARM_UP = 5;
    private static final int MOST = 1 << 20;

    private RdmaBulk() {}

    public static void main(String[] words) {
        try (RdmaPair copies = new RdmaPair(RdmaPair.SETTINGS.with(RdmaOptions.CACHE_ENTRIES, "0"));
                RdmaPair inPlace = new RdmaPair(RdmaPair.SETTINGS.with(RdmaOptions.CACHE_FROM, "1"));
                Arena arena = Arena.ofShared()) {
            MemorySegment memory = arena.allocate(MOST, 4096);
            Shared[] shared = {copies.share(MOST), inPlace.share(MOST)};
            RdmaPair[] pairs = {copies, inPlace};
            for (boolean isPut : new boolean[] {true, false}) {
                for (int size = 512; size <= MOST; size *= size < 64 << 10 ? 2 : 4) {
                    double[][] us = new double[2][BATCHES];
                    for (int batch = -WARM_UP; batch < BATCHES; batch++) {
                        for (int which = 0; which < 2; which++) {
                            double took = batch(pairs[which], shared[which], memory, size, isPut);
                            us[which][Math.max(0, batch)] = took;
                        }
                    }
                    Arrays.sort(us[0]);
                    Arrays.sort(us[1]);
                    System.out.printf(
                            "%s %8d B: copied %9.1f us [%.1f..%.1f], in place %9.1f us [%.1f..%.1f], ratio %.3f%n",
                            isPut ? "put" : "get",
                            size,
                            us[0][BATCHES / 2],
                            us[0][BATCHES / 10],
                            us[0][BATCHES * 9 / 10],
                            us[1][BATCHES / 2],
                            us[1][BATCHES / 10],
                            us[1][BATCHES * 9 / 10],
                            us[1][BATCHES / 2] / us[0][BATCHES / 2]);
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
