package org.porthole.internal.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.porthole.JobTimeoutException;
import org.porthole.config.Configuration;
import org.porthole.config.CoreOptions;

/// What the log says of waits that take long.
class WaiterReportTest {
    private final Configuration defaults = Configuration.load(Map.of(), Map.of());
    private final Logger logger = Logger.getLogger(Waiter.class.getName());
    private final AtomicInteger reports = new AtomicInteger();
    private volatile String lastReport = "";

    @BeforeEach
    void listen() {
        logger.setFilter(report -> {
            lastReport = new SimpleFormatter().formatMessage(report);
            reports.incrementAndGet();
            return false;
        });
    }

    @AfterEach
    void listenNoMore() {
        logger.setFilter(null);
    }

    @Test
    void shouldReportWhatTakesLong() {
        CountedLooks awaited = new CountedLooks(Long.MAX_VALUE) {
            @Override
            public boolean isReady() {
                return reports.get() == 3;
            }
        };

        new Waiter(defaults.with(CoreOptions.WAIT_REPORT, "1ms"), true).await(awaited);

        assertThat(reports).hasValue(3);
        assertThat(lastReport).endsWith(": " + awaited.describe());
    }

    @Test
    void shouldReportEverMoreRarely() {
        CountedLooks never = new CountedLooks(Long.MAX_VALUE);
        // Which looks at the clock each time.
        Configuration parking = defaults.with(CoreOptions.WAIT, "park");
        Waiter waiter =
                new Waiter(parking.with(CoreOptions.WAIT_REPORT, "0s").with(CoreOptions.WAIT_DEADLINE, "50ms"), true);

        assertThatExceptionOfType(JobTimeoutException.class).isThrownBy(() -> waiter.await(never));

        // Doubled from a nanosecond on, 50 ms are reached after 26 reports.
        assertThat(reports.get()).isLessThanOrEqualTo(30);
    }

    @Test
    void shouldReportNothingIfTold() {
        CountedLooks never = new CountedLooks(Long.MAX_VALUE);
        Waiter waiter = new Waiter(
                defaults.with(CoreOptions.WAIT_REPORT, "none").with(CoreOptions.WAIT_DEADLINE, "50ms"), true);

        assertThatExceptionOfType(JobTimeoutException.class).isThrownBy(() -> waiter.await(never));

        assertThat(reports).hasValue(0);
    }
}
