package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.porthole.AgentFailedException;
import org.porthole.Job;
import org.porthole.Right;
import org.porthole.RightAccess;
import org.porthole.Window;
import org.porthole.WindowRight;
import org.porthole.port.Message;
import org.porthole.port.MessageKind;
import org.porthole.port.Port;
import org.porthole.port.PortAgent;
import org.porthole.port.PortSpec;
import org.porthole.port.SendRight;

/// What one rank of a soak sends and receives. It never waits for room but receives meanwhile, so that ranks whose queues are full do not wait for each other.
final class PortSoak implements AutoCloseable {
    private static final int LOANS = 4;
    private static final int LOAN_BYTES = 48 << 10;
    private static final int OUTSTANDING = 8;
    /// Every so manieth number is answered with a failure.
    private static final long FAILS = 16;

    private static final long MOST_DUE = 64;
    private static final long END_NS = TimeUnit.SECONDS.toNanos(40);

    // What a message in a queue is about.
    private static final int PLAIN = 0;
    private static final int LOAN = 1;
    private static final int RIGHT = 2;
    private static final int WINDOW = 3;
    private static final int END = 4;

    private final Job job;
    private final Random random;
    private final Window window;
    private final WindowRight counter;
    private final Port inbox;
    private final Port calls;
    private final Port replies;
    private final Port inline;
    private final Port threads;
    private final SendRight[] inboxes;
    private final SendRight[] callees;
    private final SendRight[] inlines;
    private final SendRight[] workers;
    private final Arena arena = Arena.ofShared();
    private final ArrayBlockingQueue<MemorySegment> regions = new ArrayBlockingQueue<>(LOANS);
    private final ArrayDeque<Message> outstanding = new ArrayDeque<>();
    private final ArrayDeque<Message> idle = new ArrayDeque<>();
    private final Message message;
    private final Message thanks;
    private final MemorySegment fetched = MemorySegment.ofArray(new long[LOAN_BYTES / Long.BYTES]);
    private final long[] sent;
    private final long[] received;
    private long repliesDue;
    private long windowsSent;
    private int ended;
    private long steps;

    /// Collective.
    PortSoak(Job job, long seed) {
        this.job = job;
        random = new Random(seed + job.rank());
        int size = job.size();
        sent = new long[size];
        received = new long[size];
        message = job.newMessage();
        thanks = job.newMessage();
        for (int i = 0; i < LOANS; i++) {
            regions.add(arena.allocate(LOAN_BYTES));
        }
        for (int i = 0; i < OUTSTANDING; i++) {
            idle.add(job.newMessage());
        }
        window = TransportContract.open(job, Long.BYTES);
        counter = window.grant(Set.of(Right.ATOMIC), 0, Long.BYTES);
        inbox = job.openPort(PortSpec.queue().named("inbox").withLimit(32, 32 << 10));
        calls = job.openPort(PortSpec.queue().named("calls"));
        replies = job.openPort(PortSpec.queue().withLimit(2 * (int) MOST_DUE, 1 << 20));
        inline = job.openPort(PortSpec.inline(this::square).named("inline"));
        threads = job.openPort(PortSpec.perMessage(this::squareLater).named("threads"));
        inboxes = rights("inbox");
        callees = rights("calls");
        inlines = rights("inline");
        workers = rights("threads");
    }

    private SendRight[] rights(String name) {
        SendRight[] all = new SendRight[job.size()];
        for (int rank = 0; rank < all.length; rank++) {
            all[rank] = job.lookup(rank, name, PortContract.SOON);
        }
        return all;
    }

    private int square(Message asked) {
        long value = asked.getLong(0);
        if (value % FAILS == 0) {
            throw new IllegalStateException("no answer to " + value);
        }
        asked.setLong(0, value * value);
        return (int) value;
    }

    private int squareLater(Message asked) {
        int result = square(asked);
        asked.reply(result);
        asked.close();
        return PortAgent.ASYNC;
    }

    long steps() {
        return steps;
    }

    /// Does one thing or another.
    void step() {
        steps++;
        int to = random.nextInt(job.size());
        switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> send(to, PLAIN, message.clear());
            case 4 -> lend(to);
            case 5 -> sendRight(to);
            case 6 -> sendWindow(to);
            case 7 -> call(random.nextBoolean() ? inlines[to] : workers[to]);
            case 8 -> start(to);
            default -> askForReply(to);
        }
        if (random.nextInt(4) == 0) {
            receive();
        }
    }

    private void send(int to, int kind, Message filled) {
        long sequence = sent[to]++;
        int words = kind == PLAIN ? random.nextInt(100) : 2;
        filled.setLong(0, sequence).setLong(8, kind);
        for (int i = 2; i < words; i++) {
            filled.setLong(8L * i, sequence + i);
        }
        while (!inboxes[to].trySend(filled)) {
            receive();
        }
    }

    private void sendRight(int to) {
        if (repliesDue < MOST_DUE) {
            repliesDue++;
            send(to, RIGHT, message.clear().add(replies.onceRight()));
        }
    }

    /// To others: a rank needs no right to its own memory.
    private void sendWindow(int to) {
        if (to != job.rank()) {
            windowsSent++;
            send(to, WINDOW, message.clear().add(counter));
        }
    }

    private void lend(int to) {
        MemorySegment region = regions.poll();
        if (region == null) {
            return;
        }
        region.set(ValueLayout.JAVA_LONG, 0, sent[to]);
        region.set(ValueLayout.JAVA_LONG, LOAN_BYTES - 8, ~sent[to]);
        send(to, LOAN, message.clear().attach(region, () -> regions.add(region)));
    }

    private void call(SendRight right) {
        long value = random.nextInt(1000);
        message.clear().setLong(0, value);
        try {
            assertThat(right.call(message)).isEqualTo((int) value);
            assertThat(message.getLong(0)).isEqualTo(value * value);
            assertThat(value % FAILS).isNotZero();
        } catch (AgentFailedException e) {
            assertThat(value % FAILS).isZero();
            assertThat(e).hasMessageContaining("no answer to " + value);
        }
    }

    /// Starts what a receiver answers, and asks for the end of some.
    private void start(int to) {
        Message started = idle.poll();
        if (started == null) {
            return;
        }
        callees[to].start(started.clear().setLong(0, steps).setLong(8, steps));
        outstanding.add(started);
        if (random.nextBoolean()) {
            started.tryAbort();
        }
    }

    private void askForReply(int to) {
        if (repliesDue < MOST_DUE) {
            long value = random.nextInt(1000);
            repliesDue++;
            inlines[to].send(message.clear().setLong(0, value).replyTo(replies, value));
        }
    }

    /// Takes all that is there.
    private void receive() {
        for (Message each; (each = inbox.tryReceive()) != null; each.close()) {
            take(each);
        }
        for (Message each; (each = calls.tryReceive()) != null; each.close()) {
            assertThat(each.getLong(8)).isEqualTo(each.getLong(0));
            each.reply((int) each.getLong(0));
        }
        for (Message each; (each = replies.tryReceive()) != null; each.close()) {
            repliesDue--;
            if (each.kind() == MessageKind.REPLY) {
                takeReply(each);
            }
        }
        for (int i = outstanding.size(); i > 0; i--) {
            Message each = outstanding.remove();
            if (each.isDone()) {
                idle.add(each);
                takeOutcome(each);
            } else {
                outstanding.add(each);
            }
        }
    }

    private void take(Message got) {
        int from = got.sender();
        long sequence = received[from]++;
        assertThat(got.getLong(0)).isEqualTo(sequence);
        switch ((int) got.getLong(8)) {
            case PLAIN -> {
                for (int i = 2; i < got.length() / 8; i++) {
                    assertThat(got.getLong(8L * i)).isEqualTo(sequence + i);
                }
            }
            case LOAN -> takeLoan(got, sequence);
            case RIGHT -> {
                try (SendRight right = got.right(0)) {
                    right.send(thanks);
                }
            }
            case WINDOW -> {
                try (RightAccess access = got.windowRight(0).access()) {
                    access.fetchAdd(0, 1);
                }
            }
            case END -> ended++;
            default -> throw new AssertionError("a message of kind " + got.getLong(8));
        }
    }

    /// Some are not fetched.
    private void takeLoan(Message got, long sequence) {
        assertThat(got.regionLength()).isEqualTo(LOAN_BYTES);
        if (random.nextInt(4) != 0) {
            got.fetch(fetched);
            assertThat(fetched.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(sequence);
            assertThat(fetched.get(ValueLayout.JAVA_LONG, LOAN_BYTES - Long.BYTES))
                    .isEqualTo(~sequence);
        }
    }

    private static void takeReply(Message reply) {
        long value = reply.tag();
        try {
            assertThat(reply.result()).isEqualTo((int) value);
            assertThat(reply.getLong(0)).isEqualTo(value * value);
            assertThat(value % FAILS).isNotZero();
        } catch (AgentFailedException e) {
            assertThat(value % FAILS).isZero();
        }
    }

    private static void takeOutcome(Message started) {
        try {
            int result = started.await();
            assertThat(result).isEqualTo((int) started.getLong(0));
        } catch (CancellationException e) {
            assertThat(e).hasMessageContaining("aborted");
        }
    }

    /// Collective. Brings everything to its end.
    void end() {
        long begin = System.nanoTime();
        while (!outstanding.isEmpty()) {
            receiveBefore(begin);
        }
        for (int to = 0; to < sent.length; to++) {
            send(to, END, message.clear());
        }
        while (ended < sent.length || repliesDue > 0 || regions.size() < LOANS) {
            receiveBefore(begin);
        }
        job.world().barrier();
        counter.lease().close();
        assertThat(window.local().get(ValueLayout.JAVA_LONG, 0)).isEqualTo(windowsSent);
        for (Port each : ports()) {
            assertThat(each.queued()).isZero();
            assertThat(each.refused()).isZero();
        }
        job.world().barrier();
    }

    private void receiveBefore(long begin) {
        receive();
        Thread.onSpinWait();
        if (System.nanoTime() - begin > END_NS) {
            throw new AssertionError("rank " + job.rank() + " still waits for " + outstanding.size() + " outcomes, "
                    + repliesDue + " replies, " + (LOANS - regions.size()) + " loans, and the ends of "
                    + (sent.length - ended) + " ranks");
        }
    }

    private List<Port> ports() {
        return List.of(inbox, calls, replies, inline, threads);
    }

    /// Collective.
    @Override
    public void close() {
        Stream.of(inboxes, callees, inlines, workers).flatMap(Stream::of).forEach(SendRight::close);
        ports().forEach(Port::close);
        window.close();
        arena.close();
    }
}
