package org.porthole.internal.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.porthole.JobTimeoutException;
import org.porthole.PeerFailedException;
import org.porthole.config.Configuration;
import org.porthole.config.CoreOptions;
import org.porthole.config.WaitMode;

class WaiterTest {
    private static final Configuration DEFAULTS = Configuration.load(Map.of(), Map.of());
    private static final long SLICE_NS = Duration.ofMillis(50).toNanos();

    private static Waiter waiter(WaitMode mode, String deadline) {
        return new Waiter(DEFAULTS.with(CoreOptions.WAIT, mode.name()).with(CoreOptions.WAIT_DEADLINE, deadline), true);
    }

    private static CountedLooks never() {
        return new CountedLooks(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @EnumSource
    void shouldReturnAtOnceWhenReady(WaitMode mode) {
        CountedLooks awaited = new CountedLooks(0);

        waiter(mode, "1h").await(awaited);

        assertThat(awaited.looks).isOne();
        assertThat(awaited.parks + awaited.checks).isZero();
    }

    @ParameterizedTest
    @CsvSource({"ADAPTIVE, 2500", "SPIN, 100000", "YIELD, 100000", "PARK, 2"})
    void shouldReturnWhenReady(WaitMode mode, long looks) {
        CountedLooks awaited = new CountedLooks(looks);

        waiter(mode, "1h").await(awaited);

        assertThat(awaited.looks).isEqualTo(looks + 1);
    }

    @ParameterizedTest
    @EnumSource(names = {"SPIN", "YIELD"})
    void shouldNotParkWhenToldToStayAwake(WaitMode mode) {
        CountedLooks awaited = new CountedLooks(100_000);

        waiter(mode, "none").await(awaited);

        assertThat(awaited.parks).isZero();
        assertThat(awaited.checks).isPositive();
    }

    @Test
    void shouldParkAtOnceWhenToldTo() {
        CountedLooks awaited = new CountedLooks(10);

        waiter(WaitMode.PARK, "none").await(awaited);

        assertThat(awaited.parks).isBetween(8, 10);
        assertThat(awaited.checks).isGreaterThanOrEqualTo(awaited.parks);
        assertThat(awaited.longestPark).isEqualTo(SLICE_NS);
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void shouldParkAfterAWhile(boolean crowded) {
        CountedLooks awaited = new CountedLooks(5_000);

        new Waiter(DEFAULTS, crowded).await(awaited);

        assertThat(awaited.parks).isBetween(1, 4_000);
    }

    @Test
    void shouldNotParkBeyondTheDeadline() {
        CountedLooks awaited = new CountedLooks(3);

        waiter(WaitMode.PARK, "40ms").await(awaited);

        assertThat(awaited.longestPark).isBetween(1L, Duration.ofMillis(40).toNanos());
    }

    @ParameterizedTest
    @EnumSource
    void shouldGiveUpAtTheDeadline(WaitMode mode) {
        assertThatExceptionOfType(JobTimeoutException.class)
                .isThrownBy(() -> waiter(mode, "50ms").await(never()))
                .withMessageContainingAll("rank 0 waits in a test for rank 1", "porthole.wait.deadline");
    }

    @ParameterizedTest
    @EnumSource
    void shouldEndWhenAPeerHasGone(WaitMode mode) {
        CountedLooks awaited = never();
        awaited.failure.set(new PeerFailedException(1, "rank 1 is gone"));

        assertThatThrownBy(() -> waiter(mode, "1h").await(awaited)).isSameAs(awaited.failure.get());
    }

    @ParameterizedTest
    @EnumSource
    void shouldEndWhenInterrupted(WaitMode mode) {
        Thread.currentThread().interrupt();

        Throwable thrown = catchThrowable(() -> waiter(mode, "1h").await(never()));

        assertThat(Thread.interrupted()).as("the flag").isTrue();
        assertThat(thrown)
                .isInstanceOf(CancellationException.class)
                .hasMessageContaining("rank 0 waits in a test for rank 1");
    }

    @Test
    void shouldNotMindTheFlagWhenReady() {
        Thread.currentThread().interrupt();

        Throwable thrown = catchThrowable(() -> waiter(WaitMode.PARK, "1h").await(new CountedLooks(0)));

        assertThat(Thread.interrupted()).as("the flag").isTrue();
        assertThat(thrown).isNull();
    }

    @ParameterizedTest
    @EnumSource(names = {"ADAPTIVE", "PARK"})
    void shouldNotBlockVirtualThreads(WaitMode mode) throws InterruptedException {
        CountedLooks ready = new CountedLooks(2_050);
        CountedLooks never = never();
        AtomicReference<Throwable> thrown = new AtomicReference<>();

        Thread.ofVirtual()
                .start(() -> {
                    waiter(mode, "1h").await(ready);
                    thrown.set(catchThrowable(() -> waiter(mode, "50ms").await(never)));
                })
                .join();

        assertThat(thrown.get()).isInstanceOf(JobTimeoutException.class);
        assertThat(ready.parks + never.parks).isZero();
    }
}
