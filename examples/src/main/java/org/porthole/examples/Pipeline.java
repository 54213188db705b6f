package org.porthole.examples;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.porthole.Job;
import org.porthole.port.Message;
import org.porthole.port.Port;
import org.porthole.port.PortSpec;
import org.porthole.port.SendRight;

/// Blocks of numbers that go from rank to rank, each of which does its part: large memory is handed over out of line.
///
/// A message lends the block; the next rank fetches it into one of its own and so gives it back. A rank has a few blocks, and waits for one
/// that has come back before it takes the next in.
///
/// **Ports.** One queue per rank.
///
/// ```
/// porthole run -n 4 pipeline --blocks 200 --kib 1024
/// ```
public final class Pipeline {
    private static final String USAGE = """
            pipeline [options]: hands blocks of numbers from rank to rank
              --blocks N   how many (default 100)
              --kib N      how large they are, in KiB (default 256)
            """;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int OWN_BLOCKS = 4;

    private Pipeline() {}

    /// Joins the job and runs.
    ///
    /// @param args see the class
    public static void main(String[] args) {
        Example.start(
                USAGE,
                args,
                (job, arguments) -> run(
                        job,
                        arguments.integer("--blocks", 100, 1, 1_000_000),
                        arguments.integer("--kib", 256, 1, 1 << 20)));
    }

    static Result run(Job job, int blocks, int kib) {
        int rank = job.rank();
        boolean isLast = rank == job.size() - 1;
        long wrong = 0;
        long startNs;
        try (Arena arena = Arena.ofShared();
                Port in = job.openPort(PortSpec.queue().named("stage"))) {
            Queue<MemorySegment> free = new ConcurrentLinkedQueue<>();
            for (int i = 0; i < OWN_BLOCKS; i++) {
                free.add(arena.allocate(1024L * kib, Long.BYTES));
            }
            SendRight next = isLast ? null : job.lookup(rank + 1, "stage", PATIENCE);
            job.world().barrier();
            startNs = System.nanoTime();
            Message message = job.newMessage();
            for (int block = 0; block < blocks; block++) {
                MemorySegment mine = awaitFree(free);
                if (rank == 0) {
                    fill(mine, block);
                } else {
                    try (Message received = in.receive()) {
                        received.fetch(mine);
                    }
                    addOne(mine);
                }
                if (isLast) {
                    wrong += check(mine, block + rank);
                    free.add(mine);
                } else {
                    next.send(message.attach(mine, () -> free.add(mine)));
                }
            }
            job.world().barrier();
            if (next != null) {
                next.close();
            }
        }
        double seconds = Example.secondsSince(startNs);
        Example.verify(job, wrong == 0, wrong + " numbers are not what all ranks together should have made of them");
        return new Result(job.size(), blocks, kib, seconds);
    }

    @SuppressWarnings("ThreadPriorityCheck") // to the rank that still reads it
    private static MemorySegment awaitFree(Queue<MemorySegment> free) {
        MemorySegment block;
        while ((block = free.poll()) == null) {
            Thread.yield();
        }
        return block;
    }

    private static void fill(MemorySegment block, long value) {
        for (long i = 0; i < block.byteSize(); i += Long.BYTES) {
            block.set(ValueLayout.JAVA_LONG, i, value);
        }
    }

    private static void addOne(MemorySegment block) {
        for (long i = 0; i < block.byteSize(); i += Long.BYTES) {
            block.set(ValueLayout.JAVA_LONG, i, block.get(ValueLayout.JAVA_LONG, i) + 1);
        }
    }

    private static long check(MemorySegment block, long value) {
        long wrong = 0;
        for (long i = 0; i < block.byteSize(); i += Long.BYTES) {
            wrong += block.get(ValueLayout.JAVA_LONG, i) == value ? 0 : 1;
        }
        return wrong;
    }

    /// What is printed at the end.
    ///
    /// @param ranks   how many ranks took part
    /// @param blocks  how many blocks went through
    /// @param kib     how large they were
    /// @param seconds how long that took
    record Result(int ranks, int blocks, int kib, double seconds) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%s, %d blocks of %d KiB in %.3f s: %.2f GB/s through all",
                    Example.ranks(ranks),
                    blocks,
                    kib,
                    seconds,
                    1024.0 * kib * blocks / seconds / 1e9);
        }
    }
}
