package org.porthole.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.porthole.testkit.Cluster;
import org.porthole.testkit.LeakCheck;
import org.porthole.testkit.RandomProgramContract;

/// Four real processes that reach each other through shared memory.
@Timeout(120)
@ExtendWith(LeakCheck.class)
class TcpClusterIT {
    private static final int RANKS = 4;

    private static Cluster start(String deadline, String... arguments) {
        Map<String, String> environment = new HashMap<>();
        environment.put("PORTHOLE_TRANSPORTS", "tcp");
        environment.put("PORTHOLE_WAIT_DEADLINE", deadline);
        return Cluster.start(RANKS, environment, ClusterProgram.class, arguments);
    }

    @Test
    void shouldRunRandomProgramsAsTheModelSays() {
        long seed = Long.getLong(RandomProgramContract.SEED_PROPERTY, new SecureRandom().nextInt());
        try (Cluster cluster = start("40s", "random", Long.toString(seed))) {
            cluster.awaitSuccess();
        }
    }

    @Test
    void shouldLoseNoCount() {
        try (Cluster cluster = start("40s", "count")) {
            cluster.awaitSuccess();
            assertThat(cluster.output(3)).contains("clean");
        }
    }

    @Test
    void shouldSayWhoDidNotComeByTheDeadline() {
        try (Cluster cluster = start("1s", "late")) {
            cluster.awaitLine(1, "ready");
            for (int rank : new int[] {0, 2, 3}) {
                cluster.awaitLine(rank, "JobTimeoutException: ");
                assertThat(cluster.output(rank))
                        .contains("rank " + rank + " waits in barrier", "for rank 1", "porthole.wait.deadline")
                        .containsPattern("gave up after \\d+\\.\\d s: ");
            }
            cluster.awaitSuccess(0, 2, 3);
        }
    }

    @Test
    void shouldTellOfARankThatExits() {
        try (Cluster cluster = start("300s", "exit")) {
            assertThat(cluster.awaitExit(1)).isEqualTo(3);
            cluster.awaitSuccess(0, 2, 3);
            assertThat(cluster.output(2)).contains("PeerFailedException: rank 1 failed: its connection");
        }
    }

    @Test
    void shouldTellAllRanksOfAMismatch() {
        try (Cluster cluster = start("300s", "mismatch")) {
            cluster.awaitSuccess();
            for (int rank = 0; rank < RANKS; rank++) {
                assertThat(cluster.output(rank))
                        .contains("CollectiveMismatchException", "rank 3: broadcast of 9 bytes", "8 bytes");
            }
        }
    }

    @Test
    void shouldTellHostsOfOneKernelApartByTheirNames() {
        Map<String, String> environment = Map.of("PORTHOLE_WAIT_DEADLINE", "40s");
        try (Cluster cluster = Cluster.start(RANKS, environment, MixedProgram.class, "hosts")) {
            cluster.awaitSuccess();
            assertThat(cluster.output(0)).contains("1 by tcp", "2 by shm", "clean");
            assertThat(cluster.output(1)).contains("0 by tcp", "2 by tcp", "clean");
        }
    }

    @Test
    void shouldRunInAMixedJob() {
        // Rank 1 has TCP alone, so that the others reach it that way, and each other by shared memory, in one window.
        Map<String, String> environment = new HashMap<>();
        environment.put("PORTHOLE_TRANSPORTS", "auto");
        environment.put("PORTHOLE_WAIT_DEADLINE", "40s");
        try (Cluster cluster = Cluster.start(RANKS, environment, MixedProgram.class)) {
            cluster.awaitSuccess();
            assertThat(cluster.output(0)).contains("1 by tcp", "2 by shm", "clean");
        }
    }
}
