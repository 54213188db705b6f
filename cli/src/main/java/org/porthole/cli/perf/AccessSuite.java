package org.porthole.cli.perf;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.porthole.Access;
import org.porthole.Team;

/// The tests that run inside a shared lock on all ranks.
///
/// @param spec   what is to be measured
/// @param team   the ranks
/// @param meter  measures
/// @param report receives the measurements
/// @param access covers all ranks, on each rank
/// @param memory for plain copies; used on rank 0
/// @param local  [Slots#WINDOW] bytes here
/// @param turns  counts for the window
record AccessSuite(
        PerfSpec spec,
        Team team,
        Meter meter,
        Report report,
        Access access,
        MemorySegment memory,
        MemorySegment local,
        TurnCounter turns) {
    private static final int TARGET = 1;
    private static final long WORD = 8;

    /// Collective. Runs a test; does nothing for those that do not run inside a shared lock.
    ///
    /// @param workload the test
    void run(Workload workload) {
        SeenKernels seen = new SeenKernels(access, team.rank(), local, turns);
        AccessKernels word = kernels(WORD);
        switch (workload) {
            case LINE -> {
                Cell cell = Cell.of("L", "cache-line ping-pong, one way", WORD, Kind.ONE_WAY);
                measure(Probe.byAll(cell, seen::line));
            }
            case COLD -> report.add(List.of(new BusyTarget(team, spec.pace(), word).cold()));
            case BUSY -> report.add(new BusyTarget(team, spec.pace(), word).loop(meter));
            case PUT -> sizes(workload, "W1", "put+flush", AccessKernels::putFlush);
            case SEEN ->
                spec.sizes(workload)
                        .forEach(size -> measure(Probe.byAll(
                                Cell.of("W1", "put ping-pong, one way", size, Kind.ONE_WAY), seen.putSeen(size))));
            case GET -> sizes(workload, "W2", "get+flush", AccessKernels::getFlush);
            case PUT_BANDWIDTH -> spec.sizes(workload).forEach(this::putBandwidth);
            case PUT_RATE -> measure(Probe.byOrigin(Cell.of("W3", "put rate", WORD, Kind.RATE), word::putMany));
            case GET_BANDWIDTH -> spec.sizes(workload).forEach(this::getBandwidth);
            case GET_RATE -> measure(Probe.byOrigin(Cell.of("W4", "get rate", WORD, Kind.RATE), word::getMany));
            case FETCH_ADD -> measure(Probe.byOrigin(Cell.of("W5", "fetch_add", WORD, Kind.LATENCY), word::fetchAdd));
            case EXCHANGE -> measure(Probe.byOrigin(Cell.of("W5", "cas", WORD, Kind.LATENCY), word::exchange));
            default -> {} // it does not run inside a shared lock
        }
    }

    @FunctionalInterface
    private interface Loop {
        void run(AccessKernels kernels, int n);
    }

    private void sizes(Workload workload, String work, String operation, Loop loop) {
        for (long size : spec.sizes(workload)) {
            AccessKernels kernels = kernels(size);
            measure(Probe.byOrigin(Cell.of(work, operation, size, Kind.LATENCY), n -> loop.run(kernels, n)));
        }
    }

    private void putBandwidth(long size) {
        Cell copy = Cell.of("L", "copy, as put bw", size, Kind.BANDWIDTH);
        Cell put = Cell.of("W3", "put bw", size, Kind.BANDWIDTH).against(copy);
        measure(
                Probe.byOrigin(copy, new CopyKernels(memory, local, size)::asPut),
                Probe.byOrigin(put, kernels(size)::putMany));
    }

    private void getBandwidth(long size) {
        Cell copy = Cell.of("L", "copy, as get bw", size, Kind.BANDWIDTH);
        Cell get = Cell.of("W4", "get bw", size, Kind.BANDWIDTH).against(copy);
        measure(
                Probe.byOrigin(copy, new CopyKernels(memory, local, size)::asGet),
                Probe.byOrigin(get, kernels(size)::getMany));
    }

    private AccessKernels kernels(long size) {
        return new AccessKernels(access, TARGET, local, size);
    }

    private void measure(Probe... probes) {
        report.add(meter.measure(probes));
    }
}
