package org.porthole.examples;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.concurrent.atomic.AtomicReference;
import org.porthole.Job;
import org.porthole.LocalRankException;

/// Runs a test's body as the ranks of a job.
final class Ranks {
    private Ranks() {}

    /// A body that gives something.
    interface Body<T> {
        T run(Job job) throws Exception;
    }

    /// What rank 0 of a job returns.
    static <T> T atRankZero(int ranks, Body<T> body) {
        AtomicReference<T> result = new AtomicReference<>();
        Job.runLocal(ranks, job -> {
            T mine = body.run(job);
            if (job.rank() == 0) {
                result.set(mine);
            }
        });
        return result.get();
    }

    /// The one line with which a job ends that was given something unusable.
    static String complaint(int ranks, Body<?> body) {
        LocalRankException failure =
                catchThrowableOfType(LocalRankException.class, () -> Job.runLocal(ranks, body::run));
        if (failure == null) {
            throw new AssertionError("nobody complained");
        }
        if (!(failure.getCause() instanceof UsageException)) {
            throw failure;
        }
        return failure.getCause().getMessage();
    }
}
