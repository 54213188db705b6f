package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The end of a lease holds though an origin is stopped in the middle of an operation, or killed: it is reported in bounded time, and no byte changes
/// afterwards. With processes; needs Linux.
@Timeout(120)
public abstract class LeaseFaultContract extends TransportContract {
    /// For transports.
    protected LeaseFaultContract() {}

    /// Whether an origin that has been stopped may still write to the memory, so that the owner leaves it.
    ///
    /// @return true if origins map it
    protected abstract boolean isMapped();

    @Test
    void shouldEndThoughAnOriginIsStoppedOrDead() {
        long seed = ThreadLocalRandom.current().nextLong();
        Map<String, String> environment = Map.of(
                "PORTHOLE_TRANSPORTS", transport(), "PORTHOLE_WAIT_DEADLINE", "90s", "PORTHOLE_LEASE_BOUND", "20ms");
        try (Cluster cluster = Cluster.start(3, environment, LeaseProgram.class, Long.toString(seed))) {
            cluster.awaitSuccess(0, 2);
            assertThat(cluster.output(0)).as("seed " + seed).contains(LeaseProgram.UNCHANGED);
            assertThat(cluster.output(0).contains(LeaseProgram.MOVED)).isEqualTo(isMapped());
        }
    }
}
