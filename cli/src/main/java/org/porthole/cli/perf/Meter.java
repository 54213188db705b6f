package org.porthole.cli.perf;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.porthole.Operator;
import org.porthole.Team;

/// Measures cells: all ranks call it alike, rank 0 decides and keeps the time.
///
/// **Threads.** The rank's own.
final class Meter {
    /// Between batches of a warm-up: with every core spinning, the compilers would not get one.
    private static final long PARK_NS = 200_000;

    private final Team team;
    private final Pace pace;
    private final Optional<AllocationCounter> counter;
    private final long counterBytes;

    private long batchBytes;

    /// Prepares to measure.
    ///
    /// @param team    the ranks
    /// @param pace    how long and how often
    /// @param counter counts allocations, if wanted
    Meter(Team team, Pace pace, Optional<AllocationCounter> counter) {
        this.team = team;
        this.pace = pace;
        this.counter = counter;
        counterBytes = counter.map(AllocationCounter::ownBytes).orElse(0L);
    }

    /// Collective. Warms up each probe and then measures them in turn, a batch of each at a time, so that what the machine does meanwhile
    /// happens to all of them.
    ///
    /// @param probes the probes, the same on all ranks
    /// @return their measurements, in the same order; they mean something on rank 0
    List<Measurement> measure(Probe... probes) {
        int[] operations = new int[probes.length];
        int turns = pace.samples();
        for (int i = 0; i < probes.length; i++) {
            Plan plan = warmUp(probes[i]);
            operations[i] = plan.operations();
            turns = Math.min(turns, plan.samples());
        }
        turns = (int) agree(turns);
        List<Measurement> measurements = new ArrayList<>();
        for (int turn = 0; turn < turns; turn++) {
            for (int i = 0; i < probes.length; i++) {
                Measurement sample = sample(probes[i], (int) agree(operations[i]));
                if (turn == 0) {
                    measurements.add(sample);
                } else {
                    measurements.set(i, measurements.get(i).and(sample));
                }
            }
        }
        return measurements;
    }

    /// Collective. What rank 0 says.
    ///
    /// @param proposal counts on rank 0
    /// @return rank 0's proposal, on all ranks
    long agree(long proposal) {
        return team.allreduce(team.rank() == 0 ? proposal : Long.MIN_VALUE, Operator.MAX);
    }

    private Plan warmUp(Probe probe) {
        Plan plan = new Plan(pace, probe.cell().kind().step());
        for (long n = plan.operations(); n > 0; n = agree(plan.isWarm() ? 0 : plan.operations())) {
            plan.ran(batch(probe, (int) n));
            LockSupport.parkNanos(PARK_NS);
        }
        return plan;
    }

    private Measurement sample(Probe probe, int n) {
        double ns = batch(probe, n);
        double sample = probe.cell().kind().sample(probe.cell().size(), n, ns);
        double bytes = counter.isPresent() ? (double) batchBytes / n : Measurement.NOT_COUNTED;
        return new Measurement(probe.cell(), List.of(sample), bytes);
    }

    /// One batch; all ranks call it.
    ///
    /// @return how long it took here, in nanoseconds
    private double batch(Probe probe, int n) {
        if (probe.everyone()) {
            team.barrier();
        }
        long bytes = allocated();
        long begin = System.nanoTime();
        if (probe.everyone() || team.rank() == 0) {
            probe.kernel().run(n);
        }
        long ns = System.nanoTime() - begin;
        batchBytes = Math.max(0, allocated() - bytes - counterBytes);
        team.barrier();
        return ns;
    }

    private long allocated() {
        return counter.isPresent() ? counter.get().bytes() : 0;
    }
}
