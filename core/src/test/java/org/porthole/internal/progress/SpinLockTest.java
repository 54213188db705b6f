package org.porthole.internal.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class SpinLockTest {
    private final SpinLock lock = new SpinLock();
    private int count;

    @Test
    void shouldBeTakenOnceAtATime() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(Thread.ofPlatform().start(() -> count(10_000)));
            threads.add(Thread.ofVirtual().start(() -> count(10_000)));
        }
        for (Thread each : threads) {
            each.join();
        }
        assertThat(count).isEqualTo(80_000);
    }

    private void count(int times) {
        for (int i = 0; i < times; i++) {
            lock.lock();
            try {
                count++;
            } finally {
                lock.unlock();
            }
        }
    }

    @Test
    void shouldRefuseWhoTriesWhileItIsHeld() {
        assertThat(lock.tryLock()).isTrue();
        assertThat(lock.tryLock()).isFalse();
        lock.unlock();
        assertThat(lock.tryLock()).isTrue();
    }

    /// More virtual threads want it than there are carriers, and the one that has it needs one of them to give it back.
    @Test
    void shouldLetAHolderThatHasParkedGoOn() throws InterruptedException {
        int many = 4 * Runtime.getRuntime().availableProcessors();
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch wanted = new CountDownLatch(many);
        List<Thread> threads = new ArrayList<>();
        threads.add(Thread.startVirtualThread(() -> {
            lock.lock();
            held.countDown();
            while (wanted.getCount() > 0) {
                LockSupport.parkNanos(1_000_000);
            }
            LockSupport.parkNanos(1_000_000);
            lock.unlock();
        }));
        held.await();
        for (int i = 0; i < many; i++) {
            threads.add(Thread.startVirtualThread(() -> {
                wanted.countDown();
                count(1);
            }));
        }
        for (Thread each : threads) {
            assertThat(each.join(Duration.ofSeconds(30))).as("%s ended", each).isTrue();
        }
        assertThat(count).isEqualTo(many);
    }
}
