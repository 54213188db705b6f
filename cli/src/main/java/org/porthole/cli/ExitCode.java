package org.porthole.cli;

/// What the command's exit codes mean.
public final class ExitCode {
    /// All went well.
    public static final int OK = 0;

    /// The command line or a setting cannot be used.
    public static final int USAGE = 2;

    /// The machine lacks something: a JDK, a port, a process more.
    public static final int ENVIRONMENT = 3;

    /// Added to a signal's number when the signal ended a process.
    public static final int SIGNAL_BASE = 128;

    /// Whoever read the output went away.
    static final int OUTPUT_LOST = SIGNAL_BASE + 13;

    private ExitCode() {}
}
