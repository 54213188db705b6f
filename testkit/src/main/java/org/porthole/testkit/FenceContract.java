package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.porthole.Access;
import org.porthole.Epoch;
import org.porthole.LockKind;
import org.porthole.Window;

/// Fence epochs: what was put is there when the fence says so, and nobody touches what is exposed.
public abstract class FenceContract extends TransportContract {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final int CHAIN = 100;

    /// For transports.
    protected FenceContract() {}

    @Test
    void shouldShowPutsToTheOwnerAfterTheEpoch() {
        ranks(4, job -> {
            int right = (job.rank() + 1) % job.size();
            int left = (job.rank() + job.size() - 1) % job.size();
            try (Window window = open(job, 64)) {
                for (long step = 1; step <= CHAIN; step++) {
                    try (Epoch epoch = window.fence()) {
                        epoch.putLong(right, 8, step * 10 + job.rank());
                        epoch.put(right, 16, MemorySegment.ofArray(new long[] {step}));
                    }
                    assertThat(window.local().get(LONG, 8)).isEqualTo(step * 10 + left);
                    assertThat(window.local().get(LONG, 16)).isEqualTo(step);
                }
            }
        });
    }

    @Test
    void shouldShowPutsToEveryRankAfterNext() {
        ranks(4, job -> {
            int right = (job.rank() + 1) % job.size();
            try (Window window = open(job, 64);
                    Epoch epoch = window.fence()) {
                for (long step = 1; step <= CHAIN; step++) {
                    epoch.putLong(right, step % 2 * 8, step * 10 + job.rank());
                    assertThat(epoch.next()).isSameAs(epoch);
                    for (int target = 0; target < job.size(); target++) {
                        int writer = (target + job.size() - 1) % job.size();
                        assertThat(epoch.getLong(target, step % 2 * 8)).isEqualTo(step * 10 + writer);
                    }
                }
            }
        });
    }

    @Test
    void shouldBringGetsHomeByTheEndOfTheEpoch() {
        ranks(3, job -> {
            try (Window window = open(job, 64)) {
                window.local().set(LONG, 0, job.rank() + 100L);
                long[] seen = new long[job.size()];
                try (Epoch epoch = window.fence()) {
                    for (int target = 0; target < job.size(); target++) {
                        epoch.get(target, 0, MemorySegment.ofArray(seen).asSlice(8L * target, 8));
                    }
                }
                assertThat(seen).containsExactly(100, 101, 102);
            }
        });
    }

    @Test
    void shouldStartZeroed() {
        ranks(2, job -> {
            try (Window window = open(job, 10_000)) {
                assertThat(window.local().toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
                assertThat(window.local().address() % 4096).isZero();
            }
        });
    }

    @Test
    void shouldEndTheLocalViewWhileExposed() {
        ranks(2, job -> {
            try (Window window = open(job, 64)) {
                MemorySegment view = window.local();
                assertThat(window.local()).as("while it lives").isSameAs(view);
                MemorySegment slice = view.asSlice(8, 8);
                view.set(LONG, 0, 5);
                try (Epoch epoch = window.fence()) {
                    requireDead(view);
                    requireDead(slice);
                    epoch.putLong(1 - job.rank(), 8, 6);
                    epoch.next();
                    requireDead(view);
                }
                requireDead(view);
                assertThat(window.local().get(LONG, 0)).isEqualTo(5);
                assertThat(window.local().get(LONG, 8)).isEqualTo(6);
            }
        });
    }

    private static void requireDead(MemorySegment view) {
        assertThatThrownBy(() -> view.get(LONG, 0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> view.set(LONG, 0, 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> view.copyFrom(MemorySegment.ofArray(new long[1])))
                .isInstanceOf(IllegalStateException.class);
        assertThat(view.scope().isAlive()).isFalse();
    }

    @Test
    void shouldRefuseWhatDoesNotMixWithAFence() {
        ranks(2, job -> {
            try (Window window = open(job, 64)) {
                try (Epoch epoch = window.fence()) {
                    requireRefused(window::local, "fence");
                    requireRefused(window::fence, "fence");
                    requireRefused(window::lockAll, "fence");
                    requireRefused(() -> window.lock(0, LockKind.SHARED), "fence");
                    requireRefused(() -> window.lock(job.rank(), LockKind.EXCLUSIVE), "fence");
                    assertThat(epoch.isOpen()).isTrue();
                    epoch.putLong(1 - job.rank(), 0, 1);
                }
                assertThat(window.local().get(LONG, 0)).isEqualTo(1);
            }
        });
    }

    @Test
    void shouldRefuseAFenceWhileALockIsHeld() {
        ranks(2, job -> {
            try (Window window = open(job, 64)) {
                try (Access one = window.lock(1 - job.rank(), LockKind.SHARED)) {
                    requireRefused(window::fence, "lock on rank " + (1 - job.rank()));
                    assertThat(one.isOpen()).isTrue();
                }
                try (Access all = window.lockAll()) {
                    requireRefused(window::fence, "lock on all ranks");
                    assertThat(all.isOpen()).isTrue();
                }
                try (Epoch epoch = window.fence()) {
                    assertThat(epoch.isOpen()).isTrue();
                }
            }
        });
    }

    private static void requireRefused(Runnable call, String reason) {
        assertThatThrownBy(call::run).isInstanceOf(IllegalStateException.class).hasMessageContaining(reason);
    }

    @Test
    void shouldRefuseOperationsAfterTheEpoch() {
        ranks(2, job -> {
            try (Window window = open(job, 64)) {
                Epoch epoch = window.fence();
                epoch.close();
                epoch.close();
                assertThat(epoch.isOpen()).isFalse();
                for (OneSided operation : OneSided.values()) {
                    requireRefused(() -> operation.perform(epoch, 1, 0), "fence");
                    requireRefused(() -> operation.perform(epoch, job.rank(), 0), "fence");
                }
                requireRefused(() -> epoch.flush(1), "fence");
                requireRefused(() -> epoch.flushLocal(1), "fence");
                requireRefused(epoch::flushAll, "fence");
                requireRefused(epoch::flushLocalAll, "fence");
                requireRefused(epoch::next, "fence");
                assertThat(window.local().toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
            }
        });
    }

    @Test
    void shouldGiveTheViewToOneThreadAlone() {
        ranks(2, job -> {
            try (Window window = open(job, 64)) {
                MemorySegment view = window.local();
                inOtherThread(() -> {
                    requireWrongThread(window::local);
                    requireWrongThread(window::expose);
                    requireWrongThread(window::fence);
                    requireWrongThread(window::lockAll);
                    requireWrongThread(() -> window.lock(0, LockKind.SHARED));
                    requireWrongThread(() -> view.get(LONG, 0));
                });
                assertThat(view.get(LONG, 0)).as("the view has survived").isZero();
                job.world().barrier();
            }
        });
    }

    @Test
    void shouldAnnounceNothingWhileAnotherThreadHoldsTheView() {
        ranks(2, job -> {
            CountDownLatch taken = new CountDownLatch(1);
            CountDownLatch refused = new CountDownLatch(1);
            try (Window window = open(job, 64)) {
                AtomicReference<Throwable> failure = new AtomicReference<>();
                Thread holder = Thread.ofPlatform()
                        .start(() -> failure.set(catchThrowable(() -> {
                            window.local().set(LONG, 0, 3);
                            taken.countDown();
                            await(refused);
                            window.expose();
                        })));
                await(taken);
                requireWrongThread(window::fence);
                refused.countDown();
                holder.join();
                assertThat(failure.get()).isNull();
                try (Epoch epoch = window.fence()) {
                    assertThat(epoch.getLong(1 - job.rank(), 0)).isEqualTo(3);
                }
            }
        });
    }

    private static void requireWrongThread(Runnable call) {
        assertThatThrownBy(call::run).isInstanceOf(WrongThreadException.class);
    }

    private static void inOtherThread(Runnable body) throws InterruptedException {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread other = Thread.ofPlatform().start(() -> failure.set(catchThrowable(body::run)));
        other.join();
        assertThat(failure.get()).isNull();
    }

    @Test
    void shouldLetAnyThreadOperateInTheEpoch() {
        ranks(2, job -> {
            try (Window window = open(job, 64)) {
                try (Epoch epoch = window.fence()) {
                    inOtherThread(() -> epoch.putLong(1 - job.rank(), 0, 9));
                    inOtherThread(() -> epoch.put(1 - job.rank(), 8, MemorySegment.ofArray(new long[] {10})));
                }
                assertThat(window.local().get(LONG, 0)).isEqualTo(9);
                assertThat(window.local().get(LONG, 8)).isEqualTo(10);
            }
        });
    }

    @Test
    void shouldWorkInAJobOfOne() {
        ranks(1, job -> {
            try (Window window = open(job, 64)) {
                try (Epoch epoch = window.fence()) {
                    epoch.putLong(0, 0, 4);
                    assertThat(epoch.next().getLong(0, 0)).isEqualTo(4);
                }
                assertThat(window.local().get(LONG, 0)).isEqualTo(4);
            }
        });
    }
}
