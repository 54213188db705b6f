package org.porthole.system;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicBoolean;
import org.porthole.Access;
import org.porthole.Epoch;
import org.porthole.Job;
import org.porthole.Operator;
import org.porthole.PeerFailedException;
import org.porthole.PortholeException;
import org.porthole.Window;
import org.porthole.WindowSpec;

/// A rank of a job over several hosts. The first word says what to do.
final class HostsProgram {
    private static final int ROUNDS = 300;
    private static final long WORD = 64;
    /// A word for each rank.
    private static final long ADDED = 128;

    private static final long PUT = 192;

    private HostsProgram() {}

    public static void main(String[] words) throws IOException {
        Job job = Job.join();
        Window window = job.world().openWindow(WindowSpec.ofBytes(256));
        try {
            job.routes().forEach(route -> System.out.println(route.peer() + " by " + route.transport()));
            switch (words[0]) {
                case "count" -> count(job, window);
                case "wait" -> awaitVictim(job);
                case "work" -> work(job, window);
                case "toll" -> toll(job, window);
                default -> throw new IllegalArgumentException(words[0]);
            }
            System.out.println("done");
        } catch (PeerFailedException e) {
            System.out.println("failed " + e.rank() + ": " + e.getMessage());
        }
        closeQuietly(window);
        closeQuietly(job);
    }

    /// Every rank adds to one word of rank 0, and to one of each rank, in all the ways there are.
    private static void count(Job job, Window window) {
        try (Access access = window.lockAll()) {
            for (int i = 0; i < ROUNDS; i++) {
                access.fetchAdd(0, WORD, 1);
                access.fetchAndOp(i % job.size(), 8, Operator.SUM, 1);
                long seen = access.getLong(0, 16);
                for (long before = access.compareAndExchange(0, 16, seen, seen + 1);
                        before != seen;
                        before = access.compareAndExchange(0, 16, seen, seen + 1)) {
                    seen = before;
                }
            }
        }
        try (Epoch epoch = window.fence()) {
            epoch.putLong((job.rank() + 1) % job.size(), 24, job.rank());
        }
        long total = (long) ROUNDS * job.size();
        if (job.rank() == 0) {
            require(total, window.local().get(ValueLayout.JAVA_LONG, WORD));
            require(total, window.local().get(ValueLayout.JAVA_LONG, 16));
        }
        require(ROUNDS, window.local().get(ValueLayout.JAVA_INT, 8));
        require((job.rank() + job.size() - 1) % job.size(), window.local().get(ValueLayout.JAVA_LONG, 24));
        require(total, job.world().allreduce(ROUNDS, Operator.SUM));
    }

    private static void require(long expected, long found) {
        if (expected != found) {
            throw new AssertionError("found " + found + " instead of " + expected);
        }
    }

    /// The ranks of the last host come to the second barrier when their standard input ends.
    private static void awaitVictim(Job job) throws IOException {
        job.world().barrier();
        System.out.println("ready");
        if (job.rank() >= job.size() - 2) {
            System.in.transferTo(OutputStream.nullOutputStream());
        }
        job.world().barrier();
    }

    private static void work(Job job, Window window) {
        try (Access access = window.lockAll()) {
            System.out.println("ready");
            for (int target = 0; ; target = (target + 1) % job.size()) {
                access.fetchAdd(target, WORD, 1);
            }
        }
    }

    /// Every rank adds to a word of every rank until its standard input ends; then all additions must have been made, each once.
    private static void toll(Job job, Window window) {
        AtomicBoolean told = new AtomicBoolean();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                System.in.transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                System.out.println("standard input: " + e.getMessage());
            }
            told.set(true);
        });
        long[] expected = new long[job.size()];
        try (Access access = window.lockAll()) {
            System.out.println("ready");
            for (int target = 0; !told.get(); target = (target + 1) % job.size()) {
                long before = access.fetchAdd(target, ADDED + (long) job.rank() * Long.BYTES, 1);
                require(expected[target], before);
                expected[target]++;
                access.putLong(target, PUT + (long) job.rank() * Long.BYTES, expected[target]);
                access.flush(target);
            }
        }
        MemorySegment all = MemorySegment.ofArray(new long[job.size()]);
        job.world().alltoall(MemorySegment.ofArray(expected), all);
        for (int rank = 0; rank < job.size(); rank++) {
            long added = all.getAtIndex(ValueLayout.JAVA_LONG, rank);
            require(added, window.local().get(ValueLayout.JAVA_LONG, ADDED + (long) rank * Long.BYTES));
            require(added, window.local().get(ValueLayout.JAVA_LONG, PUT + (long) rank * Long.BYTES));
        }
    }

    private static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (PortholeException e) {
            System.out.println("closing: " + e.getMessage());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
