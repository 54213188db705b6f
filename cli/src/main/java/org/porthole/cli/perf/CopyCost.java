package org.porthole.cli.perf;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.porthole.Epoch;
import org.porthole.Job;
import org.porthole.Window;

/// What it costs an owner that never touches its part to work on some bytes of it: a get into a buffer and a put back.
final class CopyCost {
    private static final int MOST = 2_000;
    private static final int LEAST = 3;
    private static final double MOST_NS = 1e8;
    private static final double DENSITY = 2;

    private final List<Long> sizes = new ArrayList<>();
    private final List<Double> costs = new ArrayList<>();

    private CopyCost() {}

    static CopyCost measure(Job job, long most) {
        CopyCost cost = new CopyCost();
        try (Arena arena = Arena.ofConfined();
                Window window = job.world().openWindow(ExposureScheme.NEVER_TOUCH.spec(most));
                Epoch epoch = window.fence()) {
            MemorySegment buffer = arena.allocate(most, 64);
            for (double size = 64; size <= most; size *= DENSITY) {
                cost.add(epoch, buffer.asSlice(0, (long) size));
            }
        }
        return cost;
    }

    private void add(Epoch epoch, MemorySegment buffer) {
        double[] samples = new double[MOST];
        int count = 0;
        long first = System.nanoTime();
        while (count < MOST && (count < LEAST || System.nanoTime() - first < MOST_NS)) {
            long begin = System.nanoTime();
            for (int i = 0; i < batch(buffer); i++) {
                epoch.get(0, 0, buffer);
                epoch.put(0, 0, buffer);
            }
            samples[count++] = (System.nanoTime() - begin) / (double) batch(buffer);
        }
        sizes.add(buffer.byteSize());
        costs.add(ExposureCost.median(samples, count));
    }

    private static int batch(MemorySegment buffer) {
        return (int) Math.max(1, (64 << 10) / buffer.byteSize());
    }

    List<Long> sizes() {
        return sizes;
    }

    double costNs(int index) {
        return costs.get(index);
    }

    /// From how many bytes on the copies cost more than something else, which may itself cost more with every byte.
    ///
    /// @return bytes, rounded to what was measured and straight lines between; -1 if that is beyond what was measured
    long breakEven(double fixedNs, double perByteNs) {
        for (int i = 0; i < sizes.size(); i++) {
            double over = costs.get(i) - fixedNs - perByteNs * sizes.get(i);
            if (over >= 0) {
                if (i == 0) {
                    return sizes.get(0);
                }
                double under = costs.get(i - 1) - fixedNs - perByteNs * sizes.get(i - 1);
                double part = -under / (over - under);
                return Math.round(sizes.get(i - 1) + part * (sizes.get(i) - sizes.get(i - 1)));
            }
        }
        return -1;
    }
}
