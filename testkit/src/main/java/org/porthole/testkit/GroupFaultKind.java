package org.porthole.testkit;

import static org.porthole.testkit.WaitProgram.MISSING;

import java.io.IOException;
import org.porthole.Access;
import org.porthole.Epoch;
import org.porthole.Exposure;
import org.porthole.Job;
import org.porthole.LockKind;
import org.porthole.PeerFailedException;
import org.porthole.Window;

/// What three ranks have begun when rank 1 of them dies, and how the others end it.
enum GroupFaultKind {
    /// Rank 1 is exposed to the others, and one of them to the other.
    COMPLETE {
        @Override
        void hold(Job job, Window window) throws IOException {
            Exposure exposure = job.rank() == 0 ? null : window.post(others(job));
            if (job.rank() == 0) {
                Access access = window.start(others(job));
                access.putLong(2, 0, 1);
                awaitDeath(job);
                told(access::close);
            } else if (job.rank() == 2) {
                window.start(MISSING).close();
                awaitDeath(job);
                told(exposure::close);
            } else {
                window.start(2).close();
                awaitDeath(job);
            }
        }
    },
    /// Both survivors are exposed to rank 1, which does not complete, and one to the other, which does.
    WAIT {
        @Override
        void hold(Job job, Window window) throws IOException {
            if (job.rank() == MISSING) {
                Access access = window.start(others(job));
                access.putLong(0, 0, 1);
                awaitDeath(job);
                access.close();
                return;
            }
            Exposure exposure = job.rank() == 0 ? window.post(MISSING) : window.post(0, MISSING);
            WaitProgram.say("ready");
            if (job.rank() == 0) {
                window.start(2).close();
            }
            requireTold(exposure::close);
            if (exposure.isOpen()) {
                throw new AssertionError("still exposed to a rank that has died");
            }
        }
    },
    /// Rank 1 never comes.
    BEGIN_EXCHANGE {
        @Override
        void hold(Job job, Window window) throws IOException {
            if (job.rank() == MISSING) {
                awaitDeath(job);
            } else {
                WaitProgram.say("ready");
                requireTold(() -> window.exchange(others(job)));
            }
        }
    },
    /// Rank 1 never ends it.
    END_EXCHANGE {
        @Override
        void hold(Job job, Window window) throws IOException {
            Epoch epoch = window.exchange(others(job));
            if (job.rank() == MISSING) {
                awaitDeath(job);
            } else {
                WaitProgram.say("ready");
                requireTold(epoch::close);
                if (epoch.isOpen()) {
                    throw new AssertionError("the exchange goes on");
                }
            }
        }
    },
    /// Rank 1 never comes to the second one.
    NEXT_EXCHANGE {
        @Override
        void hold(Job job, Window window) throws IOException {
            Epoch epoch = window.exchange(others(job));
            if (job.rank() == MISSING) {
                epoch.close();
                awaitDeath(job);
            } else {
                WaitProgram.say("ready");
                requireTold(epoch::next);
                epoch.close();
            }
        }
    },
    /// All hold a lock on all parts.
    LOCK_ALL {
        @Override
        void hold(Job job, Window window) throws IOException {
            Access access = window.lockAll();
            access.putLong(0, 8L * job.rank(), 1);
            awaitDeath(job);
            told(access::close);
            // The first that asks is told that rank 1 held one too.
            told(() -> window.lock(job.rank(), LockKind.EXCLUSIVE).close());
        }
    };

    /// Does its part until rank 1 has died, and ends it. Whoever does so says "ready" before.
    abstract void hold(Job job, Window window) throws IOException;

    static int[] others(Job job) {
        return switch (job.rank()) {
            case 0 -> new int[] {MISSING, 2};
            case MISSING -> new int[] {0, 2};
            default -> new int[] {0, MISSING};
        };
    }

    /// Rank 1 waits for its end; the others until they know of it.
    private static void awaitDeath(Job job) throws IOException {
        WaitProgram.say("ready");
        WaitProgram.awaitRelease();
        requireTold(() -> job.world().barrier());
    }

    /// What may or may not need rank 1.
    private static void told(Runnable end) {
        try {
            end.run();
        } catch (PeerFailedException e) {
            WaitProgram.requireMissing(e);
        }
    }

    private static void requireTold(Runnable end) {
        try {
            end.run();
        } catch (PeerFailedException e) {
            WaitProgram.requireMissing(e);
            return;
        }
        throw new AssertionError("not told that rank " + MISSING + " has died");
    }
}
