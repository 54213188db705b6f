package org.porthole.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.porthole.Rendezvous;

/// The programs as a user starts them: processes, their exit codes and what they print.
class ProgramsIT {
    private static final int RANKS = 2;

    @TempDir
    Path folder;

    @Test
    void shouldListEveryExample() throws IOException, ClassNotFoundException {
        for (String program : programs()) {
            String[] fields = program.split("\t", -1);
            assertThat(fields).hasSize(3);
            assertThat(Class.forName(fields[1])).hasPublicMethods("main");
        }
        assertThat(programs())
                .extracting(line -> line.split("\t", -1)[0])
                .containsExactly(
                        "ring",
                        "heat",
                        "randomaccess",
                        "pagerank",
                        "transpose",
                        "stencil",
                        "p2p",
                        "samplesort",
                        "hashmap",
                        "spmv",
                        "life",
                        "taskfarm",
                        "kvstore",
                        "pipeline",
                        "chat");
    }

    @Test
    void shouldPrintOneLineAtRankZero() throws IOException, InterruptedException {
        Outcome outcome = run("ring", "--rounds", "10");
        assertThat(outcome.exitCodes).containsOnly(Example.OK);
        assertThat(outcome.errors).isEmpty();
        assertThat(outcome.output).matches("ring: 2 ranks, 10 rounds in .* us per hop\n");
    }

    @Test
    void shouldEndEveryRankWithOneLineOnAnUnknownOption() throws IOException, InterruptedException {
        for (String program : programs()) {
            String name = program.split("\t", -1)[0];
            Outcome outcome = run(name, "--nonsense");
            assertThat(outcome.exitCodes).containsOnly(Example.USAGE);
            assertThat(outcome.output).isEmpty();
            assertThat(outcome.errors)
                    .startsWith(name + ": unknown option \"--nonsense\"")
                    .hasLineCount(1);
        }
    }

    @Test
    void shouldEndEveryRankWithOneLineOnADamagedInput() throws IOException, InterruptedException {
        Path image = Files.write(folder.resolve("cut.png"), new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0});
        Outcome heat = run("heat", "--input", image.toString());
        assertThat(heat.exitCodes).containsOnly(Example.USAGE);
        assertThat(heat.errors)
                .startsWith("heat: " + image + ": the image is damaged, cut off or of an unknown kind")
                .hasLineCount(1);

        Path graph = Files.write(folder.resolve("cut.gz"), new byte[] {0x1f, (byte) 0x8b, 8, 0});
        Outcome pageRank = run("pagerank", "--input", graph.toString());
        assertThat(pageRank.exitCodes).containsOnly(Example.USAGE);
        assertThat(pageRank.errors).startsWith("pagerank: " + graph).hasLineCount(1);
    }

    @Test
    void shouldEndEveryRankWithOneLineWhenTheMemoryIsTooSmall() throws IOException, InterruptedException {
        Outcome outcome = run("randomaccess", "--log2-words", "48");
        assertThat(outcome.exitCodes).containsOnly(Example.USAGE);
        assertThat(outcome.errors).startsWith("randomaccess: ").hasLineCount(1);
    }

    @Test
    void shouldPrintHelp() throws IOException, InterruptedException {
        Outcome outcome = run("heat", "--help");
        assertThat(outcome.exitCodes).containsOnly(Example.OK);
        assertThat(outcome.output).startsWith("heat [options]: ").contains("--input FILE");
    }

    private record Outcome(List<Integer> exitCodes, String output, String errors) {}

    private Outcome run(String name, String... arguments) throws IOException, InterruptedException {
        List<Process> processes = new ArrayList<>();
        try (Rendezvous rendezvous = Rendezvous.open(RANKS)) {
            for (int rank = 0; rank < RANKS; rank++) {
                ProcessBuilder builder = new ProcessBuilder(command(name, arguments));
                builder.environment().putAll(rendezvous.environment(rank));
                builder.redirectOutput(file("out", rank).toFile());
                builder.redirectError(file("err", rank).toFile());
                processes.add(builder.start());
            }
            List<Integer> exitCodes = new ArrayList<>();
            for (Process process : processes) {
                assertThat(process.waitFor(30, TimeUnit.SECONDS))
                        .as("has ended")
                        .isTrue();
                exitCodes.add(process.exitValue());
            }
            return new Outcome(exitCodes, written("out"), written("err"));
        } finally {
            processes.forEach(Process::destroyForcibly);
        }
    }

    private static List<String> command(String name, String... arguments) throws IOException {
        String mainClass = programs().stream()
                .map(line -> line.split("\t", -1))
                .filter(fields -> fields[0].equals(name))
                .findFirst()
                .orElseThrow()[1];
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                mainClass));
        command.addAll(List.of(arguments));
        return command;
    }

    private static List<String> programs() throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(Ring.class.getResourceAsStream("/META-INF/porthole/programs")),
                StandardCharsets.UTF_8))) {
            return reader.lines().filter(line -> !line.startsWith("#")).toList();
        }
    }

    private Path file(String stream, int rank) {
        return folder.resolve(stream + rank);
    }

    private String written(String stream) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int rank = 0; rank < RANKS; rank++) {
            text.append(Files.readString(file(stream, rank)));
        }
        return text.toString();
    }
}
