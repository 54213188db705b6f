package org.porthole.cli;

import org.porthole.config.CoreOptions;

/// Ends this process when the launcher that started it has gone, though the program joins no job. The runtime does the same once it has.
///
/// **Threads.** The JDK waits on a thread of its own, the one that the runtime's watch uses too.
final class OrphanWatch {
    /// As if the launcher had passed SIGTERM on.
    private static final int EXIT_CODE = ExitCode.SIGNAL_BASE + 15;

    private OrphanWatch() {}

    /// Begins to watch, if the environment names a launcher.
    static void start() {
        String launcher = System.getenv(CoreOptions.LAUNCHER.environmentName());
        if (launcher != null && launcher.matches("\\d{1,18}")) {
            ProcessHandle.of(Long.parseLong(launcher)).ifPresentOrElse(OrphanWatch::watch, OrphanWatch::end);
        }
    }

    private static void watch(ProcessHandle launcher) {
        var _ = launcher.onExit().thenRun(OrphanWatch::end);
    }

    private static void end() {
        Runtime.getRuntime().halt(EXIT_CODE);
    }
}
