package org.porthole.internal.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.porthole.ConfigurationException;
import org.porthole.config.Configuration;

class JobSecretTest {
    private static final int RANKS = 16;

    @TempDir
    private Path home;

    private Surroundings around(Map<String, String> settings) {
        return new Surroundings(
                Configuration.load(Map.of(), settings), Map.of("HOME", home.toString()), Path.of("/etc/hosts"));
    }

    private Path file() {
        return home.resolve(".porthole/secret");
    }

    @Test
    void shouldUseWhatIsSet() {
        assertThat(JobSecret.of(around(Map.of("PORTHOLE_JOB_SECRET", "sesame")), "job"))
                .isEqualTo("sesame");
        assertThat(file()).doesNotExist();
    }

    @Test
    void shouldGiveAllRanksOfAJobTheSameThoughEachFindsNoFile() throws Exception {
        Set<String> secrets = ConcurrentHashMap.newKeySet();
        CyclicBarrier start = new CyclicBarrier(RANKS);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Boolean> rank = () -> {
                start.await();
                return secrets.add(JobSecret.of(around(Map.of()), "job"));
            };
            for (var each : threads.invokeAll(java.util.Collections.nCopies(RANKS, rank))) {
                each.get();
            }
        }
        assertThat(secrets).hasSize(1).allMatch(secret -> secret.matches("[0-9a-f]{32}"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        try (var left = Files.list(file().getParent())) {
            assertThat(left).containsExactly(file());
        }
    }

    @Test
    void shouldGiveEachJobItsOwn() throws Exception {
        String one = JobSecret.of(around(Map.of()), "slurm 7.0");
        assertThat(one).isNotEqualTo(JobSecret.of(around(Map.of()), "slurm 7.1"));
        assertThat(Files.readString(file())).doesNotContain(one);
    }

    @Test
    void shouldRefuseAFileThatOthersMayRead() throws Exception {
        Files.createDirectories(file().getParent());
        Files.writeString(file(), "sesame");
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r-----"));
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> JobSecret.of(around(Map.of()), "job"))
                .withMessageContainingAll("chmod 600 " + file(), "PORTHOLE_JOB_SECRET")
                .withMessageNotContaining("sesame");
    }

    @Test
    void shouldSayThatThereIsNone() throws Exception {
        Path inTheWay = Files.writeString(home.resolve("file"), "");
        for (String path : List.of(inTheWay + "/secret", "/proc/none/secret")) {
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> JobSecret.of(around(Map.of("PORTHOLE_JOB_SECRET_FILE", path)), "job"))
                    .withMessageContainingAll(path, "PORTHOLE_JOB_SECRET", "porthole.job.secret.file");
        }
    }
}
