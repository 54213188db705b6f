package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.porthole.Job;
import org.porthole.JobTimeoutException;
import org.porthole.config.CoreOptions;
import org.porthole.config.WaitMode;
import org.porthole.port.Message;
import org.porthole.port.MessageKind;
import org.porthole.port.Port;
import org.porthole.port.PortSet;
import org.porthole.port.PortSpec;
import org.porthole.port.SendRight;

/// Messages and queues: every message arrives once and in order, and what is full says so.
public abstract class PortContract extends TransportContract {
    static final Duration SOON = Duration.ofSeconds(15);
    private static final int MESSAGES = 2000;

    /// For transports.
    protected PortContract() {}

    @Test
    void shouldDeliverInOrderToAQueue() {
        ranks(3, job -> {
            if (job.rank() == 0) {
                try (Port port = job.openPort(PortSpec.queue().named("in").withLimit(16, 1 << 16))) {
                    long[] next = new long[3];
                    for (int i = 0; i < 2 * MESSAGES; i++) {
                        try (Message message = port.receive()) {
                            assertThat(message.kind()).isEqualTo(MessageKind.DATA);
                            assertThat(message.port()).isSameAs(port);
                            assertThat(message.wantsReply()).isFalse();
                            assertThat(message.getLong(0)).isEqualTo(next[message.sender()]++);
                        }
                    }
                    assertThat(next).containsExactly(0, MESSAGES, MESSAGES);
                    job.world().barrier();
                }
            } else {
                try (SendRight right = job.lookup(0, "in", SOON)) {
                    Message message = job.newMessage();
                    for (int i = 0; i < MESSAGES; i++) {
                        right.send(message.setLong(0, i));
                    }
                    right.flush();
                    job.world().barrier();
                }
            }
        });
    }

    @Test
    void shouldCarryPayloadsOfAnyLength() {
        ranks(2, job -> {
            int most = (int) (long) job.configuration().value(CoreOptions.PORT_PAYLOAD);
            int[] lengths = {0, 1, 7, 8, 15, 16, 17, 63, 64, 65, 191, 192, 193, 1000, 4096, most - 1, most};
            if (job.rank() == 0) {
                try (Port port = job.openPort(PortSpec.queue().named("in"))) {
                    for (int round = 0; round < 20; round++) {
                        for (int length : lengths) {
                            try (Message message = port.receive()) {
                                assertThat(message.length()).isEqualTo(length);
                                assertThat(message.bytes().asSlice(0, length).mismatch(payload(length, round)))
                                        .isEqualTo(-1);
                                message.set(payload(length, -round));
                                message.reply(length);
                            }
                        }
                    }
                    job.world().barrier();
                }
            } else {
                try (SendRight right = job.lookup(0, "in", SOON)) {
                    Message message = job.newMessage();
                    for (int round = 0; round < 20; round++) {
                        for (int length : lengths) {
                            assertThat(right.call(message.set(payload(length, round))))
                                    .isEqualTo(length);
                            assertThat(message.bytes().asSlice(0, length).mismatch(payload(length, -round)))
                                    .isEqualTo(-1);
                        }
                    }
                    assertThatThrownBy(() -> message.setLength(most + 1L)).isInstanceOf(IllegalArgumentException.class);
                    job.world().barrier();
                }
            }
        });
    }

    private static MemorySegment payload(int length, int seed) {
        return MemorySegment.ofArray(randomBytes(length, 31L * length + seed));
    }

    @Test
    void shouldSayThatAPortIsFull() {
        CountDownLatch full = new CountDownLatch(1);
        ranks(2, job -> {
            if (job.rank() == 0) {
                try (Port port = job.openPort(PortSpec.queue().named("small").withLimit(4, 1 << 10))) {
                    await(full);
                    assertThat(port.queued()).isLessThanOrEqualTo(4);
                    for (int i = 0; i < 5; i++) {
                        try (Message message = port.receive()) {
                            assertThat(message.getLong(0)).isEqualTo(i);
                        }
                    }
                    assertThat(port.receive(Duration.ofMillis(5))).isNull();
                    job.world().barrier();
                }
            } else {
                try (SendRight right = job.lookup(0, "small", SOON)) {
                    Message message = job.newMessage();
                    for (int i = 0; i < 4; i++) {
                        right.send(message.setLong(0, i));
                    }
                    right.flush();
                    message.setLong(0, 4);
                    for (int i = 0; i < 1000; i++) {
                        assertThat(right.trySend(message)).isFalse();
                    }
                    assertThat(right.send(message, Duration.ofMillis(20))).isFalse();
                    full.countDown();
                    right.send(message);
                    job.world().barrier();
                }
            }
        });
    }

    @Test
    void shouldLimitBytesToo() {
        CountDownLatch full = new CountDownLatch(1);
        ranks(2, job -> {
            if (job.rank() == 0) {
                try (Port port = job.openPort(PortSpec.queue().named("small").withLimit(100, 1000))) {
                    await(full);
                    for (int i = 0; i < 3; i++) {
                        port.receive().close();
                    }
                    job.world().barrier();
                }
            } else {
                try (SendRight right = job.lookup(0, "small", SOON)) {
                    Message message = job.newMessage().setLength(400);
                    right.send(message);
                    right.send(message);
                    assertThat(right.trySend(message)).isFalse();
                    full.countDown();
                    right.send(message);
                    job.world().barrier();
                }
            }
        });
    }

    /// What has been taken but not told of yet must not keep out a message that has the port for itself.
    @Test
    void shouldHaveRoomForALongMessageOnceShortOnesAreTaken() {
        ranks(2, job -> {
            if (job.rank() == 0) {
                try (Port port = job.openPort(PortSpec.queue().named("small").withLimit(100, 1000))) {
                    for (int length : new int[] {0, 200, 900, 0, 2000}) {
                        try (Message message = port.receive()) {
                            assertThat(message.length()).isEqualTo(length);
                        }
                    }
                    job.world().barrier();
                }
            } else {
                try (SendRight right = job.lookup(0, "small", SOON)) {
                    Message message = job.newMessage();
                    for (int length : new int[] {0, 200, 900, 0, 2000}) {
                        assertThat(right.send(message.setLength(length), SOON)).isTrue();
                    }
                    job.world().barrier();
                }
            }
        });
    }

    /// One sender fills what it may; another's message comes through at once.
    @Test
    void shouldServeSendersInTurn() {
        CountDownLatch flooded = new CountDownLatch(1);
        CountDownLatch sent = new CountDownLatch(1);
        ranks(3, job -> {
            if (job.rank() == 0) {
                try (Port port = job.openPort(PortSpec.queue().named("in").withLimit(500, 1 << 20))) {
                    await(sent);
                    int before = 0;
                    Message message = port.receive();
                    for (; message.sender() != 2; message = port.receive(), before++) {
                        message.close();
                    }
                    message.close();
                    assertThat(before).isLessThanOrEqualTo(2);
                    while (port.queued() > 0) {
                        port.receive().close();
                    }
                    job.world().barrier();
                }
            } else {
                try (SendRight right = job.lookup(0, "in", SOON)) {
                    Message message = job.newMessage().setLong(0, 1);
                    if (job.rank() == 1) {
                        for (int i = 0; i < 500; i++) {
                            right.send(message);
                        }
                        right.flush();
                        flooded.countDown();
                    } else {
                        await(flooded);
                        right.send(message);
                        right.flush();
                        sent.countDown();
                    }
                    job.world().barrier();
                }
            }
        });
    }

    @Test
    @SuppressWarnings("try") // closed early, and then again
    void shouldReceiveFromASetInTurn() {
        CountDownLatch sent = new CountDownLatch(1);
        ranks(2, job -> {
            if (job.rank() == 0) {
                try (Port a = job.openPort(PortSpec.queue().named("a"));
                        Port b = job.openPort(PortSpec.shared().named("b"));
                        Port c = job.openPort(PortSpec.queue().named("c"))) {
                    PortSet set = job.newPortSet();
                    set.add(a);
                    set.add(b);
                    set.add(c);
                    assertThatThrownBy(() -> set.add(b)).isInstanceOf(IllegalArgumentException.class);
                    await(sent);
                    List<Port> seen = new ArrayList<>();
                    for (int i = 0; i < 6; i++) {
                        try (Message message = set.receive()) {
                            seen.add(message.port());
                        }
                    }
                    assertThat(seen.subList(0, 2)).doesNotHaveDuplicates();
                    assertThat(seen.subList(2, 4)).doesNotHaveDuplicates();
                    set.remove(c);
                    assertThat(set.receive(Duration.ofMillis(5))).isNull();
                    a.close();
                    b.close();
                    assertThatThrownBy(set::receive).isInstanceOf(IllegalStateException.class);
                    job.world().barrier();
                }
            } else {
                try (SendRight a = job.lookup(0, "a", SOON);
                        SendRight b = job.lookup(0, "b", SOON)) {
                    Message message = job.newMessage();
                    for (int i = 0; i < 3; i++) {
                        a.send(message);
                        b.send(message);
                    }
                    a.flush();
                    b.flush();
                    sent.countDown();
                    job.world().barrier();
                }
            }
        });
    }

    @Test
    void shouldServeInTheOwnersLoop() {
        ranks(2, job -> {
            try (Port port = job.openPort(PortSpec.queue().named("loop"));
                    SendRight right = job.lookup(1 - job.rank(), "loop", SOON)) {
                Message message = job.newMessage().setLong(0, 20 + job.rank());
                right.start(message);
                int served = 0;
                while (served == 0 || !message.isDone()) {
                    served += port.serve(each -> (int) each.getLong(0), 10);
                }
                assertThat(message.await()).isEqualTo(20 + job.rank());
                job.world().barrier();
            }
        });
    }

    @Test
    void shouldKeepQueuesToTheirOwners() {
        ranks(2, job -> {
            try (Port port = job.openPort(PortSpec.queue());
                    Port shared = job.openPort(PortSpec.shared());
                    Port agent = job.openPort(PortAgentContract.squares())) {
                AtomicReference<Throwable> thrown = new AtomicReference<>();
                Thread stranger = Thread.startVirtualThread(() -> {
                    assertThat(shared.tryReceive()).isNull();
                    try {
                        port.tryReceive();
                    } catch (WrongThreadException e) {
                        thrown.set(e);
                    }
                });
                stranger.join();
                assertThat(thrown.get()).isInstanceOf(WrongThreadException.class);
                assertThatThrownBy(agent::receive).isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(() -> job.newPortSet().add(agent)).isInstanceOf(IllegalArgumentException.class);
            }
        });
    }

    @Test
    void shouldSendToOneself() {
        ranks(2, job -> {
            try (Port port = job.openPort(PortSpec.queue());
                    Port agent = job.openPort(PortAgentContract.squares());
                    SendRight right = port.right();
                    SendRight called = agent.right()) {
                Message message = job.newMessage().setLong(0, 9);
                right.send(message);
                try (Message received = port.receive()) {
                    assertThat(received.sender()).isEqualTo(job.rank());
                    assertThat(received.getLong(0)).isEqualTo(9);
                }
                assertThat(called.call(message)).isZero();
                assertThat(message.getLong(0)).isEqualTo(81);
            }
        });
    }

    @Test
    void shouldSayWhatIsWaitedFor() {
        CountDownLatch done = new CountDownLatch(1);
        ranks(2, configuration().with(CoreOptions.WAIT_DEADLINE, "300ms"), job -> {
            try (Port port = job.openPort(PortSpec.queue().named("deaf").withLimit(1, 8))) {
                if (job.rank() == 0) {
                    assertThatThrownBy(port::receive)
                            .isInstanceOf(JobTimeoutException.class)
                            .hasMessageContaining("rank 0 waits for a message to port 1 \"deaf\" of rank 0");
                    SendRight right = job.lookup(1, "deaf", SOON);
                    Message message = job.newMessage();
                    assertThatThrownBy(() -> right.call(message))
                            .isInstanceOf(JobTimeoutException.class)
                            .hasMessageContaining("waits for the outcome of a message to a port of rank 1");
                    assertThatThrownBy(() -> right.send(message)).isInstanceOf(IllegalStateException.class);
                    assertThatThrownBy(() -> right.send(job.newMessage()))
                            .isInstanceOf(JobTimeoutException.class)
                            .hasMessageContaining("waits for room at a port of rank 1");
                    done.countDown();
                } else {
                    await(done);
                }
            }
        });
    }

    /// Threads of one rank share a right: each one's messages stay in order.
    @Test
    void shouldTakeMessagesOfSeveralThreads() {
        ranks(2, job -> {
            if (job.rank() == 0) {
                try (Port port = job.openPort(PortSpec.queue().named("in"))) {
                    long[] next = new long[4];
                    for (int i = 0; i < 4 * 500; i++) {
                        try (Message message = port.receive()) {
                            int thread = (int) message.getLong(0);
                            assertThat(message.getLong(8)).isEqualTo(next[thread]++);
                        }
                    }
                    job.world().barrier();
                }
            } else {
                try (SendRight right = job.lookup(0, "in", SOON)) {
                    Thread[] threads = new Thread[4];
                    for (int t = 0; t < threads.length; t++) {
                        int thread = t;
                        Thread.Builder builder = t % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual();
                        threads[t] = builder.start(() -> sendNumbered(job, right, thread));
                    }
                    for (Thread thread : threads) {
                        thread.join();
                    }
                    job.world().barrier();
                }
            }
        });
    }

    private static void sendNumbered(Job job, SendRight right, int thread) {
        Message message = job.newMessage().setLong(0, thread);
        for (int i = 0; i < 500; i++) {
            right.send(message.setLong(8, i));
        }
    }

    /// Each side answers only when asked, from its sleep: a wake-up that is lost is a deadline.
    @Test
    void shouldWakeSleepers() {
        ranks(2, configuration().with(CoreOptions.WAIT, "park"), job -> {
            try (Port port = job.openPort(PortSpec.queue().named("in"));
                    SendRight right = job.lookup(1 - job.rank(), "in", SOON)) {
                Message message = job.newMessage();
                for (int round = 0; round < 500; round++) {
                    if (job.rank() == round % 2) {
                        right.send(message.setLong(0, round));
                    } else {
                        try (Message received = port.receive()) {
                            assertThat(received.getLong(0)).isEqualTo(round);
                        }
                    }
                }
                job.world().barrier();
            }
        });
    }

    /// A thousand virtual threads wait at once; each is woken by its own message.
    @Test
    void shouldParkVirtualThreads() {
        int many = 1000;
        ranks(2, job -> {
            try (Port port = job.openPort(PortSpec.shared().named("work"));
                    SendRight right = job.lookup(1 - job.rank(), "work", SOON)) {
                CountDownLatch received = new CountDownLatch(many);
                Thread[] threads = new Thread[many];
                for (int i = 0; i < many; i++) {
                    threads[i] = Thread.startVirtualThread(() -> {
                        try (Message message = port.receive()) {
                            message.reply(5);
                        }
                        received.countDown();
                    });
                }
                Thread[] callers = new Thread[many];
                for (int i = 0; i < many; i++) {
                    callers[i] = Thread.startVirtualThread(
                            () -> assertThat(right.call(job.newMessage())).isEqualTo(5));
                }
                for (int i = 0; i < many; i++) {
                    threads[i].join();
                    callers[i].join();
                }
                assertThat(received.getCount()).isZero();
                job.world().barrier();
            }
        });
    }

    /// The virtual machine hands a carrier to a virtual thread that yields before it looks at those that others have woken: whoever yielded for ever
    /// would keep all of them from running.
    @ParameterizedTest
    @EnumSource(WaitMode.class)
    void shouldLetOthersHaveTheCarriers(WaitMode mode) {
        int many = 16;
        ranks(2, configuration().with(CoreOptions.WAIT, mode.name().toLowerCase(Locale.ROOT)), job -> {
            try (Port port = job.openPort(PortSpec.shared().named("work"));
                    SendRight right = job.lookup(1 - job.rank(), "work", SOON)) {
                Thread[] threads = new Thread[many];
                CountDownLatch waiting = new CountDownLatch(many);
                for (int i = 0; i < many; i++) {
                    threads[i] = Thread.startVirtualThread(() -> {
                        waiting.countDown();
                        port.receive().close();
                    });
                }
                await(waiting);
                Thread sender = Thread.startVirtualThread(() -> {
                    LockSupport.parkNanos(1_000_000);
                    for (int i = 0; i < many; i++) {
                        right.send(job.newMessage());
                    }
                });
                sender.join();
                for (Thread each : threads) {
                    each.join();
                }
                job.world().barrier();
            }
        });
    }

    /// More than a connection takes at once: who writes waits for room, while the others wait for him.
    @Test
    void shouldTakeFloodsOfVirtualThreads() {
        int many = 64;
        int each = 50;
        ranks(2, job -> {
            try (Port port = job.openPort(PortSpec.queue().named("in"));
                    SendRight right = job.lookup(1 - job.rank(), "in", SOON)) {
                Thread[] threads = new Thread[many];
                for (int i = 0; i < many; i++) {
                    threads[i] = Thread.startVirtualThread(() -> {
                        Message message = job.newMessage().setLength(4_000);
                        for (int k = 0; k < each; k++) {
                            right.send(message);
                        }
                    });
                }
                for (int i = 0; i < many * each; i++) {
                    port.receive().close();
                }
                for (Thread thread : threads) {
                    thread.join();
                }
                job.world().barrier();
            }
        });
    }

    @Test
    void shouldHaveTenThousandPorts() {
        int many = 10_000;
        ranks(2, job -> {
            if (job.rank() == 0) {
                List<Port> ports = new ArrayList<>();
                PortSet set = job.newPortSet();
                for (int i = 0; i < many; i++) {
                    ports.add(job.openPort(PortSpec.queue().named("port-" + i).withLimit(1, 8)));
                }
                for (int i = 0; i < many; i += many / 10) {
                    set.add(ports.get(i));
                }
                job.world().barrier();
                job.world().barrier(); // what comes is left in the ports, which are full then
                for (int i = 0; i < 10; i++) {
                    try (Message message = set.receive()) {
                        assertThat(message.port()).isSameAs(ports.get((int) message.getLong(0)));
                    }
                }
                ports.forEach(Port::close);
                job.world().barrier();
            } else {
                job.world().barrier();
                Message message = job.newMessage();
                for (int i = 0; i < many; i += many / 10) {
                    try (SendRight right = job.lookup(0, "port-" + i, SOON)) {
                        right.send(message.setLong(0, i));
                        assertThat(right.trySend(message)).isFalse();
                    }
                }
                job.world().barrier();
                job.world().barrier();
            }
        });
    }
}
