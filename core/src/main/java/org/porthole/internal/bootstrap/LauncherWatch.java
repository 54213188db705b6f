package org.porthole.internal.bootstrap;

import org.porthole.config.Configuration;
import org.porthole.config.CoreOptions;

/// Ends this process when its launcher has gone: a killed launcher must not leave ranks behind.
public final class LauncherWatch {
    /// As if the launcher had forwarded SIGTERM.
    private static final int EXIT_CODE = 143;

    private LauncherWatch() {}

    /// Starts watching, if the configuration names a launcher.
    ///
    /// @param configuration the settings
    @SuppressWarnings("FutureReturnValueIgnored") // nobody is left to be told
    public static void start(Configuration configuration) {
        int launcher = configuration.value(CoreOptions.LAUNCHER);
        if (launcher < 0) {
            return;
        }
        ProcessHandle.of(launcher)
                .ifPresentOrElse(handle -> handle.onExit().thenAccept(gone -> end(launcher)), () -> end(launcher));
    }

    private static void end(int launcher) {
        System.getLogger(LauncherWatch.class.getName())
                .log(
                        System.Logger.Level.ERROR,
                        "the launcher, process {0}, has gone: this rank ends",
                        Integer.toString(launcher));
        Runtime.getRuntime().halt(EXIT_CODE);
    }
}
