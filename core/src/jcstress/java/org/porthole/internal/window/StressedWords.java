package org.porthole.internal.window;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.porthole.config.Configuration;
import org.porthole.config.CoreOptions;
import org.porthole.internal.local.InProcessTransportProvider;
import org.porthole.internal.progress.Membership;
import org.porthole.internal.progress.Waiter;
import org.porthole.internal.route.Target;
import org.porthole.spi.Memory;

/// Control memory for each state of a stress test, cut out of one that lives as long as the JVM: states are made by the million.
final class StressedWords {
    static final int RANKS = 2;
    private static final Configuration NO_SETTINGS = Configuration.load(Map.of(), Map.of());
    static final WindowDescriptor DESCRIPTOR = new WindowDescriptor(RANKS, 1, false, false);
    static final Membership ALL_THERE = new Membership(RANKS);
    /// Spins, then yields.
    static final Waiter BUSY = new Waiter(NO_SETTINGS, false);
    /// Sleeps at once.
    static final Waiter SLEEPY = new Waiter(NO_SETTINGS.with(CoreOptions.WAIT, "park"), false);

    private static final int STATES = 1 << 16;
    private static final long SIZE = (DESCRIPTOR.byteSize() + 127) & -128;
    private static final Memory ALL =
            new InProcessTransportProvider().open(null).allocate(STATES * SIZE, "stressed words");
    private static final AtomicLong NEXT = new AtomicLong();

    private StressedWords() {}

    /// Memory that no state of the last 65,535 has.
    static Memory fresh() {
        long begin = NEXT.getAndIncrement() % STATES * SIZE;
        MemorySegment segment = ALL.segment().asSlice(begin, SIZE).fill((byte) 0);
        return new Part(segment, begin);
    }

    static TargetLock lock(Memory memory, int rank, Waiter waiter) {
        return new TargetLock(0, rank, RANKS, "stressed", Target.own(memory, SIZE), ALL_THERE, waiter);
    }

    private record Part(MemorySegment segment, long begin) implements Memory {
        @Override
        public void park(long offset, int expected, long timeoutNs) {
            ALL.park(begin + offset, expected, timeoutNs);
        }

        @Override
        public boolean isParkFencing() {
            return ALL.isParkFencing();
        }

        @Override
        public void unpark(long offset) {
            ALL.unpark(begin + offset);
        }

        @Override
        public void close() {}
    }
}
