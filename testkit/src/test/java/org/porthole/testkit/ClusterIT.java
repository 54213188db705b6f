package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(120)
@ExtendWith(LeakCheck.class)
class ClusterIT {
    private static Cluster start(int lines) {
        return Cluster.start(2, Map.of("EXTRA", "yes"), ClusterProgram.class, Integer.toString(lines));
    }

    @Test
    void shouldStartRanksAndWaitForTheirEnds() {
        try (Cluster cluster = start(0)) {
            for (int rank = 0; rank < cluster.size(); rank++) {
                cluster.awaitLine(rank, "ready");
                assertThat(cluster.output(rank)).contains("rank " + rank + " of 2", "extra: yes");
                cluster.release(rank);
            }
            cluster.awaitSuccess();
        }
    }

    @Test
    void shouldKillWhatIsLeft() {
        Process left;
        try (Cluster cluster = start(0)) {
            left = cluster.process(0);
            cluster.awaitLine(1, "ready");
            cluster.kill(1);
            assertThat(cluster.awaitExit(1)).isEqualTo(Cluster.KILLED);
            assertThat(left.isAlive()).isTrue();
        }
        assertThat(left.isAlive()).isFalse();
    }

    @Test
    void shouldKillWhatIsStopped() {
        try (Cluster cluster = start(0)) {
            cluster.awaitLine(0, "ready");
            cluster.suspend(0);
            cluster.suspend(1);
            cluster.resume(1);
            assertThat(cluster.process(0).isAlive()).isTrue();
        }
    }

    @Test
    void shouldShowAllOutputWhenARankFails() {
        try (Cluster cluster = start(0)) {
            cluster.awaitLine(0, "ready");
            cluster.awaitLine(1, "ready");
            cluster.kill(1);
            assertThatThrownBy(() -> cluster.awaitSuccess(1))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContainingAll("rank 1 ended with 137", "rank 0 of 2", "rank 1 of 2");
            assertThatThrownBy(() -> cluster.awaitLine(1, "never"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContainingAll("\"never\"", "rank 0 of 2");
        }
    }

    @Test
    void shouldKeepTheLastOfMuchOutput() {
        try (Cluster cluster = start(2000)) {
            cluster.awaitLine(0, "ready");
            assertThat(cluster.output(0)).contains("line 1999").doesNotContain("line 0 ");
            assertThat(cluster.output(0).length()).isLessThan(2_000_000);
        }
    }
}
