package org.porthole.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Programs, unchanged, under each launcher, on hosts that are namespaces.
@Tag("launchers")
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LauncherIT {
    private static final String MAIN = HostsProgram.class.getName();
    private static final List<List<String>> EXAMPLES = List.of(
            List.of("ring", "--rounds", "20"),
            List.of("heat", "--iterations", "20", "--verify", "--output", "OUT"),
            List.of("samplesort", "--keys", "5000"));

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

    static Stream<Arguments> runs() {
        return Stream.of(LauncherKind.values())
                .flatMap(kind -> EXAMPLES.stream().map(example -> Arguments.of(kind, example)));
    }

    @ParameterizedTest
    @MethodSource("runs")
    void shouldRunExample(LauncherKind kind, List<String> example) throws InterruptedException {
        try (Launched job = clusters.of(kind).start(kind, 2, 2, List.of(), Examples.words(example, folder, "exec"))) {
            assertThat(job.exitCode()).as(job.report()).isZero();
            assertThat(job.out())
                    .anyMatch(line -> line.startsWith(example.getFirst() + ": ") && line.contains("4 ranks"));
        }
        clusters.of(kind).awaitNobody();
    }

    @ParameterizedTest
    @EnumSource
    void shouldReachNeighboursBySharedMemoryAndOthersByTcp(LauncherKind kind) throws InterruptedException {
        try (Launched job = clusters.of(kind).start(kind, 2, 2, List.of(), "exec", "--main", MAIN, "count")) {
            assertThat(job.exitCode()).as(job.report()).isZero();
            assertThat(job.out()).filteredOn("done"::equals).hasSize(4);
            for (int peer = 0; peer < 4; peer++) {
                assertThat(job.out()).filteredOn((peer + " by self")::equals).hasSize(1);
                assertThat(job.out()).filteredOn((peer + " by shm")::equals).hasSize(1);
                assertThat(job.out()).filteredOn((peer + " by tcp")::equals).hasSize(2);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldSayHowItJoined(LauncherKind kind) throws InterruptedException {
        try (Launched job = clusters.of(kind).start(kind, 4, 1, List.of(), "info", "--join")) {
            assertThat(job.exitCode()).as(job.report()).isZero();
            requireAllJoined(job.out(), kind.method);
        }
    }

    private static void requireAllJoined(List<String> lines, String method) {
        for (int rank = 0; rank < 4; rank++) {
            String begin = "rank " + rank + " of 4, process ";
            assertThat(lines)
                    .filteredOn(line -> line.startsWith(begin) && line.contains(": " + method))
                    .singleElement()
                    .asString()
                    .endsWith("; peers: 3 by tcp");
        }
    }

    /// Slurm reserves them between 17300 and 17499; the hashed ones are above 20000.
    @Test
    void shouldMeetAtAPortThatSlurmHasReserved() throws InterruptedException {
        List<String> options = List.of("--resv-ports=1");
        try (Launched job =
                clusters.withSlurm().start(LauncherKind.SRUN_NONE, options, 4, 1, List.of(), "info", "--join")) {
            assertThat(job.exitCode()).as(job.report()).isZero();
            requireAllJoined(job.out(), "Slurm step, rendezvous at n1:17");
        }
    }

    /// And a secret from the environment, which Slurm hands on.
    @Test
    void shouldMeetAtAPortThatTheUserNames() throws InterruptedException {
        List<String> exports = List.of("PORTHOLE_JOB_SECRET=sesame", "PORTHOLE_JOB_RENDEZVOUS_PORT=17555");
        try (Launched job = clusters.withSlurm().start(LauncherKind.SRUN_NONE, 4, 1, exports, "info", "--join")) {
            assertThat(job.exitCode()).as(job.report()).isZero();
            requireAllJoined(job.out(), "Slurm step, rendezvous at n1:17555");
        }
    }

    @Test
    void shouldJoinUnderMpirunWithoutPmix() throws InterruptedException {
        List<String> exports =
                List.of("PORTHOLE_JOB_PMIX_LIBRARY=libnone.so", "PORTHOLE_JOB_RENDEZVOUS=10.77.0.1:17555");
        try (Launched job = clusters.withoutSlurm().start(LauncherKind.MPIRUN, 4, 1, exports, "info", "--join")) {
            assertThat(job.exitCode()).as(job.report()).isZero();
            requireAllJoined(job.out(), "Open MPI's variables, rendezvous at 10.77.0.1:17555");
        }
        try (Launched job =
                clusters.withoutSlurm().start(LauncherKind.MPIRUN, 1, 2, exports.subList(0, 1), "info", "--join")) {
            assertThat(job.exitCode()).as(job.report()).isZero();
            assertThat(job.out()).filteredOn(line -> line.contains("1 by shm")).hasSize(2);
        }
    }

    /// The pods are hosts whose names and variables are those of pods; the names of their peers come from a hosts file instead of a DNS.
    @Test
    void shouldJoinAsAnIndexedJob() throws Exception {
        StringBuilder names = new StringBuilder("127.0.0.1 localhost\n");
        for (int index = 0; index < 4; index++) {
            names.append("10.77.0." + (index + 1) + " heat-" + index + ".heat.default.svc.cluster.local heat-" + index
                    + '\n');
        }
        Path file = Files.writeString(folder.resolve("pods"), names);
        List<Launched> pods = new ArrayList<>();
        for (int index : List.of(2, 1, 3, 0)) {
            pods.add(clusters.withoutSlurm().startPod(index, file, "PORTHOLE_JOB_SIZE=4", "info", "--join"));
        }
        List<String> lines = new ArrayList<>();
        for (Launched each : pods) {
            assertThat(each.exitCode()).as(clusters.withoutSlurm().report()).isZero();
            lines.addAll(each.out());
        }
        requireAllJoined(lines, "Kubernetes Indexed Job, rendezvous at heat-0.heat.default.svc.cluster.local:41700");
    }

    /// Not mpirun, which reads what ranks write in pieces of a size of its own, and tears a flood of lines apart.
    @ParameterizedTest
    @EnumSource(names = {"SRUN_NONE", "SRUN_PMIX", "HYDRA"})
    void shouldWriteLinesWhole(LauncherKind kind) throws InterruptedException {
        try (Launched job = clusters.of(kind)
                .start(kind, 2, 2, List.of(), "exec", "--main", LauncherProgram.class.getName(), "write")) {
            assertThat(job.exitCode()).as(job.report()).isZero();
            for (int rank = 0; rank < 4; rank++) {
                String begin = "rank " + rank + " line ";
                List<String> expected = IntStream.range(0, LauncherProgram.LINES)
                        .mapToObj(line -> begin + line + " of " + LauncherProgram.LINES)
                        .toList();
                assertThat(job.out()).filteredOn(line -> line.startsWith(begin)).isEqualTo(expected);
            }
            assertThat(job.out()).hasSize(4 * LauncherProgram.LINES);
        }
    }
}
