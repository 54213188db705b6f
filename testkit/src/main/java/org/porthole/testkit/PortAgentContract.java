package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.porthole.AgentFailedException;
import org.porthole.config.CoreOptions;
import org.porthole.port.Message;
import org.porthole.port.MessageKind;
import org.porthole.port.Port;
import org.porthole.port.PortAgent;
import org.porthole.port.PortSpec;
import org.porthole.port.SendRight;

/// Agents: every request has one outcome, whether they answer at once, later, with a failure or not at all; and an inline one that blocks is reported.
public abstract class PortAgentContract extends TransportContract {
    private static final Duration SOON = PortContract.SOON;
    private static final int CALLS = 2000;

    private final Logger logger = Logger.getLogger("org.porthole.internal.port.InlineWatch");
    private final List<String> reports = new CopyOnWriteArrayList<>();
    private final CountDownLatch reported = new CountDownLatch(1);

    /// For transports.
    protected PortAgentContract() {}

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
                    try (SendRight right = job.lookup(1, "blocking", SOON)) {
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

    /// An agent that squares a number, and answers with how often it has.
    static PortSpec squares() {
        int[] count = new int[1];
        return PortSpec.inline(message -> {
            long value = message.getLong(0);
            message.setLong(0, value * value);
            return count[0]++;
        });
    }

    @Test
    void shouldAnswerCallsInTheAgent() {
        ranks(2, job -> {
            int other = 1 - job.rank();
            try (Port port = job.openPort(squares().named("squares"));
                    SendRight right = job.lookup(other, "squares", SOON)) {
                assertThat(right.rank()).isEqualTo(other);
                Message message = job.newMessage();
                for (int i = 0; i < CALLS; i++) {
                    assertThat(right.call(message.setLong(0, i))).isEqualTo(i);
                    assertThat(message.getLong(0)).isEqualTo((long) i * i);
                    assertThat(message.length()).isEqualTo(8);
                }
                job.world().barrier();
                assertThat(port.refused()).isZero();
            }
        });
    }

    @Test
    void shouldBringRepliesToAPort() {
        ranks(2, job -> {
            try (Port port = job.openPort(squares().named("squares"));
                    Port replies = job.openPort(PortSpec.queue());
                    SendRight right = job.lookup(1 - job.rank(), "squares", SOON)) {
                Message message = job.newMessage();
                for (int i = 0; i < 100; i++) {
                    right.send(message.setLong(0, i).replyTo(replies, 1000 + i));
                }
                for (int i = 0; i < 100; i++) {
                    try (Message reply = replies.receive()) {
                        assertThat(reply.kind()).isEqualTo(MessageKind.REPLY);
                        assertThat(reply.sender()).isEqualTo(1 - job.rank());
                        assertThat(reply.tag()).isEqualTo(1000 + i);
                        assertThat(reply.result()).isEqualTo(i);
                        assertThat(reply.getLong(0)).isEqualTo((long) i * i);
                    }
                }
                job.world().barrier();
                assertThat(port.queued()).isZero();
            }
        });
    }

    @Test
    void shouldAnswerLater() {
        ranks(2, job -> {
            List<Message> kept = Collections.synchronizedList(new ArrayList<>());
            PortSpec keeper = PortSpec.inline(message -> {
                kept.add(message);
                return PortAgent.ASYNC;
            });
            try (Port port = job.openPort(keeper.named("later"));
                    SendRight right = job.lookup(1 - job.rank(), "later", SOON)) {
                Message[] mine = {job.newMessage(), job.newMessage(), job.newMessage()};
                for (int i = 0; i < mine.length; i++) {
                    right.start(mine[i].setLong(0, i));
                }
                while (kept.size() < mine.length) {
                    boolean ignored = mine[0].isDone(); // looks for what has come; answers may overtake messages
                    Thread.onSpinWait();
                }
                for (int i = mine.length - 1; i >= 0; i--) {
                    Message each = kept.get(i);
                    assertThat(each.wantsReply()).isTrue();
                    each.setLong(8, 5);
                    each.reply(7 + (int) each.getLong(0));
                    assertThat(each.wantsReply()).isFalse();
                    assertThatThrownBy(() -> each.reply(1)).isInstanceOf(IllegalStateException.class);
                    each.close();
                }
                for (int i = 0; i < mine.length; i++) {
                    assertThat(mine[i].await()).isEqualTo(7 + i);
                    assertThat(mine[i].getLong(8)).isEqualTo(5);
                }
                job.world().barrier();
                assertThat(port.refused()).isZero();
            }
        });
    }

    @Test
    void shouldAnswerWithTheFailureOfAnAgent() {
        ranks(2, job -> {
            PortSpec failing = PortSpec.inline(message -> {
                throw new java.io.IOException("disk " + message.getLong(0) + " is full");
            });
            try (Port port = job.openPort(failing.named("failing"));
                    Port unanswered = job.openPort(PortSpec.perMessage(message -> {
                                message.close();
                                return PortAgent.ASYNC;
                            })
                            .named("unanswered"));
                    SendRight right = job.lookup(1 - job.rank(), "failing", SOON);
                    SendRight silent = job.lookup(1 - job.rank(), "unanswered", SOON)) {
                Message message = job.newMessage();
                for (int round = 0; round < 10; round++) {
                    int i = round;
                    message.clear().setLong(0, i);
                    assertThatThrownBy(() -> right.call(message))
                            .isInstanceOf(AgentFailedException.class)
                            .hasMessageContaining("disk " + i + " is full");
                }
                assertThatThrownBy(() -> silent.call(message))
                        .isInstanceOf(AgentFailedException.class)
                        .hasMessageContaining("unanswered");
                job.world().barrier();
                assertThat(port.queued() + unanswered.queued()).isZero();
            }
        });
    }

    @Test
    void shouldAbortWhatStillWaits() {
        CountDownLatch aborted = new CountDownLatch(1);
        CountDownLatch looked = new CountDownLatch(1);
        CountDownLatch received = new CountDownLatch(1);
        ranks(2, job -> {
            if (job.rank() == 0) {
                try (Port port = job.openPort(PortSpec.queue().named("in"))) {
                    await(aborted);
                    assertThat(port.tryReceive()).isNull();
                    looked.countDown();
                    try (Message message = port.receive()) {
                        received.countDown();
                        while (!message.isAbortRequested()) {
                            assertThat(port.tryReceive()).isNull();
                        }
                        message.reply(3);
                    }
                    job.world().barrier();
                }
            } else {
                try (SendRight right = job.lookup(0, "in", SOON)) {
                    Message message = job.newMessage();
                    right.start(message);
                    assertThatThrownBy(() -> message.setLength(0)).isInstanceOf(IllegalStateException.class);
                    message.tryAbort();
                    assertThatThrownBy(message::await).isInstanceOf(CancellationException.class);
                    aborted.countDown();
                    await(looked);
                    right.start(message);
                    await(received);
                    message.tryAbort();
                    assertThat(message.await()).isEqualTo(3);
                    job.world().barrier();
                }
            }
        });
    }

    @Test
    void shouldStartAThreadPerMessage() {
        ranks(2, job -> {
            CountDownLatch second = new CountDownLatch(1);
            PortSpec waiting = PortSpec.perMessage(message -> {
                if (message.getLong(0) == 0) {
                    second.await();
                } else {
                    second.countDown();
                }
                return Thread.currentThread().isVirtual() ? 1 : 0;
            });
            try (Port port = job.openPort(waiting.named("waiting"));
                    SendRight right = job.lookup(1 - job.rank(), "waiting", SOON)) {
                Message first = job.newMessage().setLong(0, 0);
                Message next = job.newMessage().setLong(0, 1);
                right.start(first);
                assertThat(right.call(next)).isEqualTo(1);
                assertThat(first.await()).isEqualTo(1);
                job.world().barrier();
                assertThat(port.queued()).isZero();
            }
        });
    }

    /// An inline agent that waits would hold up everybody: it is told so, and its answer says so.
    @Test
    void shouldNotLetInlineAgentsWait() {
        ranks(2, job -> {
            try (Port inner = job.openPort(PortSpec.shared());
                    Port port = job.openPort(PortSpec.inline(message ->
                                    (int) inner.receive(Duration.ofMillis(1)).length())
                            .named("waits"));
                    SendRight right = job.lookup(1 - job.rank(), "waits", SOON)) {
                Message message = job.newMessage();
                assertThatThrownBy(() -> right.call(message)).isInstanceOf(AgentFailedException.class);
                job.world().barrier();
                assertThat(port.refused()).isZero();
            }
        });
    }
}
