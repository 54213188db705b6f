package org.porthole.cli;

import java.util.Map;

/// How a process ended.
///
/// @param exitCode its exit code; 128 and a signal's number if that ended it
record Ending(int exitCode) {
    private static final Map<Integer, String> SIGNALS = Map.ofEntries(
            Map.entry(1, "SIGHUP"),
            Map.entry(2, "SIGINT"),
            Map.entry(3, "SIGQUIT"),
            Map.entry(4, "SIGILL"),
            Map.entry(6, "SIGABRT"),
            Map.entry(7, "SIGBUS"),
            Map.entry(8, "SIGFPE"),
            Map.entry(9, "SIGKILL"),
            Map.entry(11, "SIGSEGV"),
            Map.entry(13, "SIGPIPE"),
            Map.entry(15, "SIGTERM"));

    boolean isFailure() {
        return exitCode != ExitCode.OK;
    }

    /// Whether a signal ended it, rather than the program.
    boolean isBySignal() {
        return exitCode > ExitCode.SIGNAL_BASE;
    }

    /// Whether it ended as one does who is asked to: by SIGHUP, SIGINT or SIGTERM.
    boolean isByRequest() {
        int signal = exitCode - ExitCode.SIGNAL_BASE;
        return signal == 1 || signal == 2 || signal == 15;
    }

    /// Words for it: `ended with exit code 137 (SIGKILL)`.
    String text() {
        String signal = SIGNALS.getOrDefault(exitCode - ExitCode.SIGNAL_BASE, "");
        return "ended with exit code " + exitCode + (signal.isEmpty() ? "" : " (" + signal + ')');
    }
}
