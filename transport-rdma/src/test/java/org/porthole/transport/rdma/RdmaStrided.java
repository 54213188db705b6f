package org.porthole.transport.rdma;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.porthole.transport.rdma.RdmaPair.Shared;

/// Puts and gets of 256 runs, handed to the adapter together and one by one, in turn. Prints microseconds for all runs and a flush, the medians of
/// rounds.
final class RdmaStrided {
    private static final int RUNS = 256;
    private static final int STRIDE = 2048;
    private static final int ROUNDS = 25;
    private static final int WARM_UP = 15;

    private RdmaStrided() {}

    public static void main(String[] words) {
        try (RdmaPair pair = new RdmaPair(RdmaPair.SETTINGS);
                Arena arena = Arena.ofShared()) {
            MemorySegment memory = arena.allocate(RUNS * STRIDE, 4096);
            Shared shared = pair.share(RUNS * STRIDE);
            for (int run : new int[] {64, 512}) {
                for (boolean isPut : new boolean[] {true, false}) {
                    double[][] us = new double[2][ROUNDS];
                    for (int round = -WARM_UP; round < ROUNDS; round++) {
                        for (int which = 0; which < 2; which++) {
                            us[which][Math.max(0, round)] = round(pair, shared, memory, run, isPut, which == 0);
                        }
                    }
                    Arrays.sort(us[0]);
                    Arrays.sort(us[1]);
                    System.out.printf(
                            "%s %d runs of %4d B: together %9.1f us [%.1f..%.1f], one by one %9.1f us [%.1f..%.1f], ratio %.3f%n",
                            isPut ? "put" : "get",
                            RUNS,
                            run,
                            us[0][ROUNDS / 2],
                            us[0][ROUNDS / 10],
                            us[0][ROUNDS * 9 / 10],
                            us[1][ROUNDS / 2],
                            us[1][ROUNDS / 10],
                            us[1][ROUNDS * 9 / 10],
                            us[0][ROUNDS / 2] / us[1][ROUNDS / 2]);
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
