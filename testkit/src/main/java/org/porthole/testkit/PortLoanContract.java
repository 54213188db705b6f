package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.porthole.AgentFailedException;
import org.porthole.DeadPortException;
import org.porthole.port.Message;
import org.porthole.port.Port;
import org.porthole.port.PortAgent;
import org.porthole.port.PortSpec;
import org.porthole.port.SendRight;

/// What is lent with a message is given back once, whatever becomes of the message, and travels with no other.
public abstract class PortLoanContract extends TransportContract {
    private static final Duration SOON = PortContract.SOON;

    /// For transports.
    protected PortLoanContract() {}

    @Test
    void shouldReleaseWhatIsAttachedAndNeverSent() {
        ranks(1, job -> {
            AtomicInteger first = new AtomicInteger();
            AtomicInteger second = new AtomicInteger();
            try (Arena arena = Arena.ofShared()) {
                MemorySegment region = arena.allocate(64);
                Message message = job.newMessage().attach(region, first::incrementAndGet);
                assertThat(first).hasValue(0);
                message.attach(region, second::incrementAndGet);
                assertThat(first).hasValue(1);
                assertThat(second).hasValue(0);
                message.clear();
                message.clear();
                assertThat(first).hasValue(1);
                assertThat(second).hasValue(1);
            }
        });
    }

    /// A message that the receiver has made ready for something else, and closes instead, is used again by the runtime.
    @Test
    void shouldKeepNothingInAMessageThatIsClosed() {
        ranks(2, job -> {
            int other = 1 - job.rank();
            AtomicInteger released = new AtomicInteger();
            try (Arena arena = Arena.ofShared();
                    Port inbox = job.openPort(PortSpec.queue().named("in"));
                    Port replies = job.openPort(PortSpec.queue());
                    SendRight right = job.lookup(other, "in", SOON)) {
                Message message = job.newMessage();
                if (job.rank() == 0) {
                    right.send(message);
                    assertThat(right.call(message)).isEqualTo(3);
                    assertThat(message.hasRegion()).isFalse();
                    right.send(message);
                    try (Message passedOn = inbox.receive()) {
                        assertThat(passedOn.wantsReply()).isFalse();
                    }
                } else {
                    Message closed = inbox.receive();
                    closed.attach(arena.allocate(64), released::incrementAndGet).replyTo(replies, 1);
                    closed.close();
                    assertThat(released).hasValue(1);
                    try (Message called = inbox.receive()) {
                        called.reply(3);
                    }
                    try (Message received = inbox.receive()) {
                        right.send(received);
                    }
                }
                job.world().barrier();
                assertThat(replies.queued()).isZero();
            }
        });
    }

    @Test
    void shouldGiveBackTheRegionOfAReplyThatIsNotFetched() {
        ranks(2, job -> {
            CountDownLatch released = new CountDownLatch(1);
            try (Arena arena = Arena.ofShared();
                    Port port = job.openPort(PortSpec.inline(message -> {
                                if (message.getLong(0) == 0) {
                                    message.attach(arena.allocate(64), released::countDown);
                                }
                                return 5;
                            })
                            .named("lender"));
                    SendRight right = job.lookup(1 - job.rank(), "lender", SOON)) {
                Message message = job.newMessage();
                assertThat(right.call(message.setLong(0, 0))).isEqualTo(5);
                assertThat(message.regionLength()).isEqualTo(64);
                assertThat(right.call(message.setLong(0, 1))).isEqualTo(5);
                assertThat(message.hasRegion()).isFalse();
                await(released);
                job.world().barrier();
                assertThat(port.refused()).isZero();
            }
        });
    }

    @Test
    void shouldLendNothingWithAFailure() {
        ranks(2, job -> {
            CountDownLatch released = new CountDownLatch(2);
            PortAgent failing = message -> {
                message.attach(Arena.ofAuto().allocate(64), released::countDown);
                throw new IllegalStateException("no");
            };
            try (Port inline = job.openPort(PortSpec.inline(failing).named("inline"));
                    Port threads = job.openPort(PortSpec.perMessage(failing).named("threads"))) {
                for (String name : List.of("inline", "threads")) {
                    try (SendRight right = job.lookup(1 - job.rank(), name, SOON)) {
                        Message message = job.newMessage();
                        assertThatThrownBy(() -> right.call(message)).isInstanceOf(AgentFailedException.class);
                        assertThat(message.hasRegion()).isFalse();
                    }
                }
                await(released);
                job.world().barrier();
                assertThat(inline.refused() + threads.refused()).isZero();
            }
        });
    }

    /// Rank 1 leaves, which ends what rank 0 waits for; the answer that comes afterwards gives nobody anything.
    @Test
    void shouldLendNothingWithAnAnswerThatComesTooLate() {
        LinkedBlockingQueue<Message> kept = new LinkedBlockingQueue<>();
        CountDownLatch held = new CountDownLatch(2);
        PortAgent keeping = message -> {
            kept.add(message);
            held.countDown();
            return PortAgent.ASYNC;
        };
        ranks(2, job -> {
            if (job.rank() == 1) {
                Port inline = job.openPort(PortSpec.inline(keeping).named("inline"));
                Port queue = job.openPort(PortSpec.queue().named("queue"));
                keeping.onMessage(queue.receive());
                await(held);
                assertThat(inline.refused() + queue.refused()).isZero();
                return;
            }
            try (Arena arena = Arena.ofShared();
                    Port port = job.openPort(PortSpec.queue());
                    SendRight inline = job.lookup(1, "inline", SOON);
                    SendRight queue = job.lookup(1, "queue", SOON)) {
                Message[] mine = {job.newMessage(), job.newMessage()};
                inline.start(mine[0]);
                queue.start(mine[1]);
                for (Message each : mine) {
                    assertThatThrownBy(each::await).isInstanceOf(DeadPortException.class);
                }
                for (int i = 0; i < mine.length; i++) {
                    CountDownLatch released = new CountDownLatch(1);
                    try (Message late = kept.poll(MEETING_S, TimeUnit.SECONDS)) {
                        late.attach(arena.allocate(64), released::countDown);
                        late.reply(1);
                    }
                    await(released);
                }
                for (Message each : mine) {
                    assertThat(each.hasRegion()).isFalse();
                }
                assertThat(port.queued()).isZero();
            }
        });
    }

    @Test
    void shouldLendMemoryOutOfLine() {
        ranks(2, job -> {
            AtomicInteger released = new AtomicInteger();
            int length = 3 << 20;
            byte[] mine = randomBytes(length, job.rank());
            byte[] theirs = randomBytes(length, 1 - job.rank());
            try (Arena arena = Arena.ofShared();
                    Port inbox = job.openPort(PortSpec.queue().named("in"));
                    SendRight right = job.lookup(1 - job.rank(), "in", SOON)) {
                MemorySegment region = arena.allocate(length);
                MemorySegment.copy(mine, 0, region, ValueLayout.JAVA_BYTE, 0, length);
                Message message = job.newMessage();
                for (int i = 0; i < 3; i++) {
                    message.setLong(0, i).attach(region, released::incrementAndGet);
                    right.send(message);
                }
                byte[] got = new byte[length];
                for (int i = 0; i < 3; i++) {
                    try (Message received = inbox.receive()) {
                        assertThat(received.hasRegion()).isTrue();
                        assertThat(received.regionLength()).isEqualTo(length);
                        if (i < 2) {
                            received.fetch(MemorySegment.ofArray(got));
                            assertThat(got).isEqualTo(theirs);
                            assertThat(received.hasRegion()).isFalse();
                            assertThatThrownBy(() -> received.fetch(MemorySegment.ofArray(got)))
                                    .isInstanceOf(IllegalStateException.class);
                        }
                    }
                }
                while (released.get() < 3) {
                    assertThat(inbox.receive(Duration.ofMillis(1))).isNull();
                }
                job.world().barrier();
                assertThat(released).hasValue(3);
            }
        });
    }

    @Test
    @SuppressWarnings("try") // closed early, and then again
    void shouldEndLoansOfMessagesThatComeToNothing() {
        ranks(2, job -> {
            AtomicInteger released = new AtomicInteger();
            try (Arena arena = Arena.ofShared();
                    Port failing = job.openPort(PortSpec.inline(message -> {
                                throw new IllegalArgumentException("no");
                            })
                            .named("failing"));
                    Port doomed = job.openPort(PortSpec.queue().named("doomed"));
                    SendRight right = job.lookup(1 - job.rank(), "failing", SOON);
                    SendRight late = job.lookup(1 - job.rank(), "doomed", SOON)) {
                MemorySegment region = arena.allocate(1 << 16);
                Message message = job.newMessage().attach(region, released::incrementAndGet);
                assertThatThrownBy(() -> right.call(message)).isInstanceOf(AgentFailedException.class);
                late.send(message.attach(region, released::incrementAndGet));
                late.flush();
                job.world().barrier();
                doomed.close();
                while (released.get() < 2) {
                    Thread.onSpinWait();
                }
                assertThat(failing.queued()).isZero();
                job.world().barrier();
            }
        });
    }
}
