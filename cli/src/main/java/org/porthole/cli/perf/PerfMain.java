package org.porthole.cli.perf;

import java.util.Arrays;
import org.porthole.Job;
import org.porthole.LocalRankException;
import org.porthole.PortholeException;

/// What `porthole perf` starts: a rank, or all ranks as threads.
final class PerfMain {
    private PerfMain() {}

    /// Measures.
    ///
    /// @param words those of the command
    static void main(String[] words) {
        PerfSpec spec = PerfWords.parse(Arrays.asList(words));
        if (spec.isLoadAll()) {
            unwrapped(() -> LoadAll.run(spec.pace()));
        }
        if (spec.isThreads()) {
            unwrapped(() -> Job.runLocal(spec.ranks(), job -> new Session(job, spec).run()));
        } else {
            try (Job job = Job.join()) {
                new Session(job, spec).run();
            }
        }
    }

    /// Lets failures of the runtime appear as they would in a rank that is a process.
    private static void unwrapped(Runnable jobs) {
        try {
            jobs.run();
        } catch (LocalRankException e) {
            if (e.getCause() instanceof PortholeException known) {
                throw known;
            }
            throw e;
        }
    }
}
