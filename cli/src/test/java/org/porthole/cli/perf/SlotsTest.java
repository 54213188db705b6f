package org.porthole.cli.perf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SlotsTest {
    @Test
    void shouldPutSmallOperationsSideBySide() {
        assertThat(Slots.slot(0, 8)).isZero();
        assertThat(Slots.slot(63, 8)).isEqualTo(63 * 8);
        assertThat(Arrays.stream(Slots.offsets(8)).distinct()).hasSize(64);
    }

    @Test
    void shouldRotateLargeOperationsOverTheFootprint() {
        assertThat(Slots.slot(3, 4 << 20)).isEqualTo(12 << 20);
        assertThat(Slots.slot(4, 4 << 20)).isZero();
        assertThat(Arrays.stream(Slots.offsets(16 << 20))).containsOnly(0L);
    }

    @Test
    void shouldStayInsideTheWindow() {
        for (long size : new long[] {1, 8, 100, 262_145, 1 << 20, 5_000_000, Slots.FOOTPRINT}) {
            for (long offset : Slots.offsets(size)) {
                assertThat(offset + size).isLessThanOrEqualTo(Slots.FOOTPRINT);
            }
        }
    }
}
