package org.porthole.cli.perf;

import java.util.ArrayList;
import java.util.List;
import org.porthole.Team;

/// Measures puts while the target computes, outside the runtime.
final class BusyTarget {
    private static final int TIMES = 3;
    private static final long COMPUTATION_NS = 200_000_000;

    /// In which the target leaves the barrier.
    private static final long LEAD_NS = 10_000_000;

    private final Team team;
    private final Pace pace;
    private final AccessKernels kernels;

    BusyTarget(Team team, Pace pace, AccessKernels kernels) {
        this.team = team;
        this.pace = pace;
        this.kernels = kernels;
    }

    /// Collective. One put and flush per computation, after a pause.
    ///
    /// @return how long each took, on rank 0
    Measurement cold() {
        double[] samples = new double[TIMES];
        for (int k = 0; k < TIMES; k++) {
            List<Double> taken = whileTargetComputes(1, 1);
            samples[k] = taken.isEmpty() ? 0 : taken.getFirst();
        }
        return Measurement.of(Cell.of("W8", "put+flush, target computing", 8, Kind.LATENCY), samples);
    }

    /// Collective. Batches of put and flush while the target waits in a barrier, and then as many while it computes.
    ///
    /// @param meter measures the first half
    /// @return both, the first to compare the second with
    List<Measurement> loop(Meter meter) {
        Cell idle = Cell.of("W8", "put+flush loop, target waiting", 8, Kind.LATENCY);
        Cell busy = Cell.of("W8", "put+flush loop, target computing", 8, Kind.LATENCY)
                .against(idle);
        Measurement first =
                meter.measure(Probe.byOrigin(idle, kernels::putFlush)).getFirst();
        int n = (int) Math.clamp(pace.batchNs() / 1e3 / first.median(), 1, Plan.MOST);
        List<Double> samples = new ArrayList<>();
        for (int round = 0; round < TIMES; round++) {
            samples.addAll(whileTargetComputes(n, pace.samples()));
        }
        if (samples.isEmpty()) {
            // Not one batch ended before the computation did, on any try; nothing was measured, here or on other ranks.
            return List.of(first);
        }
        return List.of(first, new Measurement(busy, samples, Measurement.NOT_COUNTED));
    }

    /// Runs batches of `n` on rank 0 while rank 1 computes; those that end in time count, and a single one always.
    private List<Double> whileTargetComputes(int n, int batches) {
        List<Double> samples = new ArrayList<>();
        team.barrier();
        long begin = System.nanoTime();
        if (team.rank() == 1) {
            compute(begin, COMPUTATION_NS);
        } else if (team.rank() == 0) {
            compute(begin, LEAD_NS);
            for (int k = 0; k < batches; k++) {
                long taken = n == 1 ? kernels.putFlushNs() : putFlushNs(n);
                if (n == 1 || System.nanoTime() - begin < COMPUTATION_NS) {
                    samples.add(Kind.LATENCY.sample(8, n, (double) taken));
                }
            }
        }
        team.barrier();
        return samples;
    }

    private long putFlushNs(int n) {
        long start = System.nanoTime();
        kernels.putFlush(n);
        return System.nanoTime() - start;
    }

    private static void compute(long begin, long ns) {
        while (System.nanoTime() - begin < ns) {
            // the computation
        }
    }
}
