package org.porthole.cli.perf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableReportTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Test
    void shouldShowMedianUnitSpreadAndRatio() {
        TableReport report = report("put-bw");
        Cell copy = Cell.of("L", "copy, as put bw", 1024, Kind.BANDWIDTH);
        Cell put = Cell.of("W3", "put bw", 1024, Kind.BANDWIDTH).against(copy);

        report.add(List.of(Measurement.of(copy, 10_000, 20_000, 30_000), Measurement.of(put, 19_000)));

        assertThat(lines().getFirst())
                .startsWith("L   copy, as put bw ")
                .containsPattern("1K +20 GB/s +\\[10\\.\\.30\\]$");
        assertThat(lines().getLast()).startsWith("W3  put bw ").endsWith("95 % of copy, as put bw");
    }

    @Test
    void shouldPoolRounds() {
        TableReport report = report("cas --repeat 2");
        Cell cell = Cell.of("W5", "cas", 8, Kind.LATENCY);

        report.beginRound(1);
        report.add(List.of(Measurement.of(cell, 1)));
        report.beginRound(2);
        report.add(List.of(Measurement.of(cell, 3)));
        report.end();

        assertThat(lines()).contains("Round 1 of 2", "Round 2 of 2", "All rounds");
        assertThat(lines().getLast()).containsPattern(" 2 us +\\[1\\.\\.3\\]$");
    }

    @Test
    void shouldWriteThreeDigitsThatMeanSomething() {
        assertThat(TableReport.number(0.0041234)).isEqualTo("0.00412");
        assertThat(TableReport.number(1.005)).isEqualTo("1");
        assertThat(TableReport.number(12.345)).isEqualTo("12.3");
        assertThat(TableReport.number(12345.6)).isEqualTo("12346");
        assertThat(TableReport.number(0)).isEqualTo("0");
    }

    private TableReport report(String words) {
        PerfSpec spec = PerfWords.parse(List.of(words.split(" ", -1)));
        return new TableReport(spec, "shm", new PrintStream(bytes, false, StandardCharsets.UTF_8));
    }

    private List<String> lines() {
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
