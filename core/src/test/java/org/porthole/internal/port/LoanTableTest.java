package org.porthole.internal.port;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.porthole.Job;
import org.porthole.port.Message;
import org.porthole.port.Port;
import org.porthole.port.PortSpec;

/// What threads of one process lend each other is forgotten when it has come back.
class LoanTableTest {
    private static final Duration SOON = Duration.ofSeconds(15);

    @Test
    void shouldForgetLoansThatHaveEnded() {
        Job.runLocal(2, job -> {
            AtomicInteger released = new AtomicInteger();
            Port port = job.openPort(PortSpec.queue().named("in"));
            try (Arena arena = Arena.ofShared();
                    HeldRight right = (HeldRight) job.lookup(1 - job.rank(), "in", SOON)) {
                MemorySegment region = arena.allocate(64);
                Message message = job.newMessage();
                for (int i = 0; i < 3; i++) {
                    right.send(message.attach(region, released::incrementAndGet));
                }
                job.world().barrier();
                assertThat(right.office().loans().size()).isEqualTo(3);
                job.world().barrier();
                try (Message fetched = port.receive();
                        Message closed = port.receive()) {
                    fetched.fetch(MemorySegment.ofArray(new byte[64]));
                    assertThat(closed.hasRegion()).isTrue();
                }
                job.world().barrier();
                assertThat(released).hasValue(2);
                assertThat(right.office().loans().size()).isEqualTo(1);
                job.world().barrier();
                port.close();
                job.world().barrier();
                assertThat(right.office().loans().size()).isZero();
            }
        });
    }
}
