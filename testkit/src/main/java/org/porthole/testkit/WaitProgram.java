package org.porthole.testkit;

import java.io.IOException;
import java.util.Set;
import org.porthole.Job;
import org.porthole.PeerFailedException;
import org.porthole.Window;
import org.porthole.WindowSpec;

/// A rank of the tests in which rank 1 goes missing: `WaitProgram KIND absent|busy|late`.
///
/// Rank 1 does its part a few times, and then either comes no more, or goes on until it is killed, or comes late. The others find out that it has
/// failed, or that it has not.
public final class WaitProgram {
    static final int MISSING = 1;
    private static final int ROUNDS = 20;

    private WaitProgram() {}

    /// Runs one rank.
    ///
    /// @param arguments as above
    /// @throws IOException if the standard input breaks
    public static void main(String[] arguments) throws IOException {
        WaitKind kind = WaitKind.valueOf(arguments[0]);
        String how = arguments[1];
        Set<String> before = LeakCheck.owned();
        try (Job job = Job.join();
                Window window = job.world().openWindow(WindowSpec.ofBytes(64))) {
            repeat(kind, job, window);
            say("running");
            if (job.rank() == MISSING && !how.equals("busy")) {
                say("absent");
                awaitRelease();
            }
            if (how.equals("late")) {
                repeat(kind, job, window);
            } else {
                requireFailure(kind, job, window);
                say("told");
            }
        }
        LeakCheck.requireNothingLeft(before);
        say("clean");
    }

    private static void repeat(WaitKind kind, Job job, Window window) {
        for (int round = 0; round < ROUNDS; round++) {
            kind.once(job, window);
        }
    }

    @SuppressWarnings("InfiniteLoopStatement") // ended by the exception
    private static void requireFailure(WaitKind kind, Job job, Window window) {
        try {
            for (; ; ) {
                kind.once(job, window);
            }
        } catch (PeerFailedException e) {
            requireMissing(e);
        }
    }

    static void requireMissing(PeerFailedException e) {
        if (e.rank() != MISSING || !e.getMessage().contains("rank " + MISSING)) {
            throw new AssertionError("the wrong rank is named", e);
        }
        say("message: " + e.getMessage());
    }

    /// Waits until the test ends the standard input ([Cluster#release(int)]).
    ///
    /// @throws IOException if it breaks
    public static void awaitRelease() throws IOException {
        while (System.in.read() >= 0) {
            // whatever is written does not count
        }
    }

    /// Prints a line for the test.
    ///
    /// @param line what the test waits for
    public static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
