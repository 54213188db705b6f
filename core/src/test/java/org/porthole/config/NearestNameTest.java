package org.porthole.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {
    private static final List<String> KNOWN = List.of("inproc", "shm", "tcp", "rdma", "porthole.wait.deadline");

    @ParameterizedTest
    @CsvSource({
        "shm, shm",
        "SHM, shm",
        "sm, shm",
        "smh, shm",
        "shmm, shm",
        "inprocess, inproc",
        "rmda, rdma",
        "porthole.wait.dedline, porthole.wait.deadline",
        "porthole.deadline, porthole.wait.deadline",
    })
    void shouldFindSlips(String given, String meant) {
        assertThat(NearestName.to(given, KNOWN)).isEqualTo(meant);
    }

    @ParameterizedTest
    @CsvSource({"infiniband", "''", "porthole.job.size"})
    void shouldNotGuess(String given) {
        assertThat(NearestName.to(given, KNOWN)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"shm"})
    void shouldFindNothingAmongNothing(String given) {
        assertThat(NearestName.to(given, List.of())).isEmpty();
    }
}
