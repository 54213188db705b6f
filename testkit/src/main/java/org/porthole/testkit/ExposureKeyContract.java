package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.porthole.Access;
import org.porthole.AccessRefusedException;
import org.porthole.CollectiveMismatchException;
import org.porthole.DataType;
import org.porthole.Exposure;
import org.porthole.ExposurePolicy;
import org.porthole.ExposureSpec;
import org.porthole.Job;
import org.porthole.Lease;
import org.porthole.LocalRankException;
import org.porthole.LockKind;
import org.porthole.Operator;
import org.porthole.Right;
import org.porthole.Window;
import org.porthole.WindowSpec;
import org.porthole.config.Configuration;
import org.porthole.config.CoreOptions;
import org.porthole.spi.RemoteMemory;
import org.porthole.spi.Transport;
import org.porthole.testkit.TappedTransportProvider.Tap;

/// Windows with keys per exposure: honest ranks use them as others, and a target refuses a rank that goes past its own checks whatever no exposure allows.
public abstract class ExposureKeyContract extends TransportContract {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final int BYTES = 64;
    private static final int FROM = 16;
    private static final int TO = 32;
    private static final int LARGE = 4 << 20;

    /// For transports.
    protected ExposureKeyContract() {}

    private static Window keyed(Job job, long byteSize) {
        return job.world().openWindow(WindowSpec.ofBytes(byteSize).withKeysPerExposure());
    }

    private Configuration tapped() {
        try (Transport transport = SpiPair.open(SpiPair.provider(transport()), 0, configuration())) {
            Assumptions.assumeFalse(
                    transport.capabilities().loadStore(),
                    "peers map the memory: there is nobody at the target who could refuse");
        }
        return configuration()
                .with(CoreOptions.TRANSPORTS, TappedTransportProvider.NAME)
                .with(TappedTransportProvider.INNER, transport());
    }

    @Test
    void shouldGiveNoKeyOfThePartsWhenTheWindowOpens() {
        ranks(2, tapped(), job -> {
            int[] withKeys = registeredAndAttached(job, () -> open(job, BYTES));
            int[] without = registeredAndAttached(job, () -> keyed(job, BYTES));
            assertThat(without).containsExactly(withKeys[0] - 1, withKeys[1] - 1);
        });
    }

    private static int[] registeredAndAttached(Job job, Supplier<Window> opening) {
        if (job.rank() == 0) {
            TappedTransportProvider.forget();
        }
        job.world().barrier();
        try (Window window = opening.get()) {
            assertThat(window.isOpen()).isTrue();
            int[] counts = {
                TappedTransportProvider.registrations(job.rank()),
                TappedTransportProvider.taps(job.rank(), 1 - job.rank()).size()
            };
            job.world().barrier();
            return counts;
        }
    }

    @Test
    void shouldRefuseAtTheTargetWhatTheExposureDoesNotAllowAndAllAfterItsEnd() {
        ranks(2, tapped(), job -> {
            try (Window window = keyed(job, BYTES)) {
                if (job.rank() == 0) {
                    window.post(ExposureSpec.to(1).allowing(Right.WRITE).within(FROM, TO - FROM))
                            .close();
                    requireNothingElse(window);
                    job.world().barrier();
                    job.world().barrier();
                    requireNothingElse(window);
                    return;
                }
                TappedTransportProvider.forget();
                Tap tap;
                RemoteMemory remote;
                try (Access access = window.start(0)) {
                    tap = TappedTransportProvider.taps(1, 0).getLast();
                    remote = tap.endpoint().attach(tap.key());
                    assertThatThrownBy(() -> access.putLong(0, 0, 1)).isInstanceOf(AccessRefusedException.class);
                    for (long offset = 0; offset < BYTES; offset += Long.BYTES) {
                        long at = offset;
                        require(tap, at >= FROM && at < TO, () -> put(tap, remote, at));
                        require(
                                tap,
                                false,
                                () -> tap.endpoint()
                                        .get(remote, at, MemorySegment.ofArray(new long[1]), 0, Long.BYTES));
                        require(
                                tap,
                                false,
                                () -> tap.endpoint()
                                        .fetchAndOp(
                                                remote,
                                                at,
                                                DataType.LONG,
                                                Operator.SUM,
                                                1,
                                                MemorySegment.ofArray(new long[1])));
                    }
                }
                job.world().barrier();
                require(tap, false, () -> put(tap, remote, FROM));
                assertThat(catchThrowable(() -> tap.endpoint().attach(tap.key()).close()))
                        .isNotNull();
                job.world().barrier();
                remote.close();
            }
        });
    }

    private static void requireNothingElse(Window window) {
        MemorySegment part = window.local();
        for (long offset = 0; offset < BYTES; offset += Long.BYTES) {
            assertThat(part.get(LONG, offset))
                    .as("at offset " + offset)
                    .isEqualTo(offset >= FROM && offset < TO ? 7 : 0);
        }
    }

    private static void put(Tap tap, RemoteMemory remote, long offset) {
        tap.endpoint().put(remote, offset, MemorySegment.ofArray(new long[] {7}), 0, Long.BYTES);
    }

    private static void require(Tap tap, boolean allowed, Runnable operation) {
        Throwable thrown = catchThrowable(() -> {
            operation.run();
            tap.endpoint().flush();
        });
        if (allowed) {
            assertThat(thrown).isNull();
        } else {
            assertThat(thrown).isInstanceOf(AccessRefusedException.class);
        }
    }

    /// What is under way when an access ends is done before the keys die.
    @Test
    void shouldCarryOutAllThatIsAllowed() {
        ranks(3, job -> {
            try (Window window = keyed(job, LARGE);
                    Arena arena = Arena.ofShared()) {
                MemorySegment mine = arena.allocate(LARGE, Long.BYTES);
                for (int round = 1; round <= 20; round++) {
                    byte value = (byte) round;
                    if (job.rank() == 0) {
                        window.local().fill(value);
                        Exposure exposure = round % 4 == 0
                                ? window.post(1, 2)
                                : window.post(ExposureSpec.to(1)
                                        .allowing(Right.READ)
                                        .and(ExposureSpec.to(2)
                                                .allowing(Right.WRITE, Right.ATOMIC)
                                                .within(0, LARGE / 2)));
                        exposure.close();
                        assertThat(window.local().get(LONG, 8)).isEqualTo(-round);
                        window.local().fill((byte) 0);
                        continue;
                    }
                    try (Access access = window.start(0)) {
                        if (job.rank() == 1) {
                            access.get(0, LARGE / 2, mine.asSlice(LARGE / 2));
                        } else {
                            access.putLong(0, 8, -round - 1);
                            access.flush(0);
                            assertThat(access.fetchAdd(0, 8, 1)).isEqualTo(-round - 1);
                        }
                    }
                    if (job.rank() == 1) {
                        byte[] expected = new byte[LARGE / 2];
                        Arrays.fill(expected, value);
                        assertThat(mine.asSlice(LARGE / 2).mismatch(MemorySegment.ofArray(expected)))
                                .isEqualTo(-1);
                    }
                }
            }
        });
    }

    @Test
    void shouldGoTogetherWithAStagedPartAndWithLeases() {
        ranks(2, job -> {
            try (Window window = job.world()
                    .openWindow(WindowSpec.ofBytes(BYTES)
                            .withPolicy(ExposurePolicy.STAGED)
                            .withKeysPerExposure())) {
                for (int round = 1; round <= 5; round++) {
                    if (job.rank() == 0) {
                        window.local().set(LONG, 0, round);
                        window.stage();
                        window.post(ExposureSpec.to(1).allowing(Right.READ)).close();
                        Lease lease = window.expose(ExposureSpec.to(1).allowing(Right.WRITE), Duration.ofMinutes(1));
                        job.world().barrier();
                        job.world().barrier();
                        lease.close();
                        window.stage();
                        assertThat(window.local().get(LONG, 8)).isEqualTo(-round);
                        continue;
                    }
                    try (Access access = window.start(0)) {
                        assertThat(access.getLong(0, 0)).isEqualTo(round);
                    }
                    job.world().barrier();
                    try (Access access = window.access(0)) {
                        access.putLong(0, 8, -round);
                    }
                    job.world().barrier();
                }
            }
        });
    }

    @Test
    void shouldRefuseWhatExposesToAll() {
        ranks(2, job -> {
            int other = 1 - job.rank();
            try (Window window = keyed(job, BYTES)) {
                window.local().set(LONG, 0, 5);
                for (Runnable epoch : List.<Runnable>of(
                        window::fence,
                        window::lockAll,
                        () -> window.lock(other, LockKind.SHARED),
                        () -> window.exchange(other))) {
                    assertThatIllegalStateException()
                            .isThrownBy(epoch::run)
                            .withMessageContaining(window.name())
                            .withMessageContaining("rank " + job.rank())
                            .withMessageContaining("withKeysPerExposure()");
                }
                assertThat(window.local().get(LONG, 0)).isEqualTo(5);
                try (Access own = window.lock(job.rank(), LockKind.EXCLUSIVE)) {
                    assertThat(own.fetchAdd(job.rank(), 0, 1)).isEqualTo(5);
                }
                window.post().close();
            }
        });
    }

    @Test
    void shouldRefuseRequestsThatAreNone() {
        assertThatIllegalStateException().isThrownBy(() -> WindowSpec.dynamic().withKeysPerExposure());
        assertThatIllegalStateException()
                .isThrownBy(
                        () -> WindowSpec.over(Arena.ofAuto().allocate(BYTES, 8)).withKeysPerExposure());
        assertThatIllegalStateException()
                .isThrownBy(() -> WindowSpec.ofBytes(8).withAdapterAtomics().withKeysPerExposure());
        assertThatIllegalStateException()
                .isThrownBy(() -> WindowSpec.ofBytes(8).withKeysPerExposure().withAdapterAtomics());
        LocalRankException failure = failingRanks(2, job -> {
            WindowSpec spec = WindowSpec.ofBytes(BYTES);
            job.world()
                    .openWindow(job.rank() == 0 ? spec : spec.withKeysPerExposure())
                    .close();
        });
        assertThat(failure)
                .hasCauseInstanceOf(CollectiveMismatchException.class)
                .hasMessageContaining("keys per exposure");
    }
}
