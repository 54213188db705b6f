package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.porthole.Access;
import org.porthole.DataType;
import org.porthole.Job;
import org.porthole.LockKind;
import org.porthole.Notifications;
import org.porthole.Operator;
import org.porthole.Request;
import org.porthole.Window;
import org.porthole.WindowSpec;

/// Many threads of many ranks on many windows at once: nobody's operation is lost, doubled, torn or seen by the wrong one.
public abstract class ConcurrencyContract extends TransportContract {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final int RANKS = 3;
    private static final int THREADS = 3;
    private static final int WINDOWS = 3;
    private static final int ROUNDS = 150;
    private static final long SEED = 1_961;

    private static final long COUNTER = 0;
    /// Eight doubles that everybody adds to.
    private static final long SUMS = 64;

    private static final int SUMS_BYTES = 64;
    /// A place of 256 bytes for each thread of each rank.
    private static final long PLACES = 128;

    private static final int PLACE_BYTES = 256;
    private static final long WINDOW_BYTES = PLACES + (long) RANKS * THREADS * PLACE_BYTES;

    /// For transports.
    protected ConcurrencyContract() {}

    @FunctionalInterface
    private interface ByThread {
        void run(int thread);
    }

    /// Runs a body in several threads, and fails as the first of them that did.
    private static void inThreads(ByThread body) throws Exception {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int thread = i;
            all.add(CompletableFuture.runAsync(
                    () -> body.run(thread), task -> Thread.ofPlatform().start(task)));
        }
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(MEETING_S, TimeUnit.SECONDS);
    }

    @Test
    void shouldKeepTheOperationsOfAllThreadsApart() {
        ranks(RANKS, job -> {
            List<Window> windows = new ArrayList<>();
            List<Access> accesses = new ArrayList<>();
            for (int i = 0; i < WINDOWS; i++) {
                WindowSpec spec = WindowSpec.ofBytes(WINDOW_BYTES).withNotifications(THREADS);
                windows.add(job.world().openWindow(i == 0 ? spec : spec.withBulkAtomics()));
                accesses.add(windows.get(i).lockAll());
            }
            inThreads(thread -> operate(job, accesses, thread));
            accesses.forEach(Access::close);
            for (Window window : windows) {
                window.expose();
            }
            job.world().barrier();
            long counted = 0;
            double added = 0;
            long notified = 0;
            for (Window window : windows) {
                counted += window.local().get(LONG, COUNTER);
                for (int i = 0; i < SUMS_BYTES; i += Double.BYTES) {
                    added += window.local().get(ValueLayout.JAVA_DOUBLE, SUMS + i);
                }
                Notifications notifications = window.notifications();
                for (int i = 0; i < THREADS; i++) {
                    notified += notifications.reset(i);
                }
            }
            long all = (long) RANKS * THREADS * ROUNDS;
            assertThat(job.world().allreduce(counted, Operator.SUM)).isEqualTo(all);
            assertThat(job.world().allreduce(added, Operator.SUM)).isEqualTo(8.0 * all);
            assertThat(job.world().allreduce(notified, Operator.SUM)).isEqualTo(all);
            windows.forEach(Window::close);
        });
    }

    private static void operate(Job job, List<Access> accesses, int thread) {
        SplittableRandom random = new SplittableRandom(SEED + job.rank() * 100L + thread);
        long place = PLACES + (long) (job.rank() * THREADS + thread) * PLACE_BYTES;
        MemorySegment ones = MemorySegment.ofArray(new double[] {1, 1, 1, 1, 1, 1, 1, 1});
        byte[] seen = new byte[PLACE_BYTES];
        for (int round = 0; round < ROUNDS; round++) {
            Access access = accesses.get(random.nextInt(WINDOWS));
            int target = random.nextInt(RANKS);
            byte[] bytes = randomBytes(PLACE_BYTES, random.nextLong());
            int length = 1 + random.nextInt(PLACE_BYTES);
            access.put(target, place, MemorySegment.ofArray(bytes).asSlice(0, length));
            long ticket = access.fetchAdd(target, COUNTER, 1);
            assertThat(ticket).isNotNegative();
            access.accumulate(target, SUMS, DataType.DOUBLE, Operator.SUM, ones);
            access.raise(target, thread, 1);
            access.flush(target);
            access.get(target, place, MemorySegment.ofArray(seen).asSlice(0, length));
            Request request = access.requestLocal(target);
            if (random.nextBoolean()) {
                request.await();
            } else {
                Request.awaitAll(request);
            }
            int differs = Arrays.mismatch(bytes, 0, length, seen, 0, length);
            assertThat(differs).as("seed %d, round %d", SEED, round).isEqualTo(-1);
        }
    }

    @Test
    void shouldLockEachItsOwnWindow() {
        ranks(RANKS, job -> {
            List<Window> windows = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                windows.add(open(job, 16));
            }
            inThreads(thread -> {
                Window window = windows.get(thread);
                SplittableRandom random = new SplittableRandom(SEED - job.rank() * 100L - thread);
                for (int round = 0; round < ROUNDS; round++) {
                    countUnderLock(window, round % RANKS, random.nextInt(4) == 0);
                }
            });
            job.world().barrier();
            for (Window window : windows) {
                long counted = window.local().get(LONG, 0);
                assertThat(window.local().get(LONG, 8)).isEqualTo(-counted);
                assertThat(counted).as("every rank's share of increments").isEqualTo(ROUNDS);
                window.close();
            }
        });
    }

    /// Two words that are each other's negative whenever nobody holds the exclusive lock.
    private static void countUnderLock(Window window, int target, boolean looksFirst) {
        if (looksFirst) {
            try (Access access = window.lock(target, LockKind.SHARED)) {
                assertThat(access.getLong(target, 0)).isEqualTo(-access.getLong(target, 8));
            }
        }
        try (Access access = window.lock(target, LockKind.EXCLUSIVE)) {
            long before = access.getLong(target, 0);
            access.putLong(target, 0, before + 1);
            access.putLong(target, 8, -before - 1);
        }
    }
}
