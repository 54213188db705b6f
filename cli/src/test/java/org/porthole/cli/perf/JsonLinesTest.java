package org.porthole.cli.perf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonLinesTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final JsonLines report =
            new JsonLines("porthole-shm", new PrintStream(bytes, false, StandardCharsets.UTF_8));

    @Test
    void shouldPrintTheLineOfThePeersDrivers() {
        Cell cell = Cell.of("W1", "put+flush", 8, Kind.LATENCY);

        report.add(List.of(Measurement.of(cell, 0.0213, 1.0 / 3, 12)));

        assertThat(printed())
                .isEqualTo("{\"peer\":\"porthole-shm\",\"w\":\"W1\",\"op\":\"put+flush\",\"size\":8,\"unit\":\"us\","
                        + "\"s\":[0.0213,0.333333,12.0]}\n");
    }

    @Test
    void shouldPrintLargeNumbersAsJson() {
        Cell cell = Cell.of("W3", "put rate", 8, Kind.RATE);

        report.add(List.of(Measurement.of(cell, 57_123_456.0)));

        assertThat(printed()).contains("\"unit\":\"op/s\",\"s\":[5.71235E7]}");
    }

    @Test
    void shouldPrintALinePerCellAndOneForItsAllocations() {
        Cell copy = Cell.of("L", "copy, as put bw", 1024, Kind.BANDWIDTH);
        Cell put = Cell.of("W3", "put bw", 1024, Kind.BANDWIDTH).against(copy);

        report.add(List.of(
                new Measurement(copy, List.of(2.0), Measurement.NOT_COUNTED), new Measurement(put, List.of(1.0), 24)));

        assertThat(printed().lines())
                .containsExactly(
                        "{\"peer\":\"porthole-shm\",\"w\":\"L\",\"op\":\"copy, as put bw\",\"size\":1024,\"unit\":\"MB/s\",\"s\":[2.0]}",
                        "{\"peer\":\"porthole-shm\",\"w\":\"W3\",\"op\":\"put bw\",\"size\":1024,\"unit\":\"MB/s\",\"s\":[1.0]}",
                        "{\"peer\":\"porthole-shm\",\"w\":\"A\",\"op\":\"put bw\",\"size\":1024,\"unit\":\"B/op\",\"s\":[24.0]}");
    }

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
