package org.porthole.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A sleeper that were not woken would sleep for an hour: the test's deadline finds it.
class ParkingLotTest {
    private static final long HOUR_NS = Duration.ofHours(1).toNanos();
    private static final long WORD = 8;
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    private final Arena arena = Arena.ofShared();
    private final MemorySegment segment = arena.allocate(64, 8);
    private final ParkingLot parking = new ParkingLot();

    @AfterEach
    void free() {
        arena.close();
    }

    private void awaitChange() {
        while ((int) INT.getVolatile(segment, WORD) == 0) {
            parking.park(segment, WORD, 0, HOUR_NS);
        }
    }

    private void change() {
        INT.setVolatile(segment, WORD, 1);
        parking.unpark(segment, WORD);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldReturnWhenUnparked(boolean virtual) throws InterruptedException {
        List<Thread> sleepers = IntStream.range(0, 3)
                .mapToObj(i -> (virtual ? Thread.ofVirtual() : Thread.ofPlatform()).start(this::awaitChange))
                .toList();
        Thread first = sleepers.getFirst();
        while (first.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }

        change();

        for (Thread sleeper : sleepers) {
            sleeper.join();
        }
        assertThat(sleepers).noneMatch(Thread::isAlive);
    }

    @Test
    void shouldNotSleepOnAnotherValue() {
        INT.setVolatile(segment, WORD, 7);

        parking.park(segment, WORD, 0, HOUR_NS);

        assertThat((int) INT.getVolatile(segment, WORD)).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 1, 1_000_000})
    void shouldReturnInTime(long timeoutNs) {
        parking.park(segment, WORD, 0, timeoutNs);

        assertThat((int) INT.getVolatile(segment, WORD)).isZero();
    }

    @Test
    void shouldReturnWhenInterrupted() {
        Thread.currentThread().interrupt();

        parking.park(segment, WORD, 0, HOUR_NS);

        assertThat(Thread.interrupted()).as("the flag").isTrue();
    }

    @Test
    void shouldNotMindWakingNobody() {
        for (long offset = 0; offset < segment.byteSize(); offset += 4) {
            parking.unpark(segment, offset);
        }
        change();
        awaitChange();

        assertThat((int) INT.getVolatile(segment, WORD)).isOne();
    }
}
