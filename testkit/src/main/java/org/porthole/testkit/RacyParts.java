package org.porthole.testkit;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.porthole.Access;
import org.porthole.Job;
import org.porthole.LockKind;
import org.porthole.Operator;
import org.porthole.Team;
import org.porthole.Window;
import org.porthole.port.Message;
import org.porthole.port.Port;
import org.porthole.port.PortSpec;
import org.porthole.port.SendRight;

/// What one rank has of a program in which one rank accesses a target, and after that, or at the same time, another.
///
/// @param job    the job
/// @param window the window
/// @param one    whose access is the first
/// @param other  whose access is the second
/// @param target the rank that both reach
/// @param first  what the first does
/// @param second what the second does
/// @param offset where the first is
/// @param apart  how much further the second is
record RacyParts(
        Job job,
        Window window,
        int one,
        int other,
        int target,
        RacyShape first,
        RacyShape second,
        long offset,
        long apart) {
    static final long FLAG = 8;

    private static final long SET = 1;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    Team team() {
        return window.team();
    }

    int rank() {
        return team().rank();
    }

    boolean isActor() {
        return rank() == one || rank() == other;
    }

    int[] neighbours() {
        return IntStream.range(0, team().size()).filter(rank -> rank != rank()).toArray();
    }

    MemorySegment bytes() {
        return MemorySegment.ofArray(new byte[8]);
    }

    MemorySegment allBytes() {
        return MemorySegment.ofArray(new byte[8 * team().size()]);
    }

    /// The first access, if this rank does it.
    void first(Access access) {
        if (rank() == one) {
            first.perform(access, target, offset);
        }
    }

    /// The second access, if this rank does it.
    void second(Access access) {
        if (rank() == other) {
            second.perform(access, target, offset + apart);
        }
    }

    void passively(Consumer<Access> body) {
        try (Access access = window.lockAll()) {
            body.accept(access);
        }
    }

    void meeting(boolean flushing, Runnable meeting) {
        passively(access -> {
            first(access);
            if (flushing && rank() == one) {
                access.flush(target);
            }
            meeting.run();
            second(access);
        });
    }

    void locked(LockKind kindOfOne, LockKind kindOfOther) {
        if (isActor()) {
            try (Access access = window.lock(target, rank() == one ? kindOfOne : kindOfOther)) {
                first(access);
                second(access);
            }
        }
    }

    void posted(int[]... groups) {
        if (rank() == target) {
            for (int[] group : groups) {
                window.post(group).close();
            }
        } else if (isActor()) {
            try (Access access = window.start(target)) {
                first(access);
                second(access);
            }
        }
    }

    /// The first tells the first of a chain of ranks, which tells the next; only who is told waits.
    void notified(boolean flushing, int... chain) {
        passively(access -> {
            first(access);
            if (rank() == one) {
                if (flushing) {
                    access.flush(target);
                }
                access.raise(chain[0], 0, 1);
            }
            for (int i = 0; i < chain.length; i++) {
                if (rank() == chain[i]) {
                    window.notifications().await(0, 1);
                    if (i + 1 < chain.length) {
                        access.raise(chain[i + 1], 0, 1);
                    }
                }
            }
            second(access);
        });
    }

    /// A message goes from the first of a chain of ranks to the next, and so on.
    void messaged(boolean flushing, int... chain) {
        passively(access -> {
            boolean isLast = rank() == chain[chain.length - 1];
            if (rank() == one && chain[0] == one) {
                first(access);
                if (flushing) {
                    access.flush(target);
                }
            }
            for (int i = 0; i < chain.length; i++) {
                if (rank() == chain[i]) {
                    if (i > 0) {
                        receive();
                    }
                    if (i + 1 < chain.length) {
                        send(chain[i + 1]);
                    }
                }
            }
            if (isLast && rank() == one) {
                first(access);
            }
            second(access);
        });
    }

    private void receive() {
        try (Port port = job.openPort(PortSpec.queue().named(window.name()))) {
            port.receive().close();
        }
    }

    private void send(int to) {
        try (SendRight right = job.lookup(to, window.name(), PATIENCE)) {
            right.send(job.newMessage());
        }
    }

    /// One rank calls another. Whichever is first does its part before it calls, or before it answers; the other does its own after that.
    void called(int caller, int callee) {
        passively(access -> {
            if (rank() == callee) {
                try (Port port = job.openPort(PortSpec.queue().named(window.name()));
                        Message message = port.receive()) {
                    first(access);
                    second(access);
                    access.flush(target);
                    message.reply(0);
                }
            } else if (rank() == caller) {
                if (caller == one) {
                    first(access);
                    access.flush(target);
                }
                try (SendRight right = job.lookup(callee, window.name(), PATIENCE)) {
                    int ignored = right.call(job.newMessage());
                }
                if (caller == other) {
                    second(access);
                }
            }
        });
    }

    void flagged(boolean flushing, boolean byValue, int where) {
        passively(access -> {
            first(access);
            if (flushing && rank() == one) {
                access.flush(target);
            }
            flag(access, byValue, where);
            second(access);
        });
    }

    /// One sets a flag that the other waits for.
    void flag(Access access, boolean byValue, int where) {
        if (rank() == one) {
            if (byValue) {
                access.putLong(where, FLAG, SET);
                access.flush(where);
            } else {
                long ignored = access.fetchAndOp(where, FLAG, Operator.REPLACE, SET);
            }
        } else if (rank() == other) {
            while (flag(access, where, byValue) != SET) {
                Thread.onSpinWait();
            }
        }
    }

    private static long flag(Access access, int where, boolean byValue) {
        return byValue ? access.getLong(where, FLAG) : access.fetchAndOp(where, FLAG, Operator.NO_OP, 0L);
    }
}
