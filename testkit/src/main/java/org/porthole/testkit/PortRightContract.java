package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.porthole.Access;
import org.porthole.DeadPortException;
import org.porthole.JobTimeoutException;
import org.porthole.Team;
import org.porthole.Window;
import org.porthole.port.Message;
import org.porthole.port.MessageKind;
import org.porthole.port.Port;
import org.porthole.port.PortAgent;
import org.porthole.port.PortSpec;
import org.porthole.port.SendRight;

/// Rights, names and loans: who holds one may send, wherever it came from; who does not may not; and everybody hears of the end, once.
public abstract class PortRightContract extends TransportContract {
    private static final Duration SOON = PortContract.SOON;
    /// How many of a rank's messages may wait for their outcomes.
    private static final int MOST_CALLS = 4096;

    /// For transports.
    protected PortRightContract() {}

    private static PortSpec adder(int summand) {
        return PortSpec.inline(message -> (int) message.getLong(0) + summand);
    }

    /// Rank 0 gives a right to rank 1, which gives it to rank 2, which has never met rank 0.
    @Test
    void shouldLetRightsTravel() {
        ranks(3, job -> {
            try (Port inbox = job.openPort(PortSpec.queue().named("in"));
                    Port port = job.openPort(adder(100))) {
                Message message = job.newMessage();
                if (job.rank() < 2) {
                    SendRight given =
                            job.rank() == 0 ? port.right() : inbox.receive().right(0);
                    try (SendRight to = job.lookup(job.rank() + 1, "in", SOON)) {
                        to.send(message.add(given));
                        to.flush();
                    }
                    assertThat(given.call(message.clear().setLong(0, 1))).isEqualTo(101);
                    given.close();
                    assertThatThrownBy(() -> given.send(message)).isInstanceOf(IllegalStateException.class);
                } else {
                    try (Message received = inbox.receive()) {
                        assertThat(received.rights()).isEqualTo(1);
                        assertThat(received.sender()).isEqualTo(1);
                        try (SendRight right = received.right(0)) {
                            assertThat(right.rank()).isZero();
                            for (int i = 0; i < 100; i++) {
                                assertThat(right.call(message.setLong(0, i))).isEqualTo(100 + i);
                            }
                        }
                    }
                }
                job.world().barrier();
                assertThat(port.refused()).isZero();
            }
        });
    }

    @Test
    void shouldBringRightsBackInReplies() {
        ranks(2, job -> {
            try (Port deep = job.openPort(adder(5));
                    SendRight inner = deep.right();
                    Port front = job.openPort(PortSpec.inline(message -> {
                                message.clear().add(inner);
                                return 0;
                            })
                            .named("front"));
                    SendRight right = job.lookup(1 - job.rank(), "front", SOON)) {
                Message message = job.newMessage();
                for (int i = 0; i < 50; i++) {
                    assertThat(right.call(message)).isZero();
                    assertThat(message.length()).isZero();
                    try (SendRight got = message.right(0)) {
                        assertThat(got.rank()).isEqualTo(1 - job.rank());
                        assertThat(got.call(job.newMessage().setLong(0, i))).isEqualTo(5 + i);
                    }
                }
                job.world().barrier();
                assertThat(front.refused()).isZero();
            }
        });
    }

    @Test
    void shouldRefuseWhatIsRevokedAndNothingElse() {
        ranks(2, job -> {
            try (Port port = job.openPort(adder(0).named("port"));
                    Port inbox = job.openPort(PortSpec.queue().named("in"));
                    SendRight other = job.lookup(1 - job.rank(), "in", SOON)) {
                Message message = job.newMessage();
                SendRight forTeam = port.rightFor(job.world());
                other.send(message.add(port.right()).add(forTeam));
                try (Message received = inbox.receive();
                        SendRight common = received.right(0);
                        SendRight special = received.right(1)) {
                    message.clear().setLong(0, 4);
                    assertThat(common.call(message)).isEqualTo(4);
                    assertThat(special.call(message.setLong(0, 4))).isEqualTo(4);
                    job.world().barrier();
                    port.revoke(forTeam);
                    job.world().barrier();
                    assertThatThrownBy(() -> special.call(message)).isInstanceOf(DeadPortException.class);
                    assertThat(special.isDead()).isTrue();
                    assertThatThrownBy(() -> special.send(message)).isInstanceOf(DeadPortException.class);
                    assertThat(common.call(message.setLong(0, 6))).isEqualTo(6);
                    assertThat(common.isDead()).isFalse();
                    job.world().barrier();
                    assertThat(port.refused()).isEqualTo(1);
                }
            }
        });
    }

    @Test
    void shouldLimitRightsToATeam() {
        ranks(3, job -> {
            Team pair = job.world().split(job.rank() < 2 ? 0 : 1, 0).orElseThrow();
            try (Port port = job.openPort(adder(0));
                    Port inbox = job.openPort(PortSpec.queue().named("in"))) {
                Message message = job.newMessage();
                if (job.rank() == 0) {
                    try (SendRight right = port.rightFor(pair)) {
                        for (int rank = 1; rank < 3; rank++) {
                            try (SendRight to = job.lookup(rank, "in", SOON)) {
                                to.send(message.clear().add(right));
                            }
                        }
                        job.world().barrier();
                        assertThat(port.refused()).isEqualTo(1);
                    }
                } else {
                    try (Message received = inbox.receive();
                            SendRight right = received.right(0)) {
                        message.setLong(0, 8);
                        if (job.rank() == 1) {
                            assertThat(right.call(message)).isEqualTo(8);
                        } else {
                            assertThatThrownBy(() -> right.call(message)).isInstanceOf(DeadPortException.class);
                        }
                        job.world().barrier();
                    }
                }
            }
        });
    }

    @Test
    void shouldTakeARightOnce() {
        ranks(2, job -> {
            try (Port port = job.openPort(PortSpec.queue());
                    Port inbox = job.openPort(PortSpec.queue().named("in"));
                    SendRight other = job.lookup(1 - job.rank(), "in", SOON)) {
                Message message = job.newMessage();
                for (int i = 0; i < 20; i++) {
                    SendRight once = port.onceRight();
                    other.send(message.clear().add(once));
                    assertThat(once.isDead()).isTrue();
                    try (Message received = inbox.receive();
                            SendRight right = received.right(0)) {
                        assertThatThrownBy(right::copy).isInstanceOf(IllegalStateException.class);
                        right.send(job.newMessage().setLong(0, i));
                        assertThatThrownBy(() -> right.send(message)).isInstanceOf(DeadPortException.class);
                    }
                    try (Message received = port.receive()) {
                        assertThat(received.getLong(0)).isEqualTo(i);
                    }
                }
                job.world().barrier();
                assertThat(port.queued()).isZero();
            }
        });
    }

    /// A right that is good once travels as often as it may, also back to whoever has had it, and to the rank that sends it.
    @Test
    void shouldLetARightThatIsGoodOnceTravel() {
        ranks(2, job -> {
            try (Port port = job.openPort(PortSpec.queue());
                    Port inbox = job.openPort(PortSpec.queue().named("in"));
                    SendRight other = job.lookup(1 - job.rank(), "in", SOON);
                    SendRight self = job.lookup(job.rank(), "in", SOON)) {
                other.send(job.newMessage().add(port.onceRight()));
                for (SendRight next : new SendRight[] {other, self}) {
                    try (Message received = inbox.receive()) {
                        SendRight right = received.right(0);
                        next.send(job.newMessage().add(right));
                        assertThat(right.isDead()).isTrue();
                        assertThatThrownBy(() -> right.send(received)).isInstanceOf(DeadPortException.class);
                    }
                }
                try (Message received = inbox.receive();
                        SendRight right = received.right(0)) {
                    assertThat(right.isDead()).isFalse();
                    right.send(job.newMessage().setLong(0, 9));
                }
                try (Message received = port.receive()) {
                    assertThat(received.getLong(0)).isEqualTo(9);
                }
                job.world().barrier();
                assertThat(port.refused()).isZero();
            }
        });
    }

    @Test
    void shouldTellWhenNobodyCanSendAnyMore() {
        ranks(3, job -> {
            try (Port inbox = job.openPort(PortSpec.queue().named("in"))) {
                if (job.rank() == 0) {
                    try (Port port = job.openPort(PortSpec.queue())) {
                        port.notifyNoSenders();
                        assertThat(port.tryReceive()).isNull();
                        try (SendRight right = port.right()) {
                            for (int rank = 1; rank < 3; rank++) {
                                try (SendRight to = job.lookup(rank, "in", SOON)) {
                                    to.send(job.newMessage().add(right));
                                }
                            }
                        }
                        for (int i = 0; i < 2; i++) {
                            try (Message message = port.receive()) {
                                assertThat(message.kind()).isEqualTo(MessageKind.DATA);
                            }
                        }
                        try (Message message = port.receive()) {
                            assertThat(message.kind()).isEqualTo(MessageKind.NO_SENDERS);
                        }
                        assertThat(port.receive(Duration.ofMillis(5))).isNull();
                    }
                } else {
                    try (Message received = inbox.receive()) {
                        try (SendRight right = received.right(0);
                                SendRight copy = right.copy()) {
                            copy.send(job.newMessage());
                            copy.flush();
                        }
                    }
                }
                job.world().barrier();
            }
        });
    }

    /// What nobody has taken out of a message is given up with it.
    @Test
    void shouldGiveUpRightsThatNobodyTakes() {
        ranks(2, job -> {
            try (Port inbox = job.openPort(PortSpec.queue().named("in"));
                    Port port = job.openPort(PortSpec.queue());
                    SendRight other = job.lookup(1 - job.rank(), "in", SOON)) {
                try (SendRight right = port.right()) {
                    other.send(job.newMessage().add(right));
                }
                inbox.receive().close();
                port.notifyNoSenders();
                try (Message message = port.receive()) {
                    assertThat(message.kind()).isEqualTo(MessageKind.NO_SENDERS);
                }
                job.world().barrier();
            }
        });
    }

    /// A call that is given up before it is sent has given nothing away.
    @Test
    void shouldKeepTheRightsOfACallThatIsNotSent() {
        ranks(2, job -> {
            PortSpec silent = PortSpec.queue().named("silent").withLimit(MOST_CALLS, 1 << 20);
            try (Port port = job.openPort(PortSpec.queue());
                    Port ignored = job.openPort(silent);
                    SendRight to = job.lookup(1 - job.rank(), "silent", SOON)) {
                port.notifyNoSenders();
                try (SendRight right = port.right()) {
                    for (int i = 0; i < MOST_CALLS; i++) {
                        to.start(job.newMessage());
                    }
                    Message message = job.newMessage().add(right);
                    Thread.currentThread().interrupt();
                    assertThatThrownBy(() -> to.call(message)).isInstanceOf(CancellationException.class);
                    assertThat(Thread.interrupted()).isTrue();
                }
                try (Message message = port.receive(SOON)) {
                    assertThat(message.kind()).isEqualTo(MessageKind.NO_SENDERS);
                }
                job.world().barrier();
                assertThat(ignored.queued()).isEqualTo(MOST_CALLS);
            }
        });
    }

    @Test
    void shouldTellHoldersOfTheEnd() {
        CountDownLatch sent = new CountDownLatch(1);
        ranks(2, job -> {
            try (Port inbox = job.openPort(PortSpec.queue().named("in"))) {
                if (job.rank() == 0) {
                    Port port = job.openPort(PortSpec.queue().named("mortal"));
                    await(sent);
                    assertThat(port.receive().getLong(0)).isZero();
                    port.close();
                    port.close();
                    assertThatThrownBy(port::receive).isInstanceOf(IllegalStateException.class);
                    assertThatThrownBy(port::right).isInstanceOf(IllegalStateException.class);
                } else {
                    try (SendRight right = job.lookup(0, "mortal", SOON)) {
                        right.notifyDead(inbox, 77);
                        right.send(job.newMessage().setLong(0, 0));
                        Message waiting = job.newMessage();
                        right.start(waiting);
                        sent.countDown();
                        assertThatThrownBy(waiting::await).isInstanceOf(DeadPortException.class);
                        try (Message dead = inbox.receive()) {
                            assertThat(dead.kind()).isEqualTo(MessageKind.DEAD_NAME);
                            assertThat(dead.tag()).isEqualTo(77);
                            assertThat(dead.sender()).isZero();
                        }
                        assertThat(right.isDead()).isTrue();
                        assertThatThrownBy(() -> right.send(waiting)).isInstanceOf(DeadPortException.class);
                        assertThatThrownBy(right::flush).isInstanceOf(DeadPortException.class);
                        right.notifyDead(inbox, 78);
                        try (Message dead = inbox.receive()) {
                            assertThat(dead.tag()).isEqualTo(78);
                        }
                        assertThat(inbox.receive(Duration.ofMillis(5))).isNull();
                    }
                    assertThatThrownBy(() -> job.lookup(0, "mortal", Duration.ofMillis(5)))
                            .isInstanceOf(JobTimeoutException.class)
                            .hasMessageContaining("found no port \"mortal\" at rank 0");
                }
                job.world().barrier();
            }
        });
    }

    @Test
    void shouldFindNamesThatAppearAndDisappear() {
        ranks(3, job -> {
            int next = (job.rank() + 1) % 3;
            Message message = job.newMessage();
            for (int round = 0; round < 10; round++) {
                int expected = 10 * next + round;
                try (Port port = job.openPort(adder(10 * job.rank() + round).named("round"));
                        SendRight right = job.lookup(next, "round", SOON)) {
                    assertThatThrownBy(() -> job.openPort(PortSpec.queue().named("round")))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("\"round\" already");
                    assertThat(right.call(message.setLong(0, 0))).isEqualTo(expected);
                    job.world().barrier();
                    assertThat(port.refused()).isZero();
                }
                job.world().barrier();
            }
            assertThatThrownBy(() -> job.lookup(3, "round", SOON)).isInstanceOf(IndexOutOfBoundsException.class);
        });
    }

    @Test
    void shouldFindPublishedNames() {
        ranks(3, job -> {
            Message message = job.newMessage();
            for (int round = 0; round < 6; round++) {
                String name = "service-" + round;
                if (job.rank() == round % 3) {
                    try (Port port = job.openPort(adder(1000))) {
                        port.publish(name);
                        job.world().barrier();
                        assertThatThrownBy(() -> port.publish(name)).isInstanceOf(IllegalStateException.class);
                    }
                    job.world().barrier();
                } else {
                    try (SendRight right = job.lookup(name, SOON)) {
                        assertThat(right.rank()).isEqualTo(round % 3);
                        assertThat(right.call(message.setLong(0, round))).isEqualTo(1000 + round);
                    }
                    job.world().barrier();
                    job.world().barrier();
                    assertThatThrownBy(() -> job.lookup(name, Duration.ofMillis(5)))
                            .isInstanceOf(JobTimeoutException.class)
                            .hasMessageContaining(name);
                }
                job.world().barrier();
            }
        });
    }

    /// The message comes after the bytes.
    @Test
    void shouldNotifyByMessage() {
        ranks(2, job -> {
            try (Port inbox = job.openPort(PortSpec.queue().named("in"));
                    SendRight right = job.lookup(1 - job.rank(), "in", SOON);
                    Window window = open(job, 1 << 12);
                    Access access = window.lockAll()) {
                long[] ball = new long[400];
                Message message = job.newMessage();
                for (int round = 1; round <= 300; round++) {
                    if (job.rank() == round % 2) {
                        java.util.Arrays.fill(ball, round);
                        access.put(1 - job.rank(), 8, MemorySegment.ofArray(ball));
                        right.send(message.setLong(0, round));
                        access.flush(1 - job.rank());
                    } else {
                        try (Message received = inbox.receive()) {
                            assertThat(received.getLong(0)).isEqualTo(round);
                        }
                        access.get(job.rank(), 8, MemorySegment.ofArray(ball));
                        access.flushLocal(job.rank());
                        assertThat(ball).containsOnly(round);
                    }
                }
                job.world().barrier();
            }
        });
    }

    @Test
    void shouldFailWhatWaitsWhenARankFails() {
        CountDownLatch started = new CountDownLatch(2);
        var failure = failingRanks(3, job -> {
            Port inbox = job.openPort(PortSpec.queue().named("in"));
            if (job.rank() == 0) {
                Port never =
                        job.openPort(PortSpec.inline(message -> PortAgent.ASYNC).named("never"));
                never.publish("never");
                await(started);
                throw new IllegalStateException("on purpose");
            }
            SendRight right = job.lookup("never", SOON);
            right.notifyDead(inbox, 5);
            Message message = job.newMessage();
            Message toPort = job.newMessage().replyTo(inbox, 6);
            right.start(message);
            right.send(toPort);
            right.flush();
            started.countDown();
            assertThatThrownBy(message::await)
                    .isInstanceOf(DeadPortException.class)
                    .hasMessageContaining("rank 0");
            long[] tags = new long[2];
            for (int i = 0; i < 2; i++) {
                try (Message heard = inbox.receive()) {
                    tags[i] = heard.tag();
                    if (heard.kind() == MessageKind.REPLY) {
                        assertThatThrownBy(heard::result).isInstanceOf(DeadPortException.class);
                    }
                }
            }
            assertThat(tags).containsExactlyInAnyOrder(5, 6);
            assertThatThrownBy(() -> right.send(message)).isInstanceOf(DeadPortException.class);
            // The survivors go on.
            try (Port after = job.openPort(adder(3))) {
                if (job.rank() == 1) {
                    after.publish("after");
                }
                try (SendRight survivor = job.lookup("after", SOON)) {
                    assertThat(survivor.call(message.clear().setLong(0, 1))).isEqualTo(4);
                    if (job.rank() == 2) {
                        try (SendRight done = job.lookup(1, "in", SOON)) {
                            done.send(message.clear());
                        }
                    } else {
                        inbox.receive().close();
                    }
                }
            }
        });
        assertThat(failure.getCause()).hasMessage("on purpose");
        assertThat(failure.getSuppressed()).isEmpty();
    }
}
