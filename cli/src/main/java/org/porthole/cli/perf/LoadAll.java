package org.porthole.cli.perf;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.porthole.Job;
import org.porthole.Transports;
import org.porthole.Window;
import org.porthole.WindowSpec;
import org.porthole.config.Configuration;
import org.porthole.config.CoreOptions;

/// Runs every loop over every usable transport and over segments of several kinds, so that the call sites in the runtime have seen all types
/// before anything is measured.
final class LoadAll {
    private LoadAll() {}

    /// Runs a small job of two threads per transport.
    ///
    /// @param pace the warm-up's length, per transport
    /// @throws org.porthole.LocalRankException if one fails
    static void run(Pace pace) {
        Configuration configuration = Configuration.load();
        for (Transports.Status transport : Transports.statuses(configuration)) {
            if (transport.available()) {
                Configuration alone = configuration.with(CoreOptions.TRANSPORTS, transport.name());
                Job.runLocal(2, alone, job -> warmUp(job, pace));
            }
        }
    }

    private static void warmUp(Job job, Pace pace) {
        Meter meter = new Meter(job.world(), pace, Optional.empty());
        WindowSpec spec = WindowSpec.ofBytes(Slots.WINDOW).named("perf-load");
        int words = (int) (Slots.WINDOW / Long.BYTES);
        try (Arena arena = Arena.ofShared();
                Window window = job.world().openWindow(spec);
                Window plain = job.world().openWindow(spec.named("perf-load-copy"));
                Window bulk =
                        job.world().openWindow(spec.named("perf-load-bulk").withBulkAtomics())) {
            MemorySegment[] buffers = {
                MemorySegment.ofArray(new byte[(int) Slots.WINDOW]),
                arena.allocate(Slots.WINDOW, 4096),
                MemorySegment.ofArray(new long[words]),
                MemorySegment.ofArray(new double[words])
            };
            TurnCounter turns = new TurnCounter();
            for (MemorySegment local : buffers) {
                new WarmUp(meter, job.world(), window, bulk, plain.local(), local, turns)
                        .run(pace.warmUpNs() / buffers.length);
            }
        }
    }
}
