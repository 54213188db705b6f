package org.porthole.cli.perf;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.porthole.Access;
import org.porthole.Epoch;
import org.porthole.Team;
import org.porthole.Window;

/// Runs every loop until the compilers have had time, with pauses in which they get the cores. All ranks do so together.
final class WarmUp {
    private static final List<Long> SIZES = List.of(8L, 1024L, 64L, 8192L);
    private static final int CALLS = 8;
    private static final int OPERATIONS = Slots.OUTSTANDING;
    private static final long PARK_NS = 1_000_000;

    private final Meter meter;
    private final Team team;
    private final Window window;
    private final Window bulk;
    private final MemorySegment plain;
    private final MemorySegment local;
    private final TurnCounter turns;

    /// Prepares.
    ///
    /// @param meter  lets the ranks agree
    /// @param team   the ranks
    /// @param window of [Slots#WINDOW] bytes on each rank
    /// @param bulk   as many for bulk atomics
    /// @param plain  as many bytes for plain copies; used on rank 0
    /// @param local  as many bytes here
    /// @param turns  counts for the window
    WarmUp(
            Meter meter,
            Team team,
            Window window,
            Window bulk,
            MemorySegment plain,
            MemorySegment local,
            TurnCounter turns) {
        this.meter = meter;
        this.team = team;
        this.window = window;
        this.bulk = bulk;
        this.plain = plain;
        this.local = local;
        this.turns = turns;
    }

    /// Collective. Runs all loops once, and again until the time is over on rank 0.
    ///
    /// @param ns how long
    void run(double ns) {
        repeat(meter, ns, pass -> {
            long size = SIZES.get(pass % SIZES.size());
            accesses(size);
            locks();
            collectives(size);
        });
    }

    /// Collective. The loops of ports.
    ///
    /// @param meter lets the ranks agree
    /// @param ports the loops
    /// @param ns    how long
    static void run(Meter meter, PortKernels ports, double ns) {
        repeat(meter, ns, pass -> ports.all().forEach(WarmUp::warm));
    }

    private static void repeat(Meter meter, double ns, IntConsumer all) {
        long begin = System.nanoTime();
        int pass = 0;
        do {
            all.accept(pass++);
            LockSupport.parkNanos(PARK_NS);
        } while (meter.agree(System.nanoTime() - begin < ns ? 1 : 0) > 0);
    }

    private void accesses(long size) {
        try (Access access = window.lockAll()) {
            if (team.rank() == 0) {
                new AccessKernels(access, 1, local, size).all().forEach(WarmUp::warm);
                new CopyKernels(plain, local, size).all().forEach(WarmUp::warm);
            }
            team.barrier();
            SeenKernels seen = new SeenKernels(access, team.rank(), local, turns);
            warm(seen.putSeen(size));
            warm(seen::line);
            team.barrier();
        }
        try (Access access = bulk.lockAll()) {
            if (team.rank() == 0) {
                warm(new AccumulateKernel(access, 1, local.asSlice(0, size)));
            }
        }
        warm(new GroupKernels(window, team.rank())::group);
    }

    private void locks() {
        if (team.rank() == 0) {
            new LockKernels(window, 1, local).all().forEach(WarmUp::warm);
        }
        team.barrier();
    }

    private void collectives(long size) {
        MemorySegment half = local.asSlice(0, size);
        MemorySegment otherHalf = local.asSlice(Slots.FOOTPRINT / 2, size);
        warm(TeamKernels.barrier(team));
        warm(TeamKernels.allreduce(team, half, otherHalf));
        try (Epoch epoch = window.fence()) {
            warm(TeamKernels.fence(epoch));
        }
    }

    private static void warm(Kernel kernel) {
        for (int call = 0; call < CALLS; call++) {
            kernel.run(OPERATIONS);
        }
    }
}
