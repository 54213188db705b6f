package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Mixed traffic between ports for a while: queues that run full, calls that fail or are aborted, replies, rights, loans and rights to windows, all at once.
/// Every message arrives once and in order, every request has one outcome, every loan comes back, and nothing is left over.
@Tag("soak")
public abstract class PortSoakContract extends TransportContract {
    /// Says for how many seconds there is traffic.
    public static final String SECONDS_PROPERTY = "porthole.test.soak";

    /// Says what the traffic is made of; the same number gives each rank the same steps.
    public static final String SEED_PROPERTY = "porthole.test.seed";

    private static final int RANKS = 3;
    private static final long SECONDS = 10;

    /// For transports.
    protected PortSoakContract() {}

    @Test
    @Timeout(value = 4, unit = TimeUnit.HOURS)
    void shouldKeepItsPromisesForAWhile() {
        Duration duration = Duration.ofSeconds(Long.getLong(SECONDS_PROPERTY, SECONDS));
        long seed = Long.getLong(SEED_PROPERTY, System.nanoTime());
        try {
            ranks(RANKS, job -> {
                try (PortSoak soak = new PortSoak(job, seed)) {
                    long begin = System.nanoTime();
                    while (System.nanoTime() - begin < duration.toNanos()) {
                        for (int i = 0; i < 200; i++) {
                            soak.step();
                        }
                    }
                    soak.end();
                    assertThat(soak.steps()).isPositive();
                }
            });
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("with -D" + SEED_PROPERTY + "=" + seed + ": " + e.getMessage(), e);
        }
    }
}
