package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.porthole.config.CoreOptions;
import org.porthole.port.Port;
import org.porthole.port.PortSpec;
import org.porthole.port.SendRight;

/// An inline agent that blocks is reported where it holds up others, and only there.
public abstract class InlineAgentContract extends TransportContract {
    private final Logger logger = Logger.getLogger("org.porthole.internal.port.InlineWatch");
    private final List<String> reports = new CopyOnWriteArrayList<>();
    private final CountDownLatch reported = new CountDownLatch(1);

    /// For transports.
    protected InlineAgentContract() {}

    @BeforeEach
    final void listen() {
        logger.setFilter(report -> {
            reports.add(new SimpleFormatter().formatMessage(report));
            reported.countDown();
            return false;
        });
    }

    @AfterEach
    final void listenNoMore() {
        logger.setFilter(null);
    }

    /// The agent of rank 1 does not come back until somebody has noticed. All that rank does is to wait for the others, in a call that has nothing to do with
    /// ports.
    @Test
    void shouldReportWhatBlocks() {
        AtomicReference<Thread> caller = new AtomicReference<>();
        ranks(2, configuration().with(CoreOptions.PORT_INLINE_REPORT, "1ms"), job -> {
            PortSpec blocking = PortSpec.inline(message -> {
                boolean isCaller = Thread.currentThread() == caller.get();
                return isCaller || reported.await(MEETING_S, TimeUnit.SECONDS) ? reports.size() : -1;
            });
            try (Port port = job.openPort(blocking.named("blocking"))) {
                if (job.rank() == 0) {
                    caller.set(Thread.currentThread());
                    try (SendRight right = job.lookup(1, "blocking", PortContract.SOON)) {
                        boolean runsHere = job.routes().get(1).transport().equals("inproc");
                        assertThat(right.call(job.newMessage())).isEqualTo(runsHere ? 0 : 1);
                        assertThat(reports).hasSize(runsHere ? 0 : 1);
                    }
                }
                job.world().barrier();
                assertThat(port.refused()).isZero();
            }
        });
        for (String each : reports) {
            assertThat(each).contains("\"blocking\" of rank 1 has run for").contains("CountDownLatch.await");
        }
    }
}
