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

    @Test
    void shouldBeChosenForProcessesOfOneHost() {
        Map<String, String> environment = Map.of("PORTHOLE_TRANSPORTS", "auto");
        try (Cluster cluster = Cluster.start(2, environment, JobProgram.class, "routes")) {
            cluster.awaitSuccess();
            assertThat(cluster.output(0)).contains("0 by self", "1 by shm");
            assertThat(cluster.output(1)).contains("0 by shm", "1 by self");
        }
    }
}
