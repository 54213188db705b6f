package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import org.porthole.DeadPortException;
import org.porthole.Job;
import org.porthole.port.Message;
import org.porthole.port.MessageKind;
import org.porthole.port.Port;
import org.porthole.port.PortSpec;
import org.porthole.port.SendRight;

/// Random programs of ports opened and closed, rights copied, handed over, revoked and given up, messages sent, received and aborted, against a model that
/// knows what must follow. One thread drives all ranks, so that each step has one outcome. A program that fails prints its seed;
/// `-Dporthole.test.seed=N` repeats one.
public abstract class PortModelContract extends TransportContract {
    private static final int RANKS = 3;
    private static final int PROGRAMS = 8;
    private static final int STEPS = 250;

    /// For transports.
    protected PortModelContract() {}

    @Test
    void shouldDoAsTheModelDoes() {
        Job[] jobs = new Job[RANKS];
        CyclicBarrier meeting = new CyclicBarrier(RANKS);
        long first = Long.getLong("porthole.test.seed", new Random().nextLong());
        ranks(RANKS, job -> {
            jobs[job.rank()] = job;
            meet(meeting);
            if (job.rank() == 0) {
                for (long seed = first; seed < first + PROGRAMS; seed++) {
                    try (Program program = new Program(seed, jobs)) {
                        program.run();
                    } catch (AssertionError | RuntimeException e) {
                        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
                    }
                }
            }
            job.world().barrier();
        });
    }

    /// A port, and what must be in it.
    private static final class Modelled {
        final Port port;
        final int owner;
        final Map<Integer, Deque<Long>> queues = new HashMap<>();
        boolean open = true;

        Modelled(Port port, int owner) {
            this.port = port;
            this.owner = owner;
        }

        boolean isEmpty() {
            return queues.values().stream().allMatch(Deque::isEmpty);
        }
    }

    /// A right, and whether it must be good.
    private static final class Held {
        final Modelled to;
        final int holder;
        final SendRight right;
        /// Shared by all copies of one right.
        final boolean[] revoked;

        Held(Modelled to, int holder, SendRight right, boolean[] revoked) {
            this.to = to;
            this.holder = holder;
            this.right = right;
            this.revoked = revoked;
        }

        boolean isGood() {
            return to.open && !revoked[0];
        }
    }

    private static final class Program implements AutoCloseable {
        private final Random random;
        private final Job[] jobs;
        private final Port[] mailboxes = new Port[RANKS];
        private final SendRight[][] ways = new SendRight[RANKS][RANKS];
        private final List<Modelled> ports = new ArrayList<>();
        private final List<Held> rights = new ArrayList<>();
        private long next;

        Program(long seed, Job... jobs) {
            random = new Random(seed);
            this.jobs = jobs;
            for (int rank = 0; rank < RANKS; rank++) {
                mailboxes[rank] = jobs[rank].openPort(PortSpec.shared().named("mailbox"));
            }
            for (int from = 0; from < RANKS; from++) {
                for (int to = 0; to < RANKS; to++) {
                    ways[from][to] = jobs[from].lookup(to, "mailbox", PortContract.SOON);
                }
            }
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                int what = random.nextInt(100);
                if (ports.isEmpty() || what < 6) {
                    int owner = random.nextInt(RANKS);
                    ports.add(new Modelled(jobs[owner].openPort(PortSpec.shared()), owner));
                } else if (rights.isEmpty() || what < 16) {
                    makeRight(any(ports));
                } else if (what < 30) {
                    handOver(any(rights));
                } else if (what < 60) {
                    send(any(rights));
                } else if (what < 68) {
                    abort(any(rights));
                } else if (what < 90) {
                    receive(any(ports));
                } else if (what < 94) {
                    giveUp(any(rights));
                } else if (what < 97) {
                    revoke(any(rights));
                } else {
                    close(any(ports));
                }
            }
            finish();
        }

        private <T> T any(List<T> some) {
            return some.get(random.nextInt(some.size()));
        }

        private void makeRight(Modelled of) {
            if (of.open) {
                SendRight right = of.port.rightFor(jobs[of.owner].world());
                rights.add(new Held(of, of.owner, right, new boolean[1]));
            }
        }

        private void handOver(Held held) {
            if (held.right.isDead()) {
                return;
            }
            int to = random.nextInt(RANKS);
            ways[held.holder][to].send(jobs[held.holder].newMessage().add(held.right));
            try (Message message = mailboxes[to].receive()) {
                rights.add(new Held(held.to, to, message.right(0), held.revoked));
            }
        }

        private void send(Held held) {
            long number = next++;
            boolean arrived = true;
            try {
                held.right.send(jobs[held.holder].newMessage().setLong(0, number));
                held.right.flush();
            } catch (DeadPortException e) {
                arrived = false;
            }
            if (held.isGood()) {
                assertThat(arrived)
                        .as("a message with a right that is good arrives")
                        .isTrue();
                held.to
                        .queues
                        .computeIfAbsent(held.holder, none -> new ArrayDeque<>())
                        .add(number);
            } else if (!arrived) {
                assertThat(held.right.isDead()).isTrue();
            } else {
                // The refusal came after the flush; from now on it is known.
                awaitDead(held);
            }
        }

        private void awaitDead(Held held) {
            Message probe = jobs[held.holder].newMessage();
            assertThat(catchDead(() -> held.right.call(probe))).isTrue();
            assertThat(held.right.isDead()).isTrue();
        }

        private static boolean catchDead(Runnable call) {
            try {
                call.run();
                return false;
            } catch (DeadPortException e) {
                return true;
            }
        }

        /// What nobody has received yet is taken back, and nobody receives it.
        private void abort(Held held) {
            if (!held.isGood()) {
                awaitDead(held);
                return;
            }
            Message message = jobs[held.holder].newMessage().setLong(0, -1);
            held.right.start(message);
            message.tryAbort();
            try {
                message.await();
                throw new AssertionError("a message that waits is taken back");
            } catch (CancellationException e) {
                assertThat(message.isDone()).isTrue();
            }
        }

        private void receive(Modelled from) {
            if (!from.open) {
                return;
            }
            if (from.isEmpty()) {
                assertThat(from.port.tryReceive()).isNull();
                return;
            }
            try (Message message = from.port.receive()) {
                Deque<Long> queue = from.queues.get(message.sender());
                assertThat(message.getLong(0)).isEqualTo(queue.remove());
            }
        }

        private void giveUp(Held held) {
            rights.remove(held);
            held.right.close();
        }

        private void revoke(Held held) {
            if (held.to.open && held.holder == held.to.owner && !held.right.isDead()) {
                held.to.port.revoke(held.right);
                held.revoked[0] = true;
            }
        }

        private void close(Modelled one) {
            one.open = false;
            one.queues.clear();
            one.port.close();
        }

        /// What is left is received, and when all rights are given up every open port hears of it.
        private void finish() {
            for (Modelled each : ports) {
                while (each.open && !each.isEmpty()) {
                    receive(each);
                }
            }
            for (Modelled each : ports) {
                makeRight(each);
            }
            List.copyOf(rights).forEach(this::giveUp);
            for (Modelled each : ports) {
                if (each.open) {
                    each.port.notifyNoSenders();
                    try (Message message = each.port.receive(Duration.ofSeconds(15))) {
                        assertThat(message)
                                .as("somebody hears that no right is left")
                                .isNotNull();
                        assertThat(message.kind()).isEqualTo(MessageKind.NO_SENDERS);
                    }
                }
            }
        }

        @Override
        public void close() {
            ports.forEach(each -> each.port.close());
            for (SendRight[] some : ways) {
                for (SendRight each : some) {
                    each.close();
                }
            }
            for (Port each : mailboxes) {
                each.close();
            }
        }
    }
}
