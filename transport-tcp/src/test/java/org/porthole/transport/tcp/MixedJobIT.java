package org.porthole.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.porthole.testkit.Cluster;
import org.porthole.testkit.LeakCheck;

/// Real processes of which some reach each other by shared memory and some by TCP, in one window.
@Timeout(120)
@ExtendWith(LeakCheck.class)
class MixedJobIT {
    private static final int RANKS = 4;

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
