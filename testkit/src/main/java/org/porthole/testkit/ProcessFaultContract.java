package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Rank 1 of three is killed or stopped wherever ranks wait. The deadline of the ranks' waits is longer than that of the tests, so that only the
/// death itself can end them.
@Timeout(120)
public abstract class ProcessFaultContract extends TransportContract {
    private static final int MISSING = WaitProgram.MISSING;
    private static final int[] SURVIVORS = {0, 2};
    /// What a rank logs once it has waited for long.
    private static final String REPORT = "s now: rank ";
    /// So many reports come in half a second or more: each wait is twice as long as the one before.
    private static final int REPORTS = 3;

    /// For transports.
    protected ProcessFaultContract() {}

    /// How those that are told of the death of rank 1 are told.
    ///
    /// @return words that its message has, the rank first
    protected String[] toldWords() {
        return new String[] {"rank 1 failed"};
    }

    /// Settings of every rank, besides the transport.
    ///
    /// @return variables of the environment
    protected Map<String, String> environment() {
        return Map.of();
    }

    private Cluster start(Class<?> program, String... arguments) {
        Map<String, String> environment = new HashMap<>(environment());
        environment.put("PORTHOLE_TRANSPORTS", transport());
        environment.put("PORTHOLE_WAIT_DEADLINE", "300s");
        environment.put("PORTHOLE_WAIT_REPORT", "100ms");
        return Cluster.start(3, environment, program, arguments);
    }

    private static void awaitSurvivors(Cluster cluster, String text, int count) {
        for (int rank : SURVIVORS) {
            cluster.awaitLines(rank, text, count);
        }
    }

    /// Survivors have been told who died, have freed everything, and ended well.
    private void requireAllTold(Cluster cluster) {
        cluster.awaitSuccess(SURVIVORS);
        for (int rank : SURVIVORS) {
            assertThat(cluster.output(rank)).contains("told", "clean").contains(toldWords());
        }
        assertThat(cluster.awaitExit(MISSING)).isEqualTo(Cluster.KILLED);
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellThoseThatSleepInAWaitOfADeath(WaitKind kind) {
        try (Cluster cluster = start(WaitProgram.class, kind.name(), "absent")) {
            cluster.awaitLine(MISSING, "absent");
            awaitSurvivors(cluster, REPORT, 1);
            cluster.kill(MISSING);
            requireAllTold(cluster);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellOfADeathInTheMiddleOfThings(WaitKind kind) {
        try (Cluster cluster = start(WaitProgram.class, kind.name(), "busy")) {
            for (int rank = 0; rank < cluster.size(); rank++) {
                cluster.awaitLine(rank, "running");
            }
            cluster.kill(MISSING);
            requireAllTold(cluster);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldGoOnWithoutARankThatDiesInAnEpoch(GroupFaultKind kind) {
        try (Cluster cluster = start(GroupFaultProgram.class, kind.name())) {
            for (int rank = 0; rank < cluster.size(); rank++) {
                cluster.awaitLine(rank, "ready");
            }
            cluster.kill(MISSING);
            for (int rank : SURVIVORS) {
                cluster.release(rank);
            }
            requireAllTold(cluster);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldWaitForARankThatIsStopped(WaitKind kind) {
        try (Cluster cluster = start(WaitProgram.class, kind.name(), "late")) {
            cluster.awaitLine(MISSING, "absent");
            cluster.suspend(MISSING);
            cluster.release(MISSING);
            awaitSurvivors(cluster, REPORT, REPORTS);
            cluster.resume(MISSING);
            cluster.awaitSuccess();
            assertThat(cluster.output(0)).doesNotContain("told").contains("clean");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "EXCLUSIVE, EXCLUSIVE",
        "EXCLUSIVE, SHARED",
        "SHARED, EXCLUSIVE",
        "ALL, EXCLUSIVE",
        "VIEW, EXCLUSIVE",
        "VIEW, SHARED"
    })
    void shouldGiveBackTheLockOfADeadHolder(String held, String wanted) {
        try (Cluster cluster = start(LockProgram.class, held, wanted, "killed")) {
            cluster.awaitLine(MISSING, "holding");
            for (int rank : SURVIVORS) {
                cluster.release(rank);
            }
            awaitSurvivors(cluster, REPORT, 1);
            cluster.kill(MISSING);
            awaitSurvivors(cluster, "counted", 1);
            cluster.awaitSuccess(SURVIVORS);
            // Who waits behind a survivor that is told may be served at once.
            assertThat(cluster.output(0) + cluster.output(2))
                    .contains("told", "clean")
                    .contains(toldWords());
        }
    }

    @ParameterizedTest
    @CsvSource({"EXCLUSIVE, EXCLUSIVE", "EXCLUSIVE, SHARED", "SHARED, EXCLUSIVE", "ALL, EXCLUSIVE", "VIEW, EXCLUSIVE"})
    void shouldLeaveTheLockToAHolderThatIsStopped(String held, String wanted) {
        try (Cluster cluster = start(LockProgram.class, held, wanted, "late")) {
            cluster.awaitLine(MISSING, "holding");
            cluster.suspend(MISSING);
            cluster.release(MISSING);
            for (int rank : SURVIVORS) {
                cluster.release(rank);
            }
            awaitSurvivors(cluster, REPORT, REPORTS);
            cluster.resume(MISSING);
            cluster.awaitSuccess();
            assertThat(cluster.output(2)).contains("counted").doesNotContain("told");
        }
    }

    @Test
    void shouldTellOfALockHolderThatDiesBeforeAnybodyAsks() {
        try (Cluster cluster = start(LockProgram.class, "EXCLUSIVE", "EXCLUSIVE", "killed")) {
            cluster.awaitLine(MISSING, "holding");
            cluster.kill(MISSING);
            cluster.release(0);
            cluster.awaitLine(0, "told");
            cluster.awaitLine(0, "message: ");
        }
    }
}
