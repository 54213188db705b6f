package org.porthole.cli.perf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.porthole.Epoch;
import org.porthole.Job;
import org.porthole.Window;

/// What one epoch costs the owner of a window that nobody else is waiting for: medians, in nanoseconds.
///
/// @param beginNs from work in hand to exposed
/// @param endNs   from exposed to work in hand
/// @param touchNs what the first touch of a page costs afterwards beyond the next one, in the mean over all pages
record ExposureCost(double beginNs, double endNs, double touchNs) {
    private static final long PAGE = 4096;
    private static final int MOST = 20_000;
    private static final int LEAST = 5;
    private static final double MOST_NS = 4e8;
    private static final int WARM_UP = 30_000;
    private static final double WARM_UP_NS = 4e8;

    double epochNs() {
        return beginNs + endNs;
    }

    /// Measures a scheme on a window of some size.
    static ExposureCost of(Job job, ExposureScheme scheme, long byteSize) {
        try (Window window = job.world().openWindow(scheme.spec(byteSize))) {
            warmUp(scheme, window);
            return measure(scheme, window);
        }
    }

    private static void warmUp(ExposureScheme scheme, Window window) {
        long begin = System.nanoTime();
        for (int i = 0; i < WARM_UP && System.nanoTime() - begin < WARM_UP_NS; i++) {
            MemorySegment ignored = scheme.end(window, scheme.begin(window));
        }
    }

    private static ExposureCost measure(ExposureScheme scheme, Window window) {
        double clock = clockNs();
        double[] begins = new double[MOST];
        double[] ends = new double[MOST];
        double[] touches = new double[MOST];
        int count = 0;
        int touched = 0;
        long first = System.nanoTime();
        while (count < MOST && (count < LEAST || System.nanoTime() - first < MOST_NS)) {
            long t0 = System.nanoTime();
            Epoch epoch = scheme.begin(window);
            long t1 = System.nanoTime();
            MemorySegment view = scheme.end(window, epoch);
            long t2 = System.nanoTime();
            begins[count] = Math.max(0, t1 - t0 - clock);
            ends[count] = Math.max(0, t2 - t1 - clock);
            // Where nothing is mapped anew, touching every page would only empty the caches for the next epoch.
            if (view != null && (scheme.mapsAnew() || touched < LEAST)) {
                touches[touched++] = touch(view);
            }
            count++;
        }
        return new ExposureCost(median(begins, count), median(ends, count), median(touches, touched));
    }

    private static double touch(MemorySegment view) {
        double once = passNs(view);
        double again = passNs(view);
        return Math.max(0, once - again) / Math.max(1, view.byteSize() / PAGE);
    }

    private static double passNs(MemorySegment view) {
        long begin = System.nanoTime();
        for (long at = 0; at < view.byteSize(); at += PAGE) {
            view.set(ValueLayout.JAVA_BYTE, at, (byte) at);
        }
        return System.nanoTime() - begin;
    }

    private static double clockNs() {
        double[] looks = new double[MOST];
        for (int i = 0; i < MOST; i++) {
            long begin = System.nanoTime();
            looks[i] = System.nanoTime() - begin;
        }
        return median(looks, MOST);
    }

    static double median(double[] values, int count) {
        double[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        return count == 0 ? 0 : sorted[count / 2];
    }
}
