package org.porthole.internal;

import java.util.concurrent.atomic.AtomicReference;
import org.porthole.LocalRankException;
import org.porthole.RankBody;
import org.porthole.config.Configuration;
import org.porthole.config.CoreOptions;
import org.porthole.internal.bootstrap.LocalGroup;
import org.porthole.internal.progress.Membership;

/// Jobs whose ranks are threads of this process.
public final class LocalJobs {
    private LocalJobs() {}

    /// Runs a job; see [org.porthole.Job#runLocal(int, Configuration, RankBody)].
    ///
    /// @param ranks         how many
    /// @param configuration the settings
    /// @param body          what each does
    public static void run(int ranks, Configuration configuration, RankBody body) {
        if (ranks < 1 || ranks > CoreOptions.MAX_RANKS) {
            throw new IllegalArgumentException(
                    "a job of " + ranks + " ranks; 1 to " + CoreOptions.MAX_RANKS + " are possible");
        }
        LocalGroup group = new LocalGroup(ranks);
        AtomicReference<LocalRankException> failure = new AtomicReference<>();
        Thread[] threads = new Thread[ranks];
        for (int i = 0; i < ranks; i++) {
            int rank = i;
            threads[rank] = Thread.ofPlatform()
                    .name("porthole-rank-" + rank)
                    .unstarted(() -> runRank(rank, group, configuration, body, failure));
        }
        for (Thread thread : threads) {
            thread.start();
        }
        joinAll(threads);
        if (failure.get() != null) {
            throw failure.get();
        }
    }

    private static void runRank(
            int rank,
            LocalGroup group,
            Configuration configuration,
            RankBody body,
            AtomicReference<LocalRankException> failure) {
        JoinedJob job = null;
        try {
            Membership membership = new Membership(group.size());
            group.enrol(rank, membership);
            job = JoinedJob.join(configuration, group.bootstrap(rank), membership, new JoinClock());
            body.run(job);
            job.close();
        } catch (Throwable t) { // whatever the body throws is this rank's failure, errors of tests included
            record(failure, rank, t);
            group.fail(rank, t);
            if (job != null) {
                job.release();
            }
        }
    }

    private static void record(AtomicReference<LocalRankException> failure, int rank, Throwable t) {
        if (!failure.compareAndSet(null, new LocalRankException(rank, t))) {
            failure.get().addSuppressed(new LocalRankException(rank, t));
        }
    }

    /// Ranks end by themselves, whatever happens to the caller; an interrupt is passed on to them and kept.
    private static void joinAll(Thread[] threads) {
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                    for (Thread each : threads) {
                        each.interrupt();
                    }
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
