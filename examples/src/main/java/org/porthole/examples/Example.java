package org.porthole.examples;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.IntConsumer;
import org.porthole.InsufficientMemoryException;
import org.porthole.Job;
import org.porthole.Operator;

/// What all examples share: how they begin, how they are timed, how the ranks agree that something went wrong, and how a program ends then.
final class Example {
    static final int OK = 0;
    static final int WRONG_RESULT = 1;
    static final int USAGE = 2;

    private static final int LONGEST_COMPLAINT = 4096;
    private static final int LONGEST_QUOTE = 60;

    private Example() {}

    /// Work that reads or writes files.
    interface FileWork<T> {
        /// Does it.
        T run() throws IOException;
    }

    /// Runs an example as a program of its own: joins the job, and ends the process with an exit code.
    ///
    /// @param usage as in [#run(Job, String, String\[\], BiFunction)]
    /// @param words the command line
    /// @param body  the example
    static void start(String usage, String[] words, BiFunction<Job, Arguments, ?> body) {
        int exitCode;
        try (Job job = Job.join()) {
            exitCode = run(job, usage, words, body);
        }
        System.exit(exitCode);
    }

    /// Collective. Runs an example; rank 0 alone prints its result, or the one line that says what is wrong.
    ///
    /// All ranks see the same command line, and the examples agree on everything else that may go wrong, so all ranks end alike.
    ///
    /// @param usage what `--help` prints, beginning with the example's name; see [Arguments]
    /// @param words the command line
    /// @param body  the example; gives its result as an object to print
    /// @return the program's exit code
    static int run(Job job, String usage, String[] words, BiFunction<Job, Arguments, ?> body) {
        String name = usage.substring(0, usage.indexOf(' ')) + ": ";
        if (Arrays.asList(words).contains("--help")) {
            return end(job, OK, System.out, "", usage.stripTrailing());
        }
        try {
            return end(job, OK, System.out, name, body.apply(job, Arguments.parse(usage, words)));
        } catch (WrongResultException e) {
            return end(job, WRONG_RESULT, System.err, name, oneLine("wrong result: " + e.getMessage()));
        } catch (UsageException | InsufficientMemoryException e) {
            return end(job, USAGE, System.err, name, oneLine(e.getMessage()));
        }
    }

    private static int end(Job job, int exitCode, PrintStream stream, String name, Object outcome) {
        if (job.rank() == 0) {
            stream.println(name + outcome);
        }
        return exitCode;
    }

    /// Collective. Lets rank 0 work with a file; what fails there fails on every rank, so that none waits for what never comes.
    ///
    /// @return what rank 0 made of it; empty on the other ranks
    /// @throws UsageException on every rank, if rank 0 failed
    static <T> Optional<T> onRankZero(Job job, FileWork<T> work) {
        T made = null;
        String complaint = "";
        if (job.rank() == 0) {
            try {
                made = work.run();
            } catch (UsageException e) {
                complaint = e.getMessage();
            } catch (IOException e) {
                complaint = reason(e);
            } catch (OutOfMemoryError e) {
                complaint = "the input does not fit Java's heap of "
                        + (Runtime.getRuntime().maxMemory() >> 20) + " MiB: raise it with the JVM's option -Xmx";
            }
        }
        String agreed = firstComplaint(job, complaint);
        if (!agreed.isEmpty()) {
            throw new UsageException(agreed);
        }
        return Optional.ofNullable(made);
    }

    /// Collective. Insists that the result is right on every rank.
    ///
    /// @param right     whether it is right on this rank
    /// @param complaint what to say if it is not
    /// @throws WrongResultException on every rank, if it is wrong on any
    static void verify(Job job, boolean right, String complaint) {
        String agreed = firstComplaint(job, right ? "" : "rank " + job.rank() + ": " + complaint);
        if (!agreed.isEmpty()) {
            throw new WrongResultException(agreed);
        }
    }

    /// Collective. The complaint of the lowest rank that has one; an empty string if none has.
    private static String firstComplaint(Job job, String mine) {
        int size = job.size();
        int complaining = (int) job.world().allreduce(mine.isEmpty() ? size : job.rank(), Operator.MIN);
        if (complaining == size) {
            return "";
        }
        byte[] line = Arrays.copyOf(mine.getBytes(StandardCharsets.UTF_8), LONGEST_COMPLAINT);
        job.world().broadcast(complaining, MemorySegment.ofArray(line));
        return new String(line, StandardCharsets.UTF_8).replace("\0", "");
    }

    /// Opens a file.
    ///
    /// @throws UsageException if there is none
    static InputStream open(Path path) {
        try {
            if (Files.isDirectory(path)) {
                throw new UsageException(path + ": is a folder; a file is needed");
            }
            return Files.newInputStream(path);
        } catch (IOException e) {
            throw new UsageException(path + ": cannot be read: " + reason(e), e);
        }
    }

    /// What went wrong with a file, as a person says it.
    static String reason(Exception e) {
        return switch (e) {
            case NoSuchFileException missing -> "there is no such file";
            case AccessDeniedException denied -> "permission denied";
            default -> {
                Throwable root = e;
                while (root.getCause() != null) {
                    root = root.getCause();
                }
                yield root instanceof EOFException ? "unexpected end" : String.valueOf(root.getMessage());
            }
        };
    }

    /// Text from a file or a user, cut to be shown within a line.
    static String shown(String text) {
        return text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE) + "...";
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\p{C}", "?");
    }

    /// How many ranks, as a person says it.
    static String ranks(int count) {
        return count == 1 ? "1 rank" : count + " ranks";
    }

    /// Collective. Does something once without measuring it, and then again and again.
    ///
    /// @param iterations how often it is measured
    /// @param iteration  what to do; given how often it was done before
    /// @return seconds, by the clock of the slowest rank
    static double time(Job job, int iterations, IntConsumer iteration) {
        iteration.accept(0);
        job.world().barrier();
        long startNs = System.nanoTime();
        for (int i = 1; i <= iterations; i++) {
            iteration.accept(i);
        }
        return slowestSince(job, startNs);
    }

    /// Collective. Seconds since a value of [System#nanoTime()], by the clock of the slowest rank.
    static double slowestSince(Job job, long startNs) {
        return job.world().allreduce(secondsSince(startNs), Operator.MAX);
    }

    /// Seconds since a value of [System#nanoTime()].
    static double secondsSince(long startNs) {
        return (System.nanoTime() - startNs) / 1e9;
    }
}
