package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.foreign.ValueLayout;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.porthole.Access;
import org.porthole.Epoch;
import org.porthole.Job;
import org.porthole.JobTimeoutException;
import org.porthole.LocalRankException;
import org.porthole.LockKind;
import org.porthole.Operator;
import org.porthole.Window;
import org.porthole.config.Configuration;
import org.porthole.config.CoreOptions;
import org.porthole.config.WaitMode;

/// However a rank waits, it is woken when what it waits for has come. Sleeps are cut into slices, so that a lost wake-up only delays: the number
/// of rounds is such that many of them miss the deadline.
public abstract class WaitContract extends TransportContract {
    private static final int ROUNDS = 400;

    /// For transports.
    protected WaitContract() {}

    /// How often ranks wait for each other: fewer times where each takes long.
    ///
    /// @return some 400
    protected int rounds() {
        return ROUNDS;
    }

    private Configuration waiting(WaitMode mode) {
        return configuration().with(CoreOptions.WAIT, mode.name().toLowerCase(Locale.ROOT));
    }

    /// Every kind of wait, again and again.
    private static void waitForEachOther(Job job, int rounds) {
        try (Window window = open(job, 64)) {
            for (int round = 1; round <= rounds; round++) {
                job.world().barrier();
                assertThat(job.world().allreduce((long) round, Operator.SUM)).isEqualTo((long) round * job.size());
                try (Epoch epoch = window.fence()) {
                    epoch.putLong((job.rank() + 1) % job.size(), 8, round);
                    assertThat(epoch.next().getLong(job.rank(), 8)).isEqualTo(round);
                }
                try (Access access = window.lock(0, LockKind.EXCLUSIVE)) {
                    access.putLong(0, 16, access.getLong(0, 16) + 1);
                }
                assertThat(window.local().get(ValueLayout.JAVA_LONG, 8)).isEqualTo(round);
                window.expose();
                try (Access access = window.lockAll()) {
                    assertThat(access.getLong(job.rank(), 8)).isEqualTo(round);
                }
            }
            job.world().barrier();
            if (job.rank() == 0) {
                assertThat(window.local().get(ValueLayout.JAVA_LONG, 16)).isEqualTo((long) rounds * job.size());
            }
        }
    }

    @Test
    void shouldWakeWhoSleeps() {
        ranks(4, waiting(WaitMode.PARK), job -> waitForEachOther(job, rounds()));
    }

    @Test
    void shouldWaitByYielding() {
        ranks(4, waiting(WaitMode.YIELD), job -> waitForEachOther(job, rounds()));
    }

    @Test
    void shouldWaitBySpinning() {
        ranks(2, waiting(WaitMode.SPIN), job -> waitForEachOther(job, rounds() / 10));
    }

    @Test
    void shouldWaitAdaptively() {
        ranks(2, waiting(WaitMode.ADAPTIVE), job -> waitForEachOther(job, rounds()));
        ranks(12, waiting(WaitMode.ADAPTIVE), job -> waitForEachOther(job, rounds() / 10));
    }

    @Test
    void shouldWaitOnVirtualThreads() {
        ranks(3, waiting(WaitMode.PARK), job -> {
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Thread.ofVirtual()
                    .start(() -> failure.set(catchThrowable(() -> waitForEachOther(job, rounds() / 4))))
                    .join();
            assertThat(failure.get()).isNull();
        });
    }

    @Test
    void shouldEndWaitsThatAreInterrupted() throws InterruptedException {
        CountDownLatch waiting = new CountDownLatch(2);
        CountDownLatch never = new CountDownLatch(1);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        AtomicBoolean kept = new AtomicBoolean();
        Thread caller = Thread.ofPlatform().start(() -> {
            failure.set(failingRanks(2, waiting(WaitMode.PARK), job -> {
                waiting.countDown();
                if (job.rank() == 0) {
                    job.world().barrier();
                } else {
                    never.await();
                }
            }));
            kept.set(Thread.currentThread().isInterrupted());
        });
        await(waiting);
        caller.interrupt();
        caller.join();
        assertThat(failure.get())
                .isInstanceOf(LocalRankException.class)
                .cause()
                .isInstanceOfAny(CancellationException.class, InterruptedException.class);
        assertThat(kept).as("the caller is still interrupted").isTrue();
    }

    @Test
    void shouldSayThatTheOwnerHasItsViewWhenTheDeadlineHasPassed() {
        CountDownLatch gaveUp = new CountDownLatch(1);
        ranks(2, configuration().with(CoreOptions.WAIT_DEADLINE, "300ms"), job -> {
            Window window = open(job, 8);
            if (job.rank() == 1) {
                window.local().set(ValueLayout.JAVA_LONG, 0, 2);
            }
            job.world().barrier();
            if (job.rank() == 1) {
                await(gaveUp);
                window.expose();
            } else {
                assertThatThrownBy(() -> window.lock(1, LockKind.EXCLUSIVE))
                        .hasMessageContainingAll("rank 0 waits", "rank 1", "local view", "expose()");
                gaveUp.countDown();
            }
        });
    }

    @Test
    void shouldLeaveNothingOfALockThatWasGivenUp() {
        CountDownLatch done = new CountDownLatch(1);
        ranks(2, configuration().with(CoreOptions.WAIT_DEADLINE, "300ms"), job -> {
            Window window = open(job, 8);
            if (job.rank() == 0) {
                try (Access access = window.lock(0, LockKind.SHARED)) {
                    access.putLong(0, 0, 7);
                    job.world().barrier();
                    await(done);
                }
            } else {
                job.world().barrier();
                assertThatThrownBy(() -> window.lock(0, LockKind.EXCLUSIVE)).isInstanceOf(JobTimeoutException.class);
                try (Access access = window.lock(0, LockKind.SHARED)) {
                    assertThat(access.getLong(0, 0)).isEqualTo(7);
                }
                done.countDown();
            }
        });
    }

    @Test
    void shouldLeaveNothingOfALockThatWasInterrupted() {
        ranks(2, job -> {
            try (Window window = open(job, 8)) {
                for (LockKind kind : LockKind.values()) {
                    if (job.rank() == 0) {
                        lockInterrupted(window, kind);
                    }
                    job.world().barrier();
                    if (job.rank() == 1) {
                        window.lock(1, LockKind.EXCLUSIVE).close();
                    }
                    job.world().barrier();
                }
            }
        });
    }

    /// Where the target is reached by messages, they are waited for.
    private static void lockInterrupted(Window window, LockKind kind) {
        Thread.currentThread().interrupt();
        try (Access access = window.lock(1, kind)) {
            assertThat(access.isOpen()).isTrue();
        } catch (CancellationException e) {
            assertThat(e).hasMessageContaining("interrupted");
        }
        assertThat(Thread.interrupted()).isTrue();
    }
}
