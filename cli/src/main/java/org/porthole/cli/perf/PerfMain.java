package org.porthole.cli.perf;

import java.util.Arrays;
import java.util.List;
import org.porthole.Job;
import org.porthole.LocalRankException;
import org.porthole.PortholeException;

/// What `porthole perf` starts: a rank, or all ranks as threads.
public final class PerfMain {
    private PerfMain() {}

    /// What can be measured, for the command's help.
    ///
    /// @return a line each: the word that selects it, and what it is
    public static String tests() {
        StringBuilder text = new StringBuilder();
        for (Workload workload : Workload.values()) {
            text.append(String.format("  %-10s %s%n", workload.word(), workload.summary()));
        }
        return text.toString();
    }

    /// How many processes the words ask for.
    ///
    /// @param words those of the command
    /// @return at least 1
    /// @throws org.porthole.cli.text.UsageException if they cannot be used
    public static int processes(List<String> words) {
        PerfSpec spec = PerfWords.parse(words);
        // Threads, too, are run by a JVM of their own: that of the command compiles for a quick start.
        return spec.isThreads() ? 1 : spec.ranks();
    }

    /// Measures.
    ///
    /// @param words those of the command
    public static void main(String[] words) {
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
