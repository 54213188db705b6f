package org.porthole.testkit;

import static org.porthole.testkit.WaitProgram.MISSING;
import static org.porthole.testkit.WaitProgram.awaitRelease;
import static org.porthole.testkit.WaitProgram.requireMissing;
import static org.porthole.testkit.WaitProgram.say;

import java.io.IOException;
import java.util.Set;
import org.porthole.Access;
import org.porthole.Job;
import org.porthole.LockKind;
import org.porthole.PeerFailedException;
import org.porthole.Window;
import org.porthole.WindowSpec;

/// A rank of the tests in which rank 1 goes missing while it holds a lock: `LockProgram HELD WANTED killed|late`, where HELD is `SHARED`,
/// `EXCLUSIVE`, `ALL` or `VIEW`, and WANTED a [LockKind].
///
/// The lock is on rank 0's part; the view is rank 1's own. The others ask for it once they are released, and afterwards count under it.
public final class LockProgram {
    private static final int ROUNDS = 100;
    private static final long COUNTER = 8;
    private static final long FINISHED = 16;

    private LockProgram() {}

    /// Runs one rank.
    ///
    /// @param arguments as above
    /// @throws IOException if the standard input breaks
    public static void main(String[] arguments) throws IOException {
        String held = arguments[0];
        LockKind wanted = LockKind.valueOf(arguments[1]);
        boolean late = arguments[2].equals("late");
        Set<String> before = LeakCheck.owned();
        try (Job job = Job.join();
                Window window = job.world().openWindow(WindowSpec.ofBytes(64).named("table"))) {
            job.world().barrier();
            if (job.rank() == MISSING) {
                hold(window, held);
            } else {
                awaitRelease();
                askFor(window, held.equals("VIEW") ? MISSING : 0, wanted, late);
            }
            int counting = late ? job.size() : job.size() - 1;
            count(window, job.rank() == 0, counting);
        }
        LeakCheck.requireNothingLeft(before);
        say("clean");
    }

    private static void hold(Window window, String held) throws IOException {
        if (held.equals("VIEW")) {
            window.local().fill((byte) 0);
            say("holding");
            awaitRelease();
            window.expose();
            return;
        }
        try (Access access = held.equals("ALL") ? window.lockAll() : window.lock(0, LockKind.valueOf(held))) {
            access.putLong(0, 0, -1);
            say("holding");
            awaitRelease();
        }
    }

    private static void askFor(Window window, int target, LockKind wanted, boolean late) {
        say("asking");
        try (Access access = window.lock(target, wanted)) {
            access.putLong(target, 0, 1);
            say("served");
        } catch (PeerFailedException e) {
            if (late) {
                throw e;
            }
            requireMissing(e);
            say("told");
        }
    }

    /// Counts under the lock on rank 0's part, which stays until all have counted.
    private static void count(Window window, boolean checks, int counting) {
        for (int i = 0; i < ROUNDS; i++) {
            add(window, COUNTER);
        }
        add(window, FINISHED);
        for (long finished = 0; checks && finished < counting; ) {
            try (Access access = window.lock(0, LockKind.SHARED)) {
                finished = access.getLong(0, FINISHED);
                if (finished == counting && access.getLong(0, COUNTER) != (long) counting * ROUNDS) {
                    throw new AssertionError("counted " + access.getLong(0, COUNTER));
                }
            }
        }
        say("counted");
    }

    private static void add(Window window, long offset) {
        try (Access access = window.lock(0, LockKind.EXCLUSIVE)) {
            access.putLong(0, offset, access.getLong(0, offset) + 1);
        }
    }
}
