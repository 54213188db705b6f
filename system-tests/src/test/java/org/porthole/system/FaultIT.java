package org.porthole.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Ranks that are killed, stopped or late, while others wait for them.
@Timeout(60)
class FaultIT {
    private static final int RANKS = 3;
    private static final String[] RUN = {
        "run", "-n", Integer.toString(RANKS), "--keep-going", "--main", FaultProgram.class.getName()
    };

    private static Launched run(Map<String, String> environment, String wait) {
        String[] words = java.util.Arrays.copyOf(RUN, RUN.length + 1);
        words[RUN.length] = wait;
        return Launched.porthole(environment, words);
    }

    private static ProcessHandle victim(Launched job) throws InterruptedException {
        job.awaitLines(RANKS - 1, line -> line.contains("waiting"));
        String line = job.awaitLines(1, each -> each.contains("] pid ")).getFirst();
        long pid = Long.parseLong(line.replaceAll(".*\\] pid (\\d+).*", "$1"));
        return ProcessHandle.of(pid).orElseThrow();
    }

    private static void assertNothingLeft(Launched job, List<ProcessHandle> ranks) throws InterruptedException {
        job.exitCode();
        assertThat(ranks).noneMatch(ProcessHandle::isAlive);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "barrier",
                "allreduce",
                "large-allreduce",
                "broadcast",
                "fence",
                "next",
                "close",
                "open",
                "put",
                "lock-exclusive",
                "lock-shared",
                "lock-view"
            })
    void shouldFailTheOthersWaitsWhenARankIsKilled(String wait) throws Exception {
        // Far beyond the test's own deadline, so that only the death can end the wait.
        try (Launched job = run(Map.of("PORTHOLE_WAIT_DEADLINE", "1h", "PORTHOLE_WAIT_REPORT", "100ms"), wait)) {
            ProcessHandle victim = victim(job);
            if (!wait.equals("put")) { // which goes on until it is refused
                awaitReportOf(job, 0);
                awaitReportOf(job, 1);
            }
            List<ProcessHandle> ranks =
                    ProcessHandle.of(job.pid()).orElseThrow().descendants().toList();
            victim.destroyForcibly();
            // Of two that want it exclusively one waits for the sharer, and the other for that one, who lives.
            int struck = wait.equals("lock-shared") ? 1 : RANKS - 1;
            List<String> caught = job.awaitLines(struck, line -> line.contains("caught "));
            assertThat(caught)
                    .allSatisfy(line -> assertThat(line)
                            .contains("caught PeerFailedException: rank 2 failed: its process " + victim.pid()
                                    + " has ended"));
            if (wait.equals("lock-exclusive") || wait.equals("lock-shared")) {
                job.awaitLines(struck, line -> line.contains("relocked"));
            }
            assertNothingLeft(job, ranks);
        }
    }

    @Test
    void shouldNotTakeAStoppedRankForDead(@TempDir Path folder) throws Exception {
        Path go = folder.resolve("go");
        try (Launched job = run(Map.of("GO", go.toString(), "PORTHOLE_WAIT_REPORT", "100ms"), "resume")) {
            ProcessHandle victim = victim(job);
            signal("STOP", victim);
            // Each report comes after twice the time of the one before.
            awaitReports(job, 5);
            assertThat(job.out()).noneMatch(line -> line.contains("caught"));
            signal("CONT", victim);
            Files.createFile(go);
            job.awaitLines(RANKS, line -> line.contains("done"));
            assertThat(job.exitCode()).isZero();
        }
    }

    @Test
    void shouldSayWhoWaitsForWhomAtTheDeadline() throws Exception {
        try (Launched job = run(Map.of("PORTHOLE_WAIT_DEADLINE", "1s"), "fence")) {
            ProcessHandle victim = victim(job);
            List<String> caught = job.awaitLines(RANKS - 1, line -> line.contains("caught "));
            assertThat(caught)
                    .anySatisfy(line -> assertThat(line)
                            .containsPattern("caught JobTimeoutException: gave up after \\d+\\.\\d s")
                            .contains("rank 0 waits in fence (begin) of window \"grid\"")
                            .contains("for rank 2"));
            victim.destroyForcibly();
            job.exitCode();
        }
    }

    private static void awaitReports(Launched job, int count) throws InterruptedException {
        job.awaitErrors(count, line -> line.contains("s now: rank"));
    }

    /// Who says beforehand that he will wait may not have begun.
    private static void awaitReportOf(Launched job, int rank) throws InterruptedException {
        job.awaitErrors(1, line -> line.contains("s now: rank " + rank + " "));
    }

    private static void signal(String name, ProcessHandle process) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start();
        assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(kill.exitValue()).isZero();
    }
}
