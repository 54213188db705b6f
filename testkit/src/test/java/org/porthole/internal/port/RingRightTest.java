package org.porthole.internal.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.porthole.DeadPortException;
import org.porthole.Job;
import org.porthole.Right;
import org.porthole.Window;
import org.porthole.WindowSpec;
import org.porthole.config.Configuration;
import org.porthole.config.CoreOptions;
import org.porthole.internal.window.BearerRight;
import org.porthole.port.Message;
import org.porthole.port.Port;
import org.porthole.port.PortSpec;

/// Rights that arrive through a ring, whose sender may be anybody: those that nobody has given, that have ended, or that are used a second time are refused
/// and counted by the owner, and nothing of their messages is delivered.
class RingRightTest {
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final Configuration SETTINGS = Configuration.load(Map.of(), Map.of())
            .with(CoreOptions.TRANSPORTS, "indirect")
            .with(CoreOptions.WAIT_DEADLINE, "20s");

    /// A right as a sender would make it up: he knows the port, and this process knows nothing of its end.
    private static HeldRight copy(HeldRight right, int number, long high, long low, boolean once) {
        return new HeldRight(right.office(), right.holding(), number, high, low, once);
    }

    private static void refuse(HeldRight right, Message message) {
        right.send(message);
        assertThatThrownBy(right::flush).isInstanceOf(DeadPortException.class);
        assertThat(right.isDead()).isTrue();
    }

    @Test
    void shouldRefuseWhatIsMadeUp() {
        Job.runLocal(2, SETTINGS, job -> {
            try (Port port = job.openPort(PortSpec.queue().named("port"))) {
                if (job.rank() == 0) {
                    try (HeldRight right = (HeldRight) job.lookup(1, "port", SOON)) {
                        assertThat(right.port())
                                .as("messages go through a ring")
                                .isNull();
                        Message message = job.newMessage();
                        int number = right.number();
                        refuse(copy(right, number, right.high() + 1, right.low(), false), message);
                        refuse(copy(right, number, ~right.high(), right.low(), true), message);
                        refuse(copy(right, number + 1, right.high() + 2, right.low(), false), message);
                        refuse(copy(right, Integer.MIN_VALUE, right.high() + 3, right.low(), false), message);
                        HeldRight called = copy(right, number, right.high() + 4, right.low(), false);
                        assertThatThrownBy(() -> called.call(message)).isInstanceOf(DeadPortException.class);
                        right.send(message);
                        right.flush();
                        // Its first bits name the good right too, which this rank then takes for dead.
                        refuse(copy(right, number, right.high(), right.low() ^ 1, false), message);
                    }
                }
                job.world().barrier();
                assertThat(port.refused()).isEqualTo(job.rank() == 1 ? 6 : 0);
                assertThat(port.queued()).isEqualTo(job.rank());
            }
        });
    }

    @Test
    void shouldRefuseWhatIsStaleOrUsedAgain() {
        Job.runLocal(2, SETTINGS, job -> {
            Port port = job.openPort(PortSpec.queue());
            try (Port inbox = job.openPort(PortSpec.queue().named("in"))) {
                if (job.rank() == 1) {
                    HeldRight stale = (HeldRight) port.rightFor(job.world());
                    try (HeldRight to = (HeldRight) job.lookup(0, "in", SOON)) {
                        to.send(job.newMessage()
                                .add(stale)
                                .add(port.onceRight())
                                .add(port.right()));
                    }
                    port.revoke(stale);
                    job.world().barrier();
                    job.world().barrier();
                    assertThat(port.refused()).isEqualTo(2);
                    assertThat(port.queued()).isEqualTo(2);
                    port.close();
                    job.world().barrier();
                    job.world().barrier();
                    assertThat(port.refused()).isEqualTo(2);
                } else {
                    try (Message received = inbox.receive()) {
                        job.world().barrier();
                        Message message = job.newMessage();
                        refuse((HeldRight) received.right(0), message);
                        HeldRight once = (HeldRight) received.right(1);
                        HeldRight replayed = copy(once, once.number(), once.high(), once.low(), true);
                        HeldRight good = (HeldRight) received.right(2);
                        PooledMessage first = (PooledMessage) message.setLong(0, 1);
                        assertThat(once.office().outbox().trySend(once, first, 0))
                                .isTrue();
                        assertThat(once.office().outbox().trySend(replayed, first, 0))
                                .isTrue();
                        good.send(message.setLong(0, 2));
                        good.flush();
                        job.world().barrier();
                        job.world().barrier();
                        assertThatThrownBy(() -> {
                                    good.send(message);
                                    good.flush();
                                })
                                .isInstanceOf(DeadPortException.class);
                        job.world().barrier();
                    }
                }
            }
        });
    }

    /// What is no right to a window at all spoils the way that it came by, as every record does that is none.
    @Test
    void shouldHearNothingMoreOfWhoSendsWhatIsNoRightToAWindow() {
        Job.runLocal(2, SETTINGS, job -> {
            try (Port inbox = job.openPort(PortSpec.queue().named("in"));
                    Window window = job.world().openWindow(WindowSpec.ofBytes(64))) {
                if (job.rank() == 0) {
                    try (HeldRight right = (HeldRight) job.lookup(1, "in", SOON)) {
                        BearerRight given = (BearerRight) window.grant(Set.of(Right.READ), 0, 8);
                        byte[] bytes = given.bytes();
                        Message message = job.newMessage().add(given);
                        right.send(message);
                        right.flush();
                        bytes[0] = Byte.MAX_VALUE; // of a rank that there is not
                        right.send(message);
                        job.world().barrier();
                    }
                } else {
                    try (HeldRight back = (HeldRight) job.lookup(0, "in", SOON);
                            Message good = inbox.receive()) {
                        assertThat(good.windowRight(0).rank()).isZero();
                        while (!back.isDead()) {
                            assertThat(inbox.tryReceive()).isNull();
                        }
                        job.world().barrier();
                        assertThat(inbox.queued()).isZero();
                    }
                }
            }
        });
    }
}
