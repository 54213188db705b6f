package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.porthole.Access;
import org.porthole.Epoch;
import org.porthole.Exposure;
import org.porthole.JobTimeoutException;
import org.porthole.LockKind;
import org.porthole.Window;
import org.porthole.config.CoreOptions;

/// Group epochs: post, start, complete and wait between named neighbours, and the exchange that is all four.
public abstract class GroupContract extends TransportContract {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final int ROUNDS = 200;

    /// For transports.
    protected GroupContract() {}

    @Test
    void shouldShowPutsOnceAllOriginsHaveCompleted() {
        ranks(3, job -> {
            try (Window window = open(job, 64)) {
                for (long round = 1; round <= ROUNDS; round++) {
                    if (job.rank() == 0) {
                        try (Exposure exposure = window.post(1, 2)) {
                            assertThat(exposure.isOpen()).isTrue();
                        }
                        assertThat(window.local().get(LONG, 8)).isEqualTo(round + 100);
                        assertThat(window.local().get(LONG, 16)).isEqualTo(round + 200);
                    } else {
                        try (Access access = window.start(0)) {
                            access.putLong(0, 8L * job.rank(), round + 100L * job.rank());
                        }
                    }
                }
            }
        });
    }

    @Test
    void shouldPassARingAlongWithExposureAndAccessAtOnce() {
        ranks(4, job -> {
            int right = (job.rank() + 1) % job.size();
            int left = (job.rank() + job.size() - 1) % job.size();
            try (Window window = open(job, 64)) {
                for (long round = 1; round <= ROUNDS; round++) {
                    Exposure exposure = window.post(left);
                    try (Access access = window.start(right)) {
                        access.put(right, 8, MemorySegment.ofArray(new long[] {round * 10 + job.rank()}));
                    }
                    while (!exposure.test()) {
                        Thread.onSpinWait();
                    }
                    assertThat(exposure.isOpen()).isFalse();
                    assertThat(exposure.test()).as("still").isTrue();
                    assertThat(window.local().get(LONG, 8)).isEqualTo(round * 10 + left);
                }
            }
        });
    }

    @Test
    void shouldExchangeWithNeighbours() {
        ranks(4, job -> {
            int right = (job.rank() + 1) % job.size();
            int left = (job.rank() + job.size() - 1) % job.size();
            try (Window window = open(job, 64)) {
                for (long round = 1; round <= ROUNDS; round++) {
                    try (Epoch epoch = window.exchange(left, right)) {
                        epoch.putLong(right, 0, round * 10 + job.rank());
                        epoch.putLong(left, 8, round * 10 + job.rank());
                        epoch.next();
                        assertThat(epoch.getLong(right, 0)).isEqualTo(round * 10 + job.rank());
                        assertThat(epoch.getLong(left, 8)).isEqualTo(round * 10 + job.rank());
                        epoch.next();
                        epoch.putLong(right, 16, -round);
                    }
                    assertThat(window.local().get(LONG, 0)).isEqualTo(round * 10 + left);
                    assertThat(window.local().get(LONG, 8)).isEqualTo(round * 10 + right);
                    assertThat(window.local().get(LONG, 16)).isEqualTo(-round);
                }
            }
        });
    }

    @Test
    void shouldReachTheOwnersPartAsAnyOther() {
        ranks(2, job -> {
            try (Window window = open(job, 64)) {
                window.local().set(LONG, 0, 7);
                Exposure exposure = window.post(job.rank());
                try (Access access = window.start(job.rank())) {
                    assertThat(access.getLong(job.rank(), 0)).isEqualTo(7);
                    access.putLong(job.rank(), 8, 9);
                }
                exposure.close();
                assertThat(window.local().get(LONG, 8)).isEqualTo(9);
            }
        });
    }

    @Test
    void shouldAllowEmptyGroups() {
        ranks(2, job -> {
            try (Window window = open(job, 64)) {
                Exposure exposure = window.post();
                window.start().close();
                assertThat(exposure.test()).isTrue();
                window.exchange().close();
            }
        });
    }

    @Test
    void shouldEndTheLocalViewAtAPostAndKeepItAtAStart() {
        ranks(2, job -> {
            try (Window window = open(job, 64)) {
                MemorySegment view = window.local();
                if (job.rank() == 0) {
                    try (Access access = window.start(1)) {
                        view.set(LONG, 0, 1);
                        access.putLong(1, 0, view.get(LONG, 0));
                    }
                } else {
                    try (Exposure exposure = window.post(0)) {
                        assertThatIllegalStateException().isThrownBy(() -> view.get(LONG, 0));
                        assertThat(exposure.isOpen()).isTrue();
                        assertThatIllegalStateException()
                                .isThrownBy(window::local)
                                .withMessageContaining("exposure");
                    }
                    assertThat(window.local().get(LONG, 0)).isEqualTo(1);
                }
            }
        });
    }

    @Test
    void shouldReachOnlyTheNamed() {
        ranks(3, job -> {
            try (Window window = open(job, 64)) {
                int other = 1 - job.rank();
                if (job.rank() < 2) {
                    try (Epoch epoch = window.exchange(other)) {
                        epoch.putLong(other, 0, 1);
                        assertThatIllegalStateException()
                                .isThrownBy(() -> epoch.putLong(2, 0, 1))
                                .withMessageContaining("rank 2 is not covered");
                        assertThatIllegalStateException().isThrownBy(() -> epoch.putLong(job.rank(), 0, 1));
                    }
                }
            }
        });
    }

    @Test
    void shouldRefuseGroupsThatAreNone() {
        ranks(2, job -> {
            try (Window window = open(job, 64)) {
                assertThatThrownBy(() -> window.post(2)).isInstanceOf(IndexOutOfBoundsException.class);
                assertThatThrownBy(() -> window.start(-1)).isInstanceOf(IndexOutOfBoundsException.class);
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> window.exchange(1, 1))
                        .withMessageContaining("rank 1 is named twice");
                window.fence().close();
            }
        });
    }

    @Test
    void shouldNotMixWithOtherEpochs() {
        ranks(2, job -> {
            int other = 1 - job.rank();
            try (Window window = open(job, 64)) {
                try (Epoch epoch = window.fence()) {
                    requireRefused("fence epoch", () -> window.post(other));
                    requireRefused("fence epoch", () -> window.start(other));
                    requireRefused("fence epoch", () -> window.exchange(other));
                    assertThat(epoch.isOpen()).isTrue();
                }
                try (Epoch epoch = window.exchange(other)) {
                    requireRefused("exchange", window::fence);
                    requireRefused("exchange", () -> window.lock(other, LockKind.SHARED));
                    requireRefused("exchange", window::lockAll);
                    requireRefused("exchange", window::local);
                    requireRefused("exchange", () -> window.post(other));
                    assertThat(epoch.isOpen()).isTrue();
                }
                Exposure exposure = window.post(other);
                requireRefused("exposure", () -> window.post(other));
                requireRefused("exposure", window::fence);
                requireRefused("exposure", () -> window.exchange(other));
                try (Access access = window.start(other)) {
                    requireRefused("access to a group", () -> window.start(other));
                    requireRefused("access to a group", window::lockAll);
                    assertThat(access.isOpen()).isTrue();
                }
                exposure.close();
                if (job.rank() == 0) {
                    try (Access lock = window.lock(1, LockKind.SHARED)) {
                        requireRefused("lock on rank 1", () -> window.post(other));
                        requireRefused("lock on rank 1", () -> window.start(other));
                        assertThat(lock.isOpen()).isTrue();
                    }
                }
            }
        });
    }

    private static void requireRefused(String because, ThrowingCallable call) {
        assertThatIllegalStateException().isThrownBy(call).withMessageContaining(because);
    }

    @Test
    void shouldKeepLocksOutWhileExposed() {
        for (LockKind kind : LockKind.values()) {
            CountDownLatch exposed = new CountDownLatch(1);
            CountDownLatch asking = new CountDownLatch(1);
            AtomicBoolean locked = new AtomicBoolean();
            ranks(3, job -> {
                try (Window window = open(job, 64)) {
                    if (job.rank() == 0) {
                        Exposure exposure = window.post(1);
                        exposed.countDown();
                        exposure.close();
                    } else if (job.rank() == 1) {
                        try (Access access = window.start(0)) {
                            await(asking);
                            putWhileNot(locked, access, 0);
                        }
                    } else {
                        await(exposed);
                        asking.countDown();
                        try (Access access = window.lock(0, kind)) {
                            locked.set(true);
                            assertThat(access.getLong(0, 0)).isEqualTo(ROUNDS);
                        }
                    }
                }
            });
        }
    }

    @Test
    void shouldExposeNothingThatIsLocked() {
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch posting = new CountDownLatch(1);
        AtomicBoolean posted = new AtomicBoolean();
        ranks(2, job -> {
            try (Window window = open(job, 64)) {
                if (job.rank() == 0) {
                    try (Access access = window.lockAll()) {
                        locked.countDown();
                        await(posting);
                        putWhileNot(posted, access, 1);
                    }
                    window.start(1).close();
                } else {
                    await(locked);
                    posting.countDown();
                    try (Exposure exposure = window.post(0)) {
                        posted.set(true);
                        assertThat(exposure.isOpen()).isTrue();
                    }
                    assertThat(window.local().get(LONG, 0)).isEqualTo(ROUNDS);
                }
            }
        });
    }

    private static void putWhileNot(AtomicBoolean letIn, Access access, int target) {
        for (long round = 1; round <= ROUNDS; round++) {
            access.putLong(target, 0, round);
            access.flush(target);
            assertThat(letIn).isFalse();
        }
    }

    @Test
    void shouldMeetEachPairsEpochsInTheirOrder() {
        CountDownLatch posted = new CountDownLatch(1);
        ranks(3, job -> {
            try (Window window = open(job, 64)) {
                if (job.rank() == 0) {
                    window.post(1).close();
                    window.post(2).close();
                    posted.countDown();
                    window.post(1, 2).close();
                    assertThat(window.local().get(LONG, 8)).isEqualTo(2);
                    assertThat(window.local().get(LONG, 16)).isEqualTo(2);
                } else {
                    for (long round = 1; round <= 2; round++) {
                        try (Access access = window.start(0)) {
                            access.putLong(0, 8L * job.rank(), round);
                        }
                        await(posted);
                    }
                }
            }
        });
    }

    @Test
    void shouldSayWhoDoesNotCome() {
        CountDownLatch done = new CountDownLatch(1);
        ranks(2, configuration().with(CoreOptions.WAIT_DEADLINE, "200ms"), job -> {
            Window window = open(job, 64);
            if (job.rank() == 0) {
                assertThatThrownBy(() -> window.start(1))
                        .isInstanceOf(JobTimeoutException.class)
                        .hasMessageContaining("rank 0 waits for rank(s) 1 to post");
                Exposure exposure = window.post(1);
                assertThatThrownBy(exposure::close)
                        .isInstanceOf(JobTimeoutException.class)
                        .hasMessageContaining("rank 0 waits for rank(s) 1 to complete");
                assertThat(exposure.isOpen()).isTrue();
                done.countDown();
            } else {
                await(done);
            }
        });
    }
}
