package org.porthole.cli.perf;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import org.porthole.Access;
import org.porthole.Epoch;
import org.porthole.Job;
import org.porthole.Team;
import org.porthole.Window;
import org.porthole.WindowSpec;

/// One rank's part in the measurements. All ranks do the same; rank 0 keeps the time and reports.
final class Session {
    private static final int PAGE = 4096;

    private final Job job;
    private final Team team;
    private final PerfSpec spec;
    private final Meter meter;
    private final Report report;
    private final TurnCounter turns = new TurnCounter();

    Session(Job job, PerfSpec spec) {
        this.spec = spec;
        this.job = job;
        team = job.world();
        meter = new Meter(
                team, spec.pace(), spec.isAlloc() ? Optional.of(AllocationCounter.ofThread()) : Optional.empty());
        report = team.rank() == 0 ? Report.of(spec, job.routes().get(1).transport(), System.out) : Report.none();
    }

    /// Collective. Measures everything.
    void run() {
        boolean isFirst = team.rank() == 0;
        try (Arena arena = Arena.ofConfined();
                Window window = team.openWindow(WindowSpec.ofBytes(Slots.WINDOW).named("perf"));
                Window plain = team.openWindow(
                        WindowSpec.ofBytes(isFirst ? Slots.WINDOW : 0).named("perf-copy"));
                Window bulk = team.openWindow(
                        WindowSpec.ofBytes(Slots.WINDOW).named("perf-bulk").withBulkAtomics())) {
            MemorySegment local = arena.allocate(Slots.WINDOW, PAGE);
            MemorySegment memory = plain.local();
            report.begin();
            new ByteCheck(team, window, local).run();
            new WarmUp(meter, team, window, bulk, memory, local, turns)
                    .run(spec.pace().warmUpNs());
            for (int round = 1; round <= spec.rounds(); round++) {
                report.beginRound(round);
                round(window, bulk, memory, local);
            }
            report.end();
        }
    }

    private void round(Window window, Window bulk, MemorySegment memory, MemorySegment local) {
        accesses(spec.workloads(), window, memory, local);
        team.barrier();
        LockKernels locks = new LockKernels(window, 1, local);
        for (Workload workload : spec.workloads()) {
            switch (workload) {
                case ACCUMULATE -> accumulate(bulk, local);
                case LOCK -> origin("lock+unlock", 0, locks::lockUnlock);
                case LOCK_PUT -> origin("lock+put8+unlock", 8, locks::lockPutUnlock);
                case GROUP -> {
                    Cell cell = Cell.of("W6", "pscw", 0, Kind.LATENCY);
                    report.add(meter.measure(Probe.byAll(cell, new GroupKernels(window, team.rank())::group)));
                }
                case BARRIER -> everyone("barrier", 0, TeamKernels.barrier(team));
                case ALLREDUCE -> spec.sizes(workload).forEach(this::allreduce);
                case FENCE -> fence(window);
                default -> {}
            }
        }
        ports();
        if (spec.workloads().contains(Workload.LINE)) {
            accesses(List.of(Workload.LINE), window, memory, local);
        }
    }

    private void accesses(List<Workload> workloads, Window window, MemorySegment memory, MemorySegment local) {
        try (Access access = window.lockAll()) {
            AccessSuite suite = new AccessSuite(spec, team, meter, report, access, memory, local, turns);
            workloads.forEach(suite::run);
        }
    }

    private void accumulate(Window bulk, MemorySegment local) {
        try (Access access = bulk.lockAll()) {
            for (long size : spec.sizes(Workload.ACCUMULATE)) {
                Cell cell = Cell.of("W5", "acc double", size, Kind.LATENCY);
                report.add(
                        meter.measure(Probe.byOrigin(cell, new AccumulateKernel(access, 1, local.asSlice(0, size)))));
            }
        }
    }

    private void allreduce(long size) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment source = arena.allocate(size, PAGE);
            MemorySegment destination = arena.allocate(size, PAGE);
            everyone("allreduce", size, TeamKernels.allreduce(team, source, destination));
        }
    }

    private void fence(Window window) {
        try (Epoch epoch = window.fence()) {
            everyone("fence", 0, TeamKernels.fence(epoch));
        }
    }

    private void ports() {
        if (spec.workloads().stream().noneMatch(each -> each.word().startsWith("port"))) {
            return;
        }
        try (PortKernels kernels = new PortKernels(job)) {
            WarmUp.run(meter, kernels, spec.pace().warmUpNs());
            for (Workload workload : spec.workloads()) {
                switch (workload) {
                    case PORT_OWN ->
                        report.add(meter.measure(Probe.byOrigin(
                                Cell.of("W7", "port call, own process", 8, Kind.LATENCY), kernels::callOwn)));
                    case PORT_CALL ->
                        spec.sizes(workload)
                                .forEach(size -> report.add(meter.measure(Probe.byOrigin(
                                        Cell.of("W7", "port call", size, Kind.LATENCY), kernels.call(size)))));
                    case PORT ->
                        spec.sizes(workload)
                                .forEach(size -> report.add(meter.measure(Probe.byAll(
                                        Cell.of("W7", "port pingpong", size, Kind.ONE_WAY), kernels.pingPong(size)))));
                    case PORT_RATE ->
                        report.add(
                                meter.measure(Probe.byAll(Cell.of("W7", "port rate", 8, Kind.RATE), kernels::stream)));
                    case PORT_FAN_IN ->
                        report.add(meter.measure(Probe.byAll(
                                Cell.of("W7", "port fan-in x" + (team.size() - 1), 8, Kind.RATE), kernels::fanIn)));
                    default -> {}
                }
            }
            team.barrier();
        }
    }

    private void origin(String operation, long size, Kernel kernel) {
        Cell cell = Cell.of("W6", operation, size, Kind.LATENCY);
        report.add(meter.measure(Probe.byOrigin(cell, kernel)));
    }

    private void everyone(String operation, long size, Kernel kernel) {
        Cell cell = Cell.of("W6", operation + " x" + team.size(), size, Kind.LATENCY);
        report.add(meter.measure(Probe.byAll(cell, kernel)));
    }
}
