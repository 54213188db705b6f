package org.porthole.cli.perf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class MeasurementTest {
    private static final Cell CELL = Cell.of("W1", "put+flush", 8, Kind.LATENCY);

    @Test
    void shouldTakeTheMiddleOfAnOddNumberOfSamples() {
        Measurement measurement = Measurement.of(CELL, 9, 1, 4);

        assertThat(measurement.median()).isEqualTo(4);
        assertThat(measurement.min()).isEqualTo(1);
        assertThat(measurement.max()).isEqualTo(9);
    }

    @Test
    void shouldTakeTheMeanOfTheTwoInTheMiddle() {
        assertThat(Measurement.of(CELL, 10, 1, 4, 2).median()).isEqualTo(3);
        assertThat(Measurement.of(CELL, 7).median()).isEqualTo(7);
    }

    @Test
    void shouldPoolSamplesInTheOrderTheyCame() {
        Measurement first = new Measurement(CELL, java.util.List.of(3.0), 0);
        Measurement later = new Measurement(CELL, java.util.List.of(1.0, 2.0), 16);

        Measurement pooled = first.and(later);

        assertThat(pooled.samples()).containsExactly(3.0, 1.0, 2.0);
        assertThat(pooled.bytesPerOperation()).isEqualTo(16);
    }

    @Test
    void shouldRefuseNoSamples() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Measurement.of(CELL))
                .withMessageContaining("put+flush");
    }

    @Test
    void shouldTurnDurationsIntoTheKindsUnits() {
        assertThat(Kind.LATENCY.sample(8, 1000, 21_000)).isEqualTo(0.021);
        assertThat(Kind.ONE_WAY.sample(8, 1000, 21_000)).isEqualTo(0.0105);
        assertThat(Kind.BANDWIDTH.sample(1 << 20, 64, 64e6)).isEqualTo(1048.576);
        assertThat(Kind.RATE.sample(8, 64, 1000)).isEqualTo(64e6);
    }
}
