package org.porthole.testkit;

import static org.porthole.testkit.WaitProgram.awaitRelease;
import static org.porthole.testkit.WaitProgram.say;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Set;
import org.porthole.Access;
import org.porthole.Job;
import org.porthole.LockKind;
import org.porthole.Operator;
import org.porthole.PortholeException;
import org.porthole.Team;
import org.porthole.Window;
import org.porthole.WindowSpec;

/// A rank of the tests with real processes: `JobProgram SCENARIO [SEED]`.
public final class JobProgram {
    private static final int ROUNDS = 5_000;
    private static final int PROGRAMS = 12;

    private JobProgram() {}

    /// Runs one rank.
    ///
    /// @param arguments as above
    /// @throws IOException if the standard input breaks
    public static void main(String[] arguments) throws IOException {
        Set<String> before = LeakCheck.owned();
        try (Job job = Job.join()) {
            switch (arguments[0]) {
                case "random" -> runPrograms(job, Long.parseLong(arguments[1]));
                case "count" -> count(job);
                case "reach" -> reach(job);
                case "late" -> timeOut(job);
                case "exit" -> exit(job);
                case "routes" -> job.routes().forEach(route -> say(route.peer() + " by " + route.transport()));
                case "teams" -> meetInTeams(job);
                case "mismatch" -> mismatch(job);
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        }
        LeakCheck.requireNothingLeft(before);
        say("clean");
    }

    private static void runPrograms(Job job, long seed) {
        int done = 0;
        for (long each = seed; done < PROGRAMS; each++) {
            RandomProgram program = new RandomProgram(each);
            if (program.size() == job.size()) {
                say(program.toString());
                program.run(job);
                done++;
            }
        }
    }

    /// Two teams move data at once, then close while the job goes on; a third one is left open.
    private static void meetInTeams(Job job) {
        for (int round = 0; round < PROGRAMS; round++) {
            try (Team team = job.world().split(job.rank() % 2, -job.rank()).orElseThrow();
                    Window window = team.openWindow(WindowSpec.ofBytes(Long.BYTES))) {
                long[] pieces = new long[50_000 * team.size()];
                Arrays.fill(pieces, job.rank());
                team.alltoall(MemorySegment.ofArray(pieces), MemorySegment.ofArray(pieces));
                try (Access access = window.lockAll()) {
                    access.fetchAndOp(0, 0, Operator.SUM, pieces[0] + pieces[pieces.length - 1]);
                }
                team.barrier();
                try (Access access = window.lockAll()) {
                    long expected = job.rank() % 2 == 0 ? 2 * (0 + 2) : 2 * (1 + 3);
                    if (access.getLong(0, 0) != expected) {
                        throw new AssertionError(access.getLong(0, 0) + " is not " + expected);
                    }
                }
            }
        }
        job.world().of(3, 0).ifPresent(team -> say("sum " + team.allreduce((long) job.rank(), Operator.SUM)));
    }

    /// Every rank adds to words of every rank in four ways.
    private static void count(Job job) {
        try (Window window = job.world().openWindow(WindowSpec.ofBytes(64))) {
            try (Access access = window.lockAll()) {
                for (int i = 0; i < ROUNDS; i++) {
                    int target = i % job.size();
                    long added = access.fetchAdd(target, 0, 1);
                    int ignored = access.fetchAndOp(target, 12, Operator.SUM, 1);
                    exchange(access, target, added);
                }
            }
            for (int i = 0; i < ROUNDS; i++) {
                int target = i % job.size();
                try (Access access = window.lock(target, LockKind.EXCLUSIVE)) {
                    long[] value = new long[1];
                    access.get(target, 24, MemorySegment.ofArray(value));
                    access.flushLocal(target);
                    value[0]++;
                    access.put(target, 24, MemorySegment.ofArray(value));
                }
            }
            job.world().barrier();
            MemorySegment mine = window.local();
            requireRounds(mine.get(ValueLayout.JAVA_LONG, 0));
            requireRounds(mine.get(ValueLayout.JAVA_INT, 12));
            requireRounds(mine.get(ValueLayout.JAVA_LONG, 16));
            requireRounds(mine.get(ValueLayout.JAVA_LONG, 24));
        }
    }

    private static void exchange(Access access, int target, long guess) {
        for (long seen = access.compareAndExchange(target, 16, guess, guess + 1), expected = guess;
                seen != expected; ) {
            expected = seen;
            seen = access.compareAndExchange(target, 16, expected, expected + 1);
        }
    }

    private static void requireRounds(long counted) {
        if (counted != ROUNDS) {
            throw new AssertionError("counted " + counted + " instead of " + ROUNDS);
        }
    }

    /// Rank 0 works on the window of rank 1, which the test has stopped.
    private static void reach(Job job) throws IOException {
        try (Window window = job.world().openWindow(WindowSpec.ofBytes(1 << 20))) {
            job.world().barrier();
            say("ready");
            awaitRelease();
            if (job.rank() == 0) {
                byte[] bytes = new byte[1 << 20];
                bytes[12_345] = 42;
                try (Access access = window.lock(1, LockKind.EXCLUSIVE)) {
                    access.put(1, 0, MemorySegment.ofArray(bytes));
                    access.flush(1);
                    access.get(1, 1, MemorySegment.ofArray(bytes).asSlice(1));
                    long before = access.fetchAdd(1, 8, 5) + access.compareAndExchange(1, 8, 5L, 6L);
                    say("reached " + bytes[12_345] + " " + before + " " + access.getLong(1, 8));
                }
            }
            job.world().barrier();
        }
    }

    private static void timeOut(Job job) throws IOException {
        if (job.rank() == 1) {
            say("ready");
            awaitRelease();
        } else {
            sayFailure(() -> job.world().barrier());
        }
    }

    private static void exit(Job job) {
        job.world().barrier();
        if (job.rank() == 1) {
            System.exit(3);
        }
        sayFailure(() -> job.world().barrier());
    }

    private static void mismatch(Job job) {
        sayFailure(() -> job.world().broadcast(0, MemorySegment.ofArray(new byte[8 + job.rank() / 3])));
    }

    private static void sayFailure(Runnable call) {
        try {
            call.run();
            say("no failure");
        } catch (PortholeException e) {
            say(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }
}
