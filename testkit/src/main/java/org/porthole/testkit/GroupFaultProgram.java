package org.porthole.testkit;

import static org.porthole.testkit.WaitProgram.say;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.util.Set;
import org.porthole.Access;
import org.porthole.Epoch;
import org.porthole.Exposure;
import org.porthole.Job;
import org.porthole.LockKind;
import org.porthole.Window;
import org.porthole.WindowSpec;

/// A rank of the tests in which rank 1 dies in an epoch of its own: `GroupFaultProgram KIND`, a [GroupFaultKind]. The others go on with the same window, by
/// every kind of epoch that needs no collective.
public final class GroupFaultProgram {
    private static final int ROUNDS = 5;

    private GroupFaultProgram() {}

    /// Runs one rank.
    ///
    /// @param arguments as above
    /// @throws IOException if the standard input breaks
    public static void main(String[] arguments) throws IOException {
        GroupFaultKind kind = GroupFaultKind.valueOf(arguments[0]);
        Set<String> before = LeakCheck.owned();
        try (Job job = Job.join();
                Window window = job.world().openWindow(WindowSpec.ofBytes(64).named("grid"))) {
            kind.hold(job, window);
            goOn(window, job.rank(), 2 - job.rank());
            say("told");
        }
        LeakCheck.requireNothingLeft(before);
        say("clean");
    }

    private static void goOn(Window window, int me, int other) {
        for (long round = 1; round <= ROUNDS; round++) {
            try (Epoch epoch = window.exchange(other)) {
                epoch.putLong(other, 8, round);
                epoch.next();
                epoch.putLong(other, 16, round);
            }
            require(window, 8, round);
            require(window, 16, round);
            Exposure exposure = window.post(other);
            try (Access access = window.start(other)) {
                access.putLong(other, 24, round);
            }
            exposure.close();
            require(window, 24, round);
            window.expose();
            for (int target : new int[] {me, other}) {
                try (Access access = window.lock(target, LockKind.EXCLUSIVE)) {
                    access.putLong(target, 32, access.getLong(target, 32) + 1);
                }
            }
            awaitBoth(window, me, 2 * round);
        }
    }

    /// Waits until the other needs no lock on this part any more, which the next exchange would keep from it.
    private static void awaitBoth(Window window, int me, long locks) {
        for (long seen = 0; seen < locks; ) {
            try (Access access = window.lock(me, LockKind.SHARED)) {
                seen = access.getLong(me, 32);
            }
        }
    }

    private static void require(Window window, long offset, long wanted) {
        long seen = window.local().get(ValueLayout.JAVA_LONG, offset);
        if (seen != wanted) {
            throw new AssertionError("at " + offset + " is " + seen + ", not " + wanted);
        }
    }
}
