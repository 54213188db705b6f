package org.porthole.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RunIT {
    private static final String MAIN = RankProgram.class.getName();

    private static void awaitEnd(List<ProcessHandle> ranks, long seconds) throws Exception {
        for (ProcessHandle rank : ranks) {
            rank.onExit().get(seconds, TimeUnit.SECONDS);
        }
    }

    @Test
    void shouldRunRing() throws Exception {
        try (Launched run = Launched.porthole("run", "-n", "4", "--main", MAIN, "ring")) {
            assertThat(run.exitCode()).as(run.report()).isZero();
            assertThat(run.out())
                    .containsExactlyInAnyOrder(
                            "[0] got 103 sum 406", "[1] got 100 sum 406", "[2] got 101 sum 406", "[3] got 102 sum 406");
            assertThat(run.err()).isEmpty();
        }
    }

    @Test
    void shouldReturnExitCodeOfRankThatExitsAndEndTheOthers() throws Exception {
        try (Launched run = Launched.porthole("run", "-n", "3", "--main", MAIN, "exit", "1", "7")) {
            assertThat(run.exitCode()).as(run.report()).isEqualTo(7);
            assertThat(run.err().getLast())
                    .matches("porthole: rank 1 \\(pid \\d+\\) ended with exit code 7(; ended the other [12])?");
        }
    }

    @Test
    void shouldEndWhenOneRankThrows() throws Exception {
        try (Launched run = Launched.porthole("run", "-n", "3", "--main", MAIN, "throw", "2")) {
            assertThat(run.exitCode()).as(run.report()).isEqualTo(1);
            assertThat(run.err()).anyMatch(line -> line.endsWith("java.lang.IllegalStateException: thrown on purpose"));
            assertThat(run.err().getLast()).startsWith("porthole: rank ");
        }
    }

    @Test
    void shouldEndRankWhoseMainThrowsThoughItHasOtherThreads() throws Exception {
        try (Launched run = Launched.porthole("run", "-n", "1", "--main", MAIN, "fail")) {
            assertThat(run.exitCode()).as(run.report()).isEqualTo(1);
        }
    }

    @Test
    void shouldEndTheOthersWhenOneRankIsKilled() throws Exception {
        try (Launched run = Launched.porthole("run", "-n", "4", "--main", MAIN, "pid")) {
            List<ProcessHandle> ranks = run.awaitRanks(4);
            ranks.get(2).destroyForcibly();
            assertThat(run.exitCode()).as(run.report()).isEqualTo(137);
            assertThat(run.err().getLast())
                    .matches("porthole: rank \\d \\(pid " + ranks.get(2).pid()
                            + "\\) ended with exit code 137 \\(SIGKILL\\); ended the other 3");
            awaitEnd(ranks, 1);
        }
    }

    @Test
    void shouldKeepGoingWhenAsked() throws Exception {
        try (Launched run = Launched.porthole("run", "-n", "3", "--keep-going", "--main", MAIN, "finish", "0")) {
            assertThat(run.exitCode()).as(run.report()).isEqualTo(9);
            assertThat(run.out()).containsExactlyInAnyOrder("[1] finished", "[2] finished");
        }
    }

    @Test
    void shouldGiveStandardInputToRankZeroAlone() throws Exception {
        try (Launched run =
                Launched.porthole("run", "-n", "3", "--main", MAIN, "cat").feed("some words\n")) {
            assertThat(run.exitCode()).as(run.report()).isZero();
            assertThat(run.out()).containsExactlyInAnyOrder("[0] read some words", "[1] read ", "[2] read ");
        }
    }

    @Test
    void shouldNotWaitForInputThatNobodyReads() throws Exception {
        try (Launched run = Launched.porthole("run", "-n", "2", "--main", MAIN, "say", "hello")) {
            assertThat(run.exitCode()).as(run.report()).isZero();
        }
    }

    @Test
    void shouldWriteLinesWholeUnderHeavyOutput() throws Exception {
        int lines = 5_000;
        try (Launched run = Launched.porthole("run", "-n", "4", "--main", MAIN, "write", Integer.toString(lines))) {
            assertThat(run.exitCode()).as(run.report()).isZero();
            Pattern whole = Pattern.compile("\\[(\\d)] rank\\1 (line|error) (\\d+) x* ?end\\3");
            Map<String, Integer> next = new HashMap<>();
            for (String line : run.out()) {
                String rank = line.substring(0, 3);
                int number = next.merge(rank, 1, Integer::sum) - 1;
                if (number == lines) {
                    assertThat(line).isEqualTo(rank + " rank" + rank.charAt(1) + " last");
                } else {
                    assertThat(line).matches(whole).contains(" line " + number + ' ');
                }
            }
            assertThat(next)
                    .hasSize(4)
                    .allSatisfy((rank, count) -> assertThat(count).isEqualTo(lines + 1));
            assertThat(run.err())
                    .hasSize(4 * lines / 10)
                    .allMatch(line -> whole.matcher(line).matches());
        }
    }

    @Test
    void shouldPassRawOutput() throws Exception {
        try (Launched run = Launched.porthole("run", "-n", "2", "--tag=false", "--main", MAIN, "say", "hello")) {
            assertThat(run.exitCode()).as(run.report()).isZero();
            assertThat(run.out()).containsExactly("say hello X=null p=null", "say hello X=null p=null");
        }
    }

    @Test
    void shouldHandOnVariablesAndJvmArguments() throws Exception {
        try (Launched run =
                Launched.porthole("run", "-n1", "--env", "X=a b", "--jvm=-Dp=c d", "--main", MAIN, "say", "e f")) {
            assertThat(run.exitCode()).as(run.report()).isZero();
            assertThat(run.out()).containsExactly("[0] say e f X=a b p=c d");
        }
    }

    @Test
    void shouldEndRanksOnSigterm() throws Exception {
        try (Launched run = Launched.porthole("run", "-n", "3", "--main", MAIN, "join")) {
            List<ProcessHandle> ranks = run.awaitRanks(3);
            run.terminate();
            assertThat(run.exitCode()).as(run.report()).isEqualTo(143);
            awaitEnd(ranks, 1);
        }
    }

    @Test
    void shouldKillStoppedRankOnSigterm() throws Exception {
        try (Launched run = Launched.porthole("run", "-n", "2", "--main", MAIN, "pid")) {
            List<ProcessHandle> ranks = run.awaitRanks(2);
            new ProcessBuilder("kill", "-STOP", Long.toString(ranks.getFirst().pid()))
                    .start()
                    .waitFor();
            run.terminate();
            assertThat(run.exitCode()).as(run.report()).isEqualTo(143);
            awaitEnd(ranks, 1);
        }
    }

    /// The launcher's parent does not reap it, so that its process stays until the test ends: ranks must not wait for that. The ranks hold the
    /// output, which ends with the last of them.
    @ParameterizedTest
    @ValueSource(strings = {"join", "pid"})
    void shouldLeaveNoRankWhenTheLauncherIsKilled(String what) throws Exception {
        List<String> parent = List.of("sh", "-c", "\"$@\" & exec sleep 1000 >&- 2>&-", "sh");
        List<String> launcher = Launched.command("run", "-n", "3", "--tag=false", "--main", MAIN, what);
        try (Launched run = Launched.start(Map.of(), Path.of(""), concat(parent, launcher))) {
            List<String> lines = run.awaitLines(3, line -> line.startsWith("pid "));
            ProcessHandle rank = ProcessHandle.of(
                            Long.parseLong(lines.getFirst().substring(4)))
                    .orElseThrow();
            ProcessHandle killed = rank.parent().orElseThrow();
            killed.destroyForcibly();
            assertThat(run.awaitOutputEnd()).as(run.report()).isTrue();
            assertThat(run.err())
                    .containsExactlyInAnyOrder(IntStream.range(0, 3)
                            .mapToObj(each -> "porthole: rank " + each + ": the launcher, process " + killed.pid()
                                    + ", has gone: this rank ends")
                            .toArray(String[]::new));
        }
    }

    @Test
    void shouldNotWaitForARankThatEndsBeforeItJoins() throws Exception {
        Map<String, String> patient = Map.of("PORTHOLE_JOB_DEADLINE", "1h");
        try (Launched run = Launched.porthole(patient, "run", "-n", "3", "--main", MAIN, "desert", "2")) {
            assertThat(run.exitCode()).as(run.report()).isEqualTo(1);
            assertThat(run.err())
                    .filteredOn(line -> line.startsWith("["))
                    .isNotEmpty()
                    .allMatch(line -> line.matches("\\[[01]\\] porthole: rank [01]: cannot join the job at \\S+: "
                            + "rank 2 ended with exit code 0 before it joined \\(JoinException at .*"));
            assertThat(run.err().getLast()).startsWith("porthole: rank ");
        }
    }

    @Test
    void shouldNameTheRanksThatDoNotJoin() throws Exception {
        Map<String, String> hasty = Map.of("PORTHOLE_JOB_DEADLINE", "2s");
        try (Launched run = Launched.porthole(hasty, "run", "-n", "3", "--main", MAIN, "tarry", "1")) {
            assertThat(run.exitCode()).as(run.report()).isEqualTo(1);
            assertThat(run.err()).anyMatch(line -> line.contains("did not join within 2 s (porthole.job.deadline)"));
            assertThat(run.err())
                    .anyMatch(line -> line.matches("\\[[02]\\] porthole: .*: ranks? .*1.* did not join.*"));
        }
    }

    @Test
    void shouldEndRanksWhoseReaderHasGone() throws Exception {
        List<String> pipe = List.of("sh", "-c", "\"$@\" | head -n 1", "sh");
        try (Launched run = Launched.start(
                Map.of(),
                Path.of(""),
                concat(pipe, Launched.command("run", "-n", "2", "--main", MAIN, "write", "1000000")))) {
            assertThat(run.exitCode()).as(run.report()).isZero();
            assertThat(run.out()).hasSize(1);
        }
    }

    @Test
    void shouldNameProgramsWhenOneIsUnknown() throws Exception {
        try (Launched run = Launched.porthole("run", "-n", "2", "no-such-program")) {
            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err())
                    .hasSize(1)
                    .first()
                    .asString()
                    .startsWith("porthole: there is no program \"no-such-program\"");
        }
    }

    @Test
    void shouldRefuseBadNumbersOfRanks() throws Exception {
        for (String ranks : List.of("0", "-1", "four", "1025")) {
            try (Launched run = Launched.porthole("run", "-n", ranks, "--main", MAIN, "ring")) {
                assertThat(run.exitCode()).isEqualTo(2);
                assertThat(run.err()).hasSize(1).first().asString().startsWith("porthole: run: -n: ");
            }
        }
    }

    @Test
    void shouldRefuseUnknownClassInOneLine() throws Exception {
        try (Launched run = Launched.porthole("run", "-n", "1", "--main", "org.example.Missing")) {
            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err())
                    .containsExactly(
                            "porthole: run: there is no class org.example.Missing on the class path (--cp adds to it)");
        }
    }

    @Test
    void shouldRefuseUnusableSettingBeforeAnyRankStarts() throws Exception {
        try (Launched run =
                Launched.porthole("run", "-n", "4", "--jvm", "-Dporthole.transports=shmm", "--main", MAIN, "ring")) {
            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err()).hasSize(1).first().asString().contains("shmm").contains("did you mean shm?");
        }
    }

    private static List<String> concat(List<String> a, List<String> b) {
        return java.util.stream.Stream.concat(a.stream(), b.stream()).toList();
    }
}
