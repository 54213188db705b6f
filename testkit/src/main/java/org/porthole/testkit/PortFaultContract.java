package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Rank 1 of three is killed at each step of a message's way. Every waiter wakes, every message came once and in order, and every holder hears of the
/// end. The deadline of the ranks' waits is longer than that of the tests, so that only the death itself can end them.
@Timeout(120)
public abstract class PortFaultContract extends TransportContract {
    /// For transports.
    protected PortFaultContract() {}

    @ParameterizedTest
    @EnumSource
    void shouldEndWhatADeadRankLeavesUnfinished(PortFaultProgram.Step step) {
        Map<String, String> environment = Map.of("PORTHOLE_TRANSPORTS", transport(), "PORTHOLE_WAIT_DEADLINE", "300s");
        try (Cluster cluster = Cluster.start(3, environment, PortFaultProgram.class, step.name())) {
            cluster.awaitLine(0, "running");
            cluster.awaitLine(2, "running");
            cluster.kill(WaitProgram.MISSING);
            cluster.awaitSuccess(0, 2);
            assertThat(cluster.output(0)).contains("told", "clean");
            assertThat(cluster.output(2)).contains("told", "clean");
            assertThat(cluster.awaitExit(WaitProgram.MISSING)).isEqualTo(Cluster.KILLED);
        }
    }
}
