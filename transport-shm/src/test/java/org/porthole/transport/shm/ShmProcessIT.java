package org.porthole.transport.shm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.porthole.testkit.Cluster;
import org.porthole.testkit.JobProgram;
import org.porthole.testkit.ProcessContract;

class ShmProcessIT extends ProcessContract {
    @Override
    protected String transport() {
        return "shm";
    }

    @Override
    protected String evidence() {
        return "its process";
    }

    @Test
    void shouldBeChosenForProcessesOfOneHost() {
        Map<String, String> environment = Map.of("PORTHOLE_TRANSPORTS", "auto");
        try (Cluster cluster = Cluster.start(2, environment, JobProgram.class, "routes")) {
            cluster.awaitSuccess();
            assertThat(cluster.output(0)).contains("0 by self", "1 by shm");
            assertThat(cluster.output(1)).contains("0 by shm", "1 by self");
        }
    }

    /// Nothing of the target takes part, not even a thread of the transport.
    @Test
    void shouldReachAProcessThatIsStopped() {
        try (Cluster cluster = start("40s", "reach")) {
            for (int rank = 0; rank < RANKS; rank++) {
                cluster.awaitLine(rank, "ready");
            }
            cluster.suspend(1);
            cluster.release(0);
            cluster.awaitLine(0, "reached 42 5 6");
            cluster.resume(1);
            for (int rank = 1; rank < RANKS; rank++) {
                cluster.release(rank);
            }
            cluster.awaitSuccess();
        }
    }
}
