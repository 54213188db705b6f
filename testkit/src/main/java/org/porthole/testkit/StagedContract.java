package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.porthole.Access;
import org.porthole.Epoch;
import org.porthole.Exposure;
import org.porthole.ExposurePolicy;
import org.porthole.Job;
import org.porthole.LockKind;
import org.porthole.Window;
import org.porthole.WindowSpec;

/// Staged windows: the owner always has memory of its own to write, and peers see all of what it has staged or nothing.
public abstract class StagedContract extends TransportContract {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final int BYTES = 32 << 10;
    private static final int ROUNDS = 60;

    /// For transports.
    protected StagedContract() {}

    private static Window openStaged(Job job, long byteSize) {
        return job.world().openWindow(WindowSpec.ofBytes(byteSize).withPolicy(ExposurePolicy.STAGED));
    }

    @Test
    void shouldShowPeersWhatWasStaged() {
        ranks(3, job -> {
            int right = (job.rank() + 1) % job.size();
            try (Window window = openStaged(job, 64)) {
                for (int round = 1; round <= ROUNDS; round++) {
                    window.local().set(LONG, 0, 1000L * round + job.rank());
                    try (Epoch epoch = window.fence()) {
                        assertThat(epoch.getLong(right, 0)).isEqualTo(round == 1 ? 0 : 1000L * (round - 1) + right);
                    }
                    window.stage();
                    try (Epoch epoch = window.fence()) {
                        assertThat(epoch.getLong(right, 0)).isEqualTo(1000L * round + right);
                        assertThat(epoch.getLong(job.rank(), 0)).isEqualTo(1000L * round + job.rank());
                    }
                }
            }
        });
    }

    @Test
    void shouldGiveTheOwnerWhatPeersHavePut() {
        ranks(2, job -> {
            int other = 1 - job.rank();
            try (Window window = openStaged(job, 64)) {
                for (int round = 1; round <= ROUNDS; round++) {
                    try (Epoch epoch = window.fence()) {
                        epoch.putLong(other, 8, round);
                    }
                    window.stage();
                    assertThat(window.local().get(LONG, 8)).isEqualTo(round);
                }
            }
        });
    }

    @Test
    void shouldLetTheOwnerWriteWhilePeersReach() {
        ranks(2, job -> {
            int other = 1 - job.rank();
            try (Window window = openStaged(job, 64)) {
                MemorySegment view = window.local();
                try (Epoch epoch = window.fence()) {
                    view.set(LONG, 0, 7);
                    assertThat(window.local()).isEqualTo(view);
                    epoch.putLong(other, 0, 1);
                    epoch.next();
                    assertThat(view.get(LONG, 0)).isEqualTo(7);
                    assertThatIllegalStateException().isThrownBy(window::stage).withMessageContaining("fence epoch");
                }
                window.expose();
                try (Access access = window.lock(other, LockKind.SHARED)) {
                    assertThat(access.getLong(other, 0)).isEqualTo(1);
                    view.set(LONG, 8, 9);
                }
                job.world().barrier();
                window.stage();
                assertThatIllegalStateException().isThrownBy(() -> view.get(LONG, 0));
                assertThat(window.local().get(LONG, 0)).isEqualTo(1);
                job.world().barrier();
                try (Access access = window.lockAll()) {
                    assertThat(access.getLong(other, 0)).isEqualTo(7);
                    assertThat(access.getLong(other, 8)).isEqualTo(9);
                }
            }
        });
    }

    /// Stages once for each round of the others: there is no queue at a lock, and an owner that takes it again and again would keep them out.
    private static void stageAlong(AtomicInteger rounds, int most, java.util.function.IntConsumer stage) {
        long begin = System.nanoTime();
        for (int round = 1; rounds.get() < most; round++) {
            stage.accept(round);
            for (int before = rounds.get(); rounds.get() == before && before < most; ) {
                assertThat(System.nanoTime() - begin).as("nanoseconds spent").isLessThan(MEETING_S * 1_000_000_000L);
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void shouldShowAllOfTheOldOrAllOfTheNew() {
        AtomicInteger rounds = new AtomicInteger();
        ranks(3, job -> {
            try (Window window = openStaged(job, BYTES)) {
                job.world().barrier();
                if (job.rank() == 0) {
                    stageAlong(rounds, 2 * ROUNDS, round -> {
                        window.local().fill((byte) round);
                        window.stage();
                    });
                    return;
                }
                MemorySegment got = MemorySegment.ofArray(new byte[BYTES]);
                for (int round = 0; round < ROUNDS; round++) {
                    try (Access access = window.lock(0, LockKind.SHARED)) {
                        access.get(0, 0, got);
                    } finally {
                        rounds.incrementAndGet();
                    }
                    byte first = got.get(ValueLayout.JAVA_BYTE, 0);
                    assertThat(got.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(filled(BYTES, first));
                }
            }
        });
    }

    @Test
    void shouldLoseNoAdditionOfPeers() {
        AtomicInteger rounds = new AtomicInteger();
        ranks(3, job -> {
            try (Window window = openStaged(job, 64)) {
                job.world().barrier();
                if (job.rank() == 0) {
                    long[] sum = new long[1];
                    stageAlong(rounds, 2 * ROUNDS, round -> collect(window, sum));
                    job.world().barrier();
                    collect(window, sum);
                    collect(window, sum);
                    assertThat(sum[0]).isEqualTo(2L * ROUNDS);
                    return;
                }
                for (int round = 0; round < ROUNDS; round++) {
                    try (Access access = window.lock(0, LockKind.SHARED)) {
                        long ignored = access.fetchAdd(0, 16, 1);
                    } finally {
                        rounds.incrementAndGet();
                    }
                }
                job.world().barrier();
            }
        });
    }

    /// Exposes a counter of zero, and adds up what peers have added to the one before.
    private static void collect(Window window, long... sum) {
        window.local().set(LONG, 16, 0);
        window.stage();
        sum[0] += window.local().get(LONG, 16);
    }

    @Test
    void shouldGoOnFromWhatIsExposedIfAskedTo() {
        ranks(2, job -> {
            int other = 1 - job.rank();
            try (Window window = openStaged(job, 64)) {
                window.local().set(LONG, 0, 5);
                window.stage(true);
                assertThat(window.local().get(LONG, 0)).isEqualTo(5);
                window.local().set(LONG, 8, 6);
                window.stage(true);
                job.world().barrier();
                try (Access access = window.lockAll()) {
                    assertThat(access.getLong(other, 0)).isEqualTo(5);
                    assertThat(access.getLong(other, 8)).isEqualTo(6);
                }
            }
        });
    }

    @Test
    void shouldStageBetweenGroupEpochs() {
        ranks(2, job -> {
            try (Window window = openStaged(job, 64)) {
                for (int round = 1; round <= ROUNDS; round++) {
                    if (job.rank() == 0) {
                        window.local().set(LONG, 0, round);
                        window.stage();
                        Exposure exposure = window.post(1);
                        assertThatIllegalStateException()
                                .isThrownBy(window::stage)
                                .withMessageContaining("exposure");
                        window.local().set(LONG, 0, -1);
                        exposure.close();
                    } else {
                        try (Access access = window.start(0)) {
                            assertThat(access.getLong(0, 0)).isEqualTo(round);
                            access.putLong(0, 8, round);
                        }
                    }
                }
            }
        });
    }

    @Test
    void shouldCarryOutAccumulatesForBulkAtomicsOnWhatIsExposed() {
        ranks(2, job -> {
            WindowSpec spec =
                    WindowSpec.ofBytes(64).withPolicy(ExposurePolicy.STAGED).withBulkAtomics();
            try (Window window = job.world().openWindow(spec)) {
                for (int round = 0; round < 4; round++) {
                    try (Access access = window.lockAll()) {
                        long ignored = access.fetchAdd(1 - job.rank(), 0, 1);
                    }
                    job.world().barrier();
                    window.stage();
                    assertThat(window.local().get(LONG, 0)).isEqualTo(1 + round / 2);
                    job.world().barrier();
                }
            }
        });
    }

    @Test
    void shouldStageStagedWindowsOnly() {
        ranks(2, job -> {
            try (Window window = open(job, 64)) {
                assertThatIllegalStateException()
                        .isThrownBy(window::stage)
                        .withMessageContaining("DONT_TOUCH")
                        .withMessageContaining("STAGED");
            }
            try (Window window = openStaged(job, 0)) {
                window.stage(true);
                assertThat(window.local().byteSize()).isZero();
            }
        });
    }
}
