package org.porthole.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.porthole.PortholeException;
import org.porthole.Rendezvous;
import org.porthole.cli.text.UsageException;
import org.porthole.config.CoreOptions;

/// Runs a program's main method as one rank.
///
/// What it adds to starting the class directly: a [PortholeException] that nobody caught is told in one line, with the rank and the place in
/// the program; a rank whose main method threw ends, though it has other threads, so that its peers need not wait for it; and a rank whose
/// launcher was killed ends, though it has not joined.
public final class RankMain {
    /// Set to `true` for whole stack traces.
    static final String TRACES = "org.porthole.cli.traces";

    /// In the order in which a rank asks launchers.
    private static final List<String> RANK_VARIABLES = List.of(
            CoreOptions.RANK.environmentName(),
            "PMIX_RANK",
            "PMI_RANK",
            "PMI_ID",
            "OMPI_COMM_WORLD_RANK",
            "SLURM_PROCID",
            "JOB_COMPLETION_INDEX");

    private static final Pattern RUNTIME_FRAME =
            Pattern.compile("org\\.porthole\\.([A-Z]|internal\\.|spi\\.|config\\.).*");

    private RankMain() {}

    /// Starts a program.
    ///
    /// @param words the name of its main class, and its arguments
    public static void main(String[] words) {
        start(words[0], Arrays.copyOfRange(words, 1, words.length));
    }

    /// Runs a program and returns when its main method does; ends this process if that throws.
    ///
    /// @param className the class with its main method
    /// @param arguments its arguments
    static void start(String className, String... arguments) {
        WholeLines.install(ownRank(System.getenv()) != null);
        Rendezvous.endWithLauncher(System.getenv(), line -> System.err.println("porthole: " + line));
        try {
            MainMethod.of(className).invoke(arguments);
        } catch (Throwable failure) {
            System.exit(report(failure));
        }
    }

    private static int report(Throwable failure) {
        if (failure instanceof UsageException) {
            System.err.println("porthole: " + failure.getMessage());
            return ExitCode.USAGE;
        }
        Thread.UncaughtExceptionHandler handler = Thread.getDefaultUncaughtExceptionHandler();
        if (handler != null) {
            handler.uncaughtException(Thread.currentThread(), failure);
        } else if (failure instanceof PortholeException known && !Boolean.getBoolean(TRACES)) {
            System.err.println(line(known, ownRank(System.getenv())));
        } else {
            System.err.print("Exception in thread \"" + Thread.currentThread().getName() + "\" ");
            failure.printStackTrace();
        }
        return 1;
    }

    /// This process's rank as its launcher calls it, though it may not have joined; null if none does.
    static String ownRank(Map<String, String> environment) {
        return RANK_VARIABLES.stream()
                .map(environment::get)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /// One line: who, what, which exception, and where in the program.
    static String line(PortholeException failure, String rank) {
        String who = rank == null || rank.isEmpty() ? "" : "rank " + rank + ": ";
        String what = String.valueOf(failure.getMessage());
        return "porthole: " + (what.startsWith(who) ? "" : who) + what + " ("
                + failure.getClass().getSimpleName() + place(failure.getStackTrace()) + ')';
    }

    /// The frame that called the runtime.
    private static String place(StackTraceElement... trace) {
        for (int i = trace.length - 2; i >= 0; i--) {
            if (RUNTIME_FRAME.matcher(trace[i].getClassName()).matches()) {
                StackTraceElement caller = trace[i + 1];
                return " at " + caller.getClassName() + '.' + caller.getMethodName() + '(' + caller.getFileName() + ':'
                        + caller.getLineNumber() + ')';
            }
        }
        return "";
    }
}
