package org.porthole.internal.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.porthole.Job;
import org.porthole.port.PortSpec;

/// An inline agent that takes long is reported once, with its stack, while it does.
class InlineWatchTest {
    private final Logger logger = Logger.getLogger(InlineWatch.class.getName());
    private final List<String> reports = new CopyOnWriteArrayList<>();

    @BeforeEach
    void listen() {
        logger.setFilter(report -> {
            reports.add(new SimpleFormatter().formatMessage(report));
            return false;
        });
    }

    @AfterEach
    void listenNoMore() {
        logger.setFilter(null);
    }

    @Test
    void shouldReportWhatStillRunsAtTheNextLook() {
        InlineWatch watch = new InlineWatch(0);
        Job.runLocal(1, job -> {
            try (OpenPort port = (OpenPort) job.openPort(PortSpec.queue().named("slow"))) {
                watch.check();
                watch.check();
                assertThat(reports).isEmpty();
                watch.enter(port);
                watch.check();
                assertThat(reports).isEmpty();
                watch.check();
                watch.check();
                assertThat(reports).hasSize(1);
                assertThat(reports.getFirst())
                        .contains("the agent of inline port 1 \"slow\" of rank 0 has run for")
                        .contains("at " + InlineWatchTest.class.getName());
                watch.leave();
                watch.check();
                watch.enter(port);
                watch.check();
                watch.leave();
                watch.enter(port);
                watch.check();
                assertThat(reports).as("each of them was short").hasSize(1);
                watch.check();
                assertThat(reports).hasSize(2);
                watch.leave();
            }
        });
    }

    @Test
    void shouldReportNothingBeforeItsTime() {
        InlineWatch watch = new InlineWatch(TimeUnit.HOURS.toNanos(1));
        watch.enter(null);
        watch.check();
        watch.check();
        watch.leave();
        assertThat(reports).isEmpty();
    }

    @Test
    void shouldLetOtherThreadsWait() throws InterruptedException {
        InlineWatch watch = new InlineWatch(0);
        watch.requireMayWait();
        watch.enter(null);
        assertThatIllegalStateException().isThrownBy(watch::requireMayWait);
        AtomicReference<RuntimeException> other = new AtomicReference<>();
        Thread thread = Thread.ofPlatform().start(() -> {
            try {
                watch.requireMayWait();
            } catch (RuntimeException e) {
                other.set(e);
            }
        });
        thread.join();
        assertThat(other.get()).isNull();
        watch.leave();
        watch.requireMayWait();
    }
}
