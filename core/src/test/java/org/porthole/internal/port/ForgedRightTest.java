package org.porthole.internal.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.porthole.DeadPortException;
import org.porthole.Job;
import org.porthole.port.Message;
import org.porthole.port.Port;
import org.porthole.port.PortSpec;

/// Rights that nobody has given are refused and counted, and so are those that are used a second time, or after they have ended.
class ForgedRightTest {
    private static final Duration SOON = Duration.ofSeconds(15);

    @Test
    void shouldRefuseWhatIsMadeUp() {
        Job.runLocal(2, job -> {
            try (Port port = job.openPort(PortSpec.queue().named("port"))) {
                if (job.rank() == 0) {
                    try (HeldRight right = (HeldRight) job.lookup(1, "port", SOON)) {
                        Message message = job.newMessage();
                        int number = right.number();
                        refuse(copy(right, number, right.high() + 1, right.low(), false), message);
                        refuse(copy(right, number, ~right.high(), right.low(), true), message);
                        refuse(copy(right, number + 1, right.high() + 2, right.low(), false), message);
                        refuse(copy(right, Integer.MIN_VALUE, right.high() + 3, right.low(), false), message);
                        right.send(message);
                        // Its first bits name the good right too, which this rank then takes for dead.
                        refuse(copy(right, number, right.high(), right.low() ^ 1, false), message);
                    }
                }
                job.world().barrier();
                assertThat(port.refused()).isEqualTo(job.rank() == 1 ? 5 : 0);
                assertThat(port.queued()).isEqualTo(job.rank());
            }
        });
    }

    @Test
    void shouldRefuseWhatIsUsedAgain() {
        Job.runLocal(1, job -> {
            try (Port port = job.openPort(PortSpec.queue())) {
                HeldRight once = (HeldRight) port.onceRight();
                HeldRight replayed = copy(once, once.number(), once.high(), once.low(), true);
                Message message = job.newMessage();
                once.send(message);
                assertThatThrownBy(() -> replayed.send(message)).isInstanceOf(DeadPortException.class);
                assertThat(((OpenPort) port).admits(once.number(), once.high(), once.low(), 0))
                        .isFalse();
                assertThat(port.refused()).isEqualTo(1);
                HeldRight stale = (HeldRight) port.rightFor(job.world());
                port.revoke(stale);
                refuse(stale, message);
                assertThat(port.refused()).isEqualTo(2);
                assertThat(port.queued()).isEqualTo(1);
            }
        });
    }

    private static void refuse(HeldRight forged, Message message) {
        assertThatThrownBy(() -> forged.send(message)).isInstanceOf(DeadPortException.class);
        assertThat(forged.isDead()).isTrue();
    }

    private static HeldRight copy(HeldRight right, int number, long high, long low, boolean once) {
        return new HeldRight(right.office(), right.holding(), number, high, low, once);
    }
}
