package org.porthole.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Ranks, launchers and their daemons that are killed: nothing hangs, nothing is left, and the exit code tells.
@Tag("launchers")
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LauncherFaultIT {
    private static final String MAIN = LauncherProgram.class.getName();
    private static final int RANKS = 4;
    private static final int LAST = RANKS - 1;

    @TempDir
    private static Path folder;

    private LauncherClusters clusters;

    @BeforeAll
    void open() {
        clusters = new LauncherClusters(folder);
    }

    @AfterEach
    void clear() {
        clusters.clear();
    }

    @AfterAll
    void close() {
        clusters.close();
    }

    private Launched start(LauncherKind kind, String what) {
        return clusters.of(kind).start(kind, 2, 2, List.of(), "exec", "--main", MAIN, what);
    }

    /// The ranks by their numbers, once all wait.
    private static Map<Integer, ProcessHandle> ready(Launched job) throws InterruptedException {
        Map<Integer, ProcessHandle> ranks = new TreeMap<>();
        for (String line : job.awaitLines(RANKS, each -> each.startsWith("ready "))) {
            String[] words = line.split(" ", -1);
            ranks.put(
                    Integer.parseInt(words[1]),
                    ProcessHandle.of(Long.parseLong(words[3])).orElseThrow());
        }
        return ranks;
    }

    /// What mpirun and hydra do to the others is end them at once: whether these still see the failure is a matter of luck.
    @ParameterizedTest
    @EnumSource
    void shouldSeeARankThatIsKilled(LauncherKind kind) throws InterruptedException {
        try (Launched job = start(kind, "wait")) {
            ready(job).get(LAST).destroyForcibly();
            if (kind.isSlurm()) {
                for (int rank = 0; rank < LAST; rank++) {
                    String line = "rank " + rank + " saw " + LAST + " fail";
                    assertThat(job.awaitLines(1, line::equals)).hasSize(1);
                }
            }
            assertThat(job.exitCode()).as(job.report()).isNotZero();
            assertThat(job.out())
                    .filteredOn(line -> line.contains(" saw "))
                    .allMatch(line -> line.endsWith(" saw " + LAST + " fail"));
            clusters.of(kind).awaitNobody();
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldLeaveNobodyWhenTheLauncherIsKilled(LauncherKind kind) throws InterruptedException {
        try (Launched job = start(kind, "wait")) {
            assertThat(ready(job)).hasSize(RANKS);
            job.kill();
            clusters.of(kind).awaitNobody();
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldLeaveNobodyWhenTheLauncherIsAskedToEnd(LauncherKind kind) throws InterruptedException {
        try (Launched job = start(kind, "wait")) {
            assertThat(ready(job)).hasSize(RANKS);
            job.terminate();
            assertThat(job.exitCode()).as(job.report()).isNotZero();
            clusters.of(kind).awaitNobody();
        }
    }

    /// The ranks of that node end by themselves, and the others see them fail.
    @ParameterizedTest
    @EnumSource
    void shouldLeaveNobodyWhenTheDaemonOfANodeIsKilled(LauncherKind kind) throws InterruptedException {
        try (Launched job = start(kind, "wait")) {
            ProcessHandle victim = ready(job).get(LAST);
            LauncherCluster.ancestor(victim, kind.daemon).destroyForcibly();
            clusters.of(kind).awaitNobody();
            assertThat(job.out())
                    .filteredOn(line -> line.contains(" saw "))
                    .allMatch(line -> line.matches("rank [0-3] saw [23] fail"));
            if (kind.isSlurm()) {
                assertThat(job.out()).as(job.report()).anyMatch(line -> line.matches("rank [01] saw [23] fail"));
                // srun itself waits for the dead node's daemon until slurmctld misses it.
                job.kill();
            } else {
                assertThat(job.exitCode()).as(job.report()).isNotZero();
            }
        }
    }

    /// A step has daemons of its own, and goes on.
    @ParameterizedTest
    @EnumSource(names = "SRUN_.*", mode = EnumSource.Mode.MATCH_ALL)
    void shouldGoOnWithoutSlurmd(LauncherKind kind) throws Exception {
        try (Launched job = start(kind, "wait")) {
            Map<Integer, ProcessHandle> ranks = ready(job);
            clusters.of(kind).killSlurmd(2);
            assertThat(ranks.values()).allMatch(ProcessHandle::isAlive);
            ranks.get(LAST).destroyForcibly();
            for (int rank = 0; rank < LAST; rank++) {
                String line = "rank " + rank + " saw " + LAST + " fail";
                assertThat(job.awaitLines(1, line::equals)).hasSize(1);
            }
            assertThat(job.exitCode()).as(job.report()).isNotZero();
            clusters.of(kind).awaitNobody();
        } finally {
            clusters.of(kind).startSlurmd(2);
        }
    }

    /// With everything of Slurm's on it, and the ranks.
    @ParameterizedTest
    @EnumSource(names = "SRUN_.*", mode = EnumSource.Mode.MATCH_ALL)
    void shouldLeaveNobodyWhenANodeDies(LauncherKind kind) throws Exception {
        try (Launched job = start(kind, "wait")) {
            Map<Integer, ProcessHandle> ranks = ready(job);
            ProcessHandle step = LauncherCluster.ancestor(ranks.get(LAST), kind.daemon);
            clusters.of(kind).killSlurmd(2);
            step.destroyForcibly();
            ranks.get(LAST - 1).destroyForcibly();
            ranks.get(LAST).destroyForcibly();
            for (int rank = 0; rank < LAST - 1; rank++) {
                String line = "rank " + rank + " saw [23] fail";
                assertThat(job.awaitLines(1, each -> each.matches(line))).hasSize(1);
            }
            clusters.of(kind).awaitNobody();
            // srun itself waits until slurmctld misses the node.
            job.kill();
        } finally {
            clusters.of(kind).startSlurmd(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldEndAllRanksWhenOneEndsTheJob(LauncherKind kind) throws InterruptedException {
        try (Launched job = start(kind, "abort")) {
            int exitCode = job.exitCode();
            assertThat(exitCode).as(job.report()).isEqualTo(7);
            clusters.of(kind).awaitNobody();
            assertThat(job.err()).anyMatch(line -> line.endsWith("rank 1 ends the job with exit code 7"));
        }
    }
}
