package org.porthole.testkit;

import static org.porthole.testkit.WaitProgram.MISSING;
import static org.porthole.testkit.WaitProgram.awaitRelease;
import static org.porthole.testkit.WaitProgram.say;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.porthole.DeadPortException;
import org.porthole.Job;
import org.porthole.PeerFailedException;
import org.porthole.Right;
import org.porthole.RightAccess;
import org.porthole.Window;
import org.porthole.WindowRight;
import org.porthole.WindowSpec;
import org.porthole.port.Message;
import org.porthole.port.MessageKind;
import org.porthole.port.Port;
import org.porthole.port.PortAgent;
import org.porthole.port.PortSpec;
import org.porthole.port.SendRight;

/// A rank of the tests in which rank 1 is killed in the middle of messages: `PortFaultProgram STEP`.
public final class PortFaultProgram {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final int ROUNDS = 50;

    /// What is going on when rank 1 dies.
    enum Step {
        /// Its agent answers calls.
        CALL,
        /// Its agent has messages that it has not answered.
        LATER,
        /// It receives messages.
        SEND,
        /// Its port is full.
        FULL,
        /// It sends messages.
        RECEIVE,
        /// It has been lent memory.
        LOAN,
        /// Its memory is reached by a right that it has given.
        WINDOW
    }

    private PortFaultProgram() {}

    /// Runs one rank.
    ///
    /// @param arguments as above
    /// @throws IOException          if the standard input breaks
    /// @throws InterruptedException if it is interrupted
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Step step = Step.valueOf(arguments[0]);
        Set<String> before = LeakCheck.owned();
        try (Job job = Job.join()) {
            if (job.rank() == MISSING) {
                beKilled(job, step);
            } else {
                survive(job, step);
            }
            say("told");
        }
        LeakCheck.requireNothingLeft(before);
        say("clean");
    }

    @SuppressWarnings("InfiniteLoopStatement") // ended by the test
    private static void beKilled(Job job, Step step) throws IOException {
        PortSpec spec = switch (step) {
            case CALL -> PortSpec.inline(message -> 1);
            case LATER -> PortSpec.inline(message -> PortAgent.ASYNC);
            case FULL -> PortSpec.queue().withLimit(4, 1 << 10);
            default -> PortSpec.queue();
        };
        Port port = job.openPort((step == Step.WINDOW ? giver(job) : spec).named("mortal"));
        if (step == Step.RECEIVE) {
            SendRight[] rights = {job.lookup(0, "inbox", SOON), job.lookup(2, "inbox", SOON)};
            Message message = job.newMessage();
            for (long i = 0; ; i++) {
                for (SendRight right : rights) {
                    right.send(message.setLong(0, i));
                }
            }
        }
        while (step == Step.SEND) {
            port.receive().close();
        }
        awaitRelease();
    }

    /// A port that gives a right to all who ask.
    private static PortSpec giver(Job job) {
        Window window = job.world().of(MISSING).orElseThrow().openWindow(WindowSpec.ofBytes(Long.BYTES));
        WindowRight given = window.grant(EnumSet.allOf(Right.class), 0, Long.BYTES);
        return PortSpec.inline(message -> {
            message.add(given);
            return 1;
        });
    }

    private static void survive(Job job, Step step) throws InterruptedException {
        if (step == Step.WINDOW) {
            require(job.world().of(MISSING).isEmpty(), "a team of the other rank");
        }
        try (Port inbox = job.openPort(PortSpec.queue().named("inbox"))) {
            if (step == Step.RECEIVE) {
                receiveUntilTheEnd(inbox);
                return;
            }
            try (SendRight right = job.lookup(MISSING, "mortal", SOON)) {
                right.notifyDead(inbox, 9);
                switch (step) {
                    case LOAN -> lendUntilTheEnd(job, right);
                    case WINDOW -> reachUntilTheEnd(job, right);
                    default -> sendUntilTheEnd(job, step, right);
                }
                try (Message dead = inbox.receive()) {
                    require(dead.kind() == MessageKind.DEAD_NAME && dead.tag() == 9, "a dead name arrives");
                }
                require(right.isDead(), "the right is dead");
                require(inbox.receive(Duration.ofMillis(20)) == null, "it arrives once");
            }
        }
    }

    @SuppressWarnings("InfiniteLoopStatement") // ended by the exception
    private static void sendUntilTheEnd(Job job, Step step, SendRight right) {
        Message message = job.newMessage();
        long sent = 0;
        try {
            for (; ; sent++) {
                message.setLong(0, sent);
                switch (step) {
                    case CALL -> require(right.call(message) == 1, "the agent's result");
                    case LATER -> {
                        say("running");
                        right.call(message);
                        throw new AssertionError("nobody has answered");
                    }
                    default -> right.send(message);
                }
                if (sent == ROUNDS || (step == Step.FULL && sent == 3)) {
                    say("running");
                }
                if (step == Step.SEND && sent % ROUNDS == 0) {
                    right.flush();
                }
            }
        } catch (DeadPortException e) {
            require(
                    e.rank() == MISSING && e.getMessage().contains("rank " + MISSING),
                    "who is dead: " + e.getMessage());
        }
    }

    /// Each message once, in order, until nobody is left who could send.
    private static void receiveUntilTheEnd(Port inbox) {
        inbox.notifyNoSenders();
        for (long next = 0; ; next++) {
            try (Message message = inbox.receive()) {
                if (message.kind() == MessageKind.NO_SENDERS) {
                    return;
                }
                require(message.getLong(0) == next, message.getLong(0) + " comes after " + (next - 1));
            }
            if (next == ROUNDS) {
                say("running");
            }
        }
    }

    private static void lendUntilTheEnd(Job job, SendRight right) throws InterruptedException {
        CountDownLatch released = new CountDownLatch(3);
        try (Arena arena = Arena.ofShared()) {
            Message message = job.newMessage();
            for (int i = 0; i < 3; i++) {
                right.send(message.attach(arena.allocate(1 << 16), released::countDown));
            }
            right.flush();
            say("running");
            released.await();
        }
    }

    private static void reachUntilTheEnd(Job job, SendRight right) {
        Message message = job.newMessage();
        require(right.call(message) == 1, "the right is given");
        WindowRight given = message.windowRight(0);
        try (RightAccess access = given.access()) {
            access.fetchAdd(0, 1);
            say("running");
            while (true) {
                access.fetchAdd(0, 1);
                access.putLong(0, access.getLong(0));
                access.flush();
            }
        } catch (PeerFailedException e) {
            require(e.rank() == MISSING, "who is dead: " + e.getMessage());
        }
        try (RightAccess access = given.access()) {
            throw new AssertionError("reached the dead: " + access.getLong(0));
        } catch (PeerFailedException e) {
            require(e.rank() == MISSING, "who is dead: " + e.getMessage());
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("not so: " + what);
        }
    }
}
