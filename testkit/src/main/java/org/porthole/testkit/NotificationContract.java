package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.porthole.Access;
import org.porthole.CollectiveMismatchException;
import org.porthole.Job;
import org.porthole.JobTimeoutException;
import org.porthole.Notifications;
import org.porthole.Window;
import org.porthole.WindowSpec;
import org.porthole.config.CoreOptions;

/// Notified puts: who sees the counter sees the bytes, and who waits for a counter is woken.
public abstract class NotificationContract extends TransportContract {
    private static final int ROUNDS = 500;
    private static final int COUNT = 8;

    /// For transports.
    protected NotificationContract() {}

    private static Window openNotified(Job job, long byteSize) {
        return job.world().openWindow(WindowSpec.ofBytes(byteSize).withNotifications(COUNT));
    }

    @Test
    void shouldShowTheBytesOnceTheCounterIsRaised() {
        ranks(2, job -> {
            int other = 1 - job.rank();
            try (Window window = openNotified(job, 1 << 16);
                    Access access = window.lockAll()) {
                long[] ball = new long[512];
                for (long round = 1; round <= ROUNDS; round++) {
                    if (job.rank() == round % 2) {
                        Arrays.fill(ball, round);
                        access.putNotify(other, 8, MemorySegment.ofArray(ball), 3);
                        access.flushLocal(other);
                    } else {
                        assertThat(window.notifications().await(3, 1)).isEqualTo(1);
                        assertThat(window.notifications().reset(3)).isEqualTo(1);
                        access.get(job.rank(), 8, MemorySegment.ofArray(ball));
                        access.flushLocal(job.rank());
                        assertThat(ball).containsOnly(round);
                    }
                }
            }
        });
    }

    @Test
    void shouldCountWhatSeveralOriginsRaise() {
        ranks(4, job -> {
            try (Window window = openNotified(job, 64);
                    Access access = window.lockAll()) {
                if (job.rank() == 0) {
                    assertThat(window.notifications().await(COUNT - 1, 3L * ROUNDS * 2))
                            .isEqualTo(3L * ROUNDS * 2);
                    assertThat(window.notifications().get(0)).isZero();
                } else {
                    for (int i = 0; i < ROUNDS; i++) {
                        access.raise(0, COUNT - 1, 2);
                    }
                }
            }
        });
    }

    @Test
    void shouldFindAnyOfSeveral() {
        ranks(3, job -> {
            try (Window window = openNotified(job, 64);
                    Access access = window.lockAll()) {
                Notifications mine = window.notifications();
                if (job.rank() == 0) {
                    long[] seen = new long[COUNT];
                    for (int i = 0; i < 2 * ROUNDS; ) {
                        int id = mine.awaitAny(2, 4);
                        long value = mine.reset(id);
                        seen[id] += value;
                        i += (int) value;
                    }
                    assertThat(seen).containsExactly(0, 0, 0, ROUNDS, 0, ROUNDS, 0, 0);
                    assertThat(mine.testAny(2, 4)).isEqualTo(-1);
                } else {
                    for (int i = 0; i < ROUNDS; i++) {
                        access.raise(0, job.rank() == 1 ? 3 : 5, 1);
                    }
                }
            }
        });
    }

    /// Rank 1 raises only what rank 0 has asked for from its sleep: a wake-up that is lost is a deadline.
    @Test
    void shouldWakeSleepers() {
        ranks(2, configuration().with(CoreOptions.WAIT, "park"), job -> {
            int other = 1 - job.rank();
            try (Window window = openNotified(job, 64);
                    Access access = window.lockAll()) {
                for (int round = 0; round < ROUNDS; round++) {
                    if (job.rank() == round % 2) {
                        access.raise(other, round % COUNT, 1);
                    } else {
                        assertThat(window.notifications().awaitAny(0, COUNT)).isEqualTo(round % COUNT);
                        window.notifications().reset(round % COUNT);
                    }
                }
            }
        });
    }

    @Test
    void shouldNotifyOneself() {
        ranks(2, job -> {
            try (Window window = openNotified(job, 64);
                    Access access = window.lockAll()) {
                access.putNotify(job.rank(), 0, MemorySegment.ofArray(new long[] {5}), 0);
                assertThat(window.notifications().await(0, 1, job.rank())).isEqualTo(1);
                assertThat(access.getLong(job.rank(), 0)).isEqualTo(5);
            }
        });
    }

    @Test
    void shouldRefuseCountersThatAreNone() {
        ranks(2, job -> {
            try (Window window = openNotified(job, 64);
                    Window without = open(job, 64);
                    Access access = window.lockAll();
                    Access other = without.lockAll()) {
                Notifications mine = window.notifications();
                assertThat(mine.count()).isEqualTo(COUNT);
                assertThat(without.notifications().count()).isZero();
                for (int id : new int[] {-1, COUNT, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
                    assertThatThrownBy(() -> access.raise(0, id, 1)).isInstanceOf(IndexOutOfBoundsException.class);
                    assertThatThrownBy(() -> mine.get(id)).isInstanceOf(IndexOutOfBoundsException.class);
                    assertThatThrownBy(() -> mine.await(id, 1)).isInstanceOf(IndexOutOfBoundsException.class);
                    assertThatThrownBy(() -> mine.awaitAny(id, 1)).isInstanceOf(IndexOutOfBoundsException.class);
                }
                assertThatThrownBy(() -> mine.awaitAny(2, COUNT)).isInstanceOf(IndexOutOfBoundsException.class);
                assertThatThrownBy(() -> mine.testAny(2, 0)).isInstanceOf(IndexOutOfBoundsException.class);
                assertThatThrownBy(() -> other.raise(0, 0, 1))
                        .isInstanceOf(IndexOutOfBoundsException.class)
                        .hasMessageContaining("has 0");
                assertThatThrownBy(() -> access.putNotify(1, 60, MemorySegment.ofArray(new long[1]), 0))
                        .isInstanceOf(IndexOutOfBoundsException.class);
                assertThat(mine.get(0)).isZero();
            }
        });
    }

    @Test
    void shouldSayWhatIsWaitedFor() {
        CountDownLatch done = new CountDownLatch(1);
        ranks(2, configuration().with(CoreOptions.WAIT_DEADLINE, "200ms"), job -> {
            Window window = job.world()
                    .openWindow(WindowSpec.ofBytes(8).withNotifications(COUNT).named("mail"));
            if (job.rank() == 0) {
                assertThatThrownBy(() -> window.notifications().await(2, 5, 1))
                        .isInstanceOf(JobTimeoutException.class)
                        .hasMessageContaining("rank 0 waits for notification 2 of window \"mail\" from rank 1")
                        .hasMessageContaining("now 0, to reach 5");
                assertThatThrownBy(() -> window.notifications().awaitAny(1, 3))
                        .isInstanceOf(JobTimeoutException.class)
                        .hasMessageContaining("any of notifications 1 to 3 of window \"mail\" from any rank");
                done.countDown();
            } else {
                await(done);
            }
        });
    }

    @Test
    void shouldAgreeOnTheKindOfWindow() {
        var failure = failingRanks(
                2, job -> job.world().openWindow(WindowSpec.ofBytes(8).withNotifications(job.rank() + 1)));
        assertThat(failure)
                .hasCauseInstanceOf(CollectiveMismatchException.class)
                .cause()
                .hasMessageContaining("1 notifications")
                .hasMessageContaining("2 notifications");
    }
}
