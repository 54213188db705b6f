package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Four real processes that reach each other by the transport under test.
@Timeout(120)
public abstract class ProcessContract extends TransportContract {
    /// How many ranks there are.
    protected static final int RANKS = 4;

    /// For transports.
    protected ProcessContract() {}

    /// Settings of every rank, besides the transport.
    ///
    /// @return variables of the environment
    protected Map<String, String> environment() {
        return Map.of();
    }

    /// What shows that a rank has ended.
    ///
    /// @return how the reason begins: `its process`, or `its connection`
    protected abstract String evidence();

    /// Starts four ranks of [JobProgram].
    ///
    /// @param deadline  of their waits
    /// @param arguments what they do
    /// @return the cluster, to be closed
    protected final Cluster start(String deadline, String... arguments) {
        Map<String, String> environment = new HashMap<>(environment());
        environment.put("PORTHOLE_TRANSPORTS", transport());
        environment.put("PORTHOLE_WAIT_DEADLINE", deadline);
        return Cluster.start(RANKS, environment, JobProgram.class, arguments);
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
    void shouldMeetInTeams() {
        try (Cluster cluster = start("40s", "teams")) {
            cluster.awaitSuccess();
            assertThat(cluster.output(0)).contains("sum 3", "clean");
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
            assertThat(cluster.output(2)).contains("PeerFailedException: rank 1 failed: " + evidence());
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
}
