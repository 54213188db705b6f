package org.porthole.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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

    @Test
    void shouldLeaveNoRankWhenTheLauncherIsKilled() throws Exception {
        try (Launched run = Launched.porthole("run", "-n", "3", "--main", MAIN, "join")) {
            List<ProcessHandle> ranks = run.awaitRanks(3);
            run.kill();
            awaitEnd(ranks, 10);
        }
    }

    @Test
    void shouldLeaveNoRankThatHasNotJoinedWhenTheLauncherIsKilled() throws Exception {
        try (Launched run = Launched.porthole("run", "-n", "2", "--main", MAIN, "pid")) {
            List<ProcessHandle> ranks = run.awaitRanks(2);
            run.kill();
            awaitEnd(ranks, 10);
        }
    }

    @Test
    void shouldEndRanksWhoseReaderHasGone() throws Exception {
        List<String> pipe = List.of("sh", "-c", "\"$@\" | head -n 1", "sh");
        try (Launched run = Launched.start(
                Map.of(),
                java.nio.file.Path.of(""),
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
