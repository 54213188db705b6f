package org.porthole.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What comes with Porthole, over TCP on one host.
@Timeout(60)
class TcpProgramsIT {
    private static final Map<String, String> TCP =
            Map.of("PORTHOLE_TRANSPORTS", "tcp", "PORTHOLE_WAIT_DEADLINE", "40s");

    @TempDir
    private Path folder;

    @Test
    void shouldKnowEveryExample() throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(
                        org.porthole.examples.Ring.class.getResourceAsStream("/META-INF/porthole/programs")),
                StandardCharsets.UTF_8))) {
            List<String> names = reader.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", -1)[0])
                    .toList();
            assertThat(Examples.all()).extracting(List::getFirst).containsExactlyElementsOf(names);
        }
    }

    @ParameterizedTest
    @MethodSource("org.porthole.system.Examples#all")
    void shouldRunExample(List<String> example) throws InterruptedException {
        run(TCP, example);
    }

    @Test
    void shouldRunAnExampleOnTheChannelsOfTheJdk() throws InterruptedException {
        run(
                Map.of("PORTHOLE_TRANSPORTS", "tcp", "PORTHOLE_TCP_IO", "nio", "PORTHOLE_WAIT_DEADLINE", "40s"),
                List.of("samplesort", "--keys", "20000"));
    }

    private void run(Map<String, String> environment, List<String> example) throws InterruptedException {
        try (Launched run = Launched.porthole(environment, Examples.words(example, folder, "run", "-n", "3"))) {
            assertThat(run.exitCode()).as(run.report()).isZero();
            assertThat(Examples.complaints(run)).isEmpty();
            assertThat(run.out()).anyMatch(line -> line.startsWith("[0] " + example.getFirst() + ": "));
        }
    }

    @Test
    void shouldMeasure() throws InterruptedException {
        try (Launched perf = Launched.porthole(
                TCP, "perf", "--sizes", "8,4k", "--samples", "1", "--batch-ms", "1", "--warmup-ms", "1", "--json")) {
            assertThat(perf.exitCode()).as(perf.report()).isZero();
            assertThat(perf.out())
                    .allMatch(line -> line.startsWith("{"))
                    .anyMatch(line -> line.contains("porthole-tcp"));
        }
    }
}
