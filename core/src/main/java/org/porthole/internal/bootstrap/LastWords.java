package org.porthole.internal.bootstrap;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.Consumer;

/// The end of this process from within, though some of its threads may be stuck, and nobody may read what it says.
public final class LastWords {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final System.Logger LOG = System.getLogger(LastWords.class.getName());

    private LastWords() {}

    /// Ends this process, after a line in the log.
    ///
    /// @param exitCode its exit code
    /// @param line     why
    public static void end(int exitCode, String line) {
        end(exitCode, line, text -> LOG.log(Level.ERROR, text));
    }

    /// Ends this process. Shutdown hooks do not run: they may wait for what is ending.
    ///
    /// @param exitCode its exit code
    /// @param line     why
    /// @param teller   is given the line
    public static void end(int exitCode, String line, Consumer<String> teller) {
        Thread saying = Thread.ofPlatform().daemon().name("porthole-last-words").start(() -> teller.accept(line));
        try {
            saying.join(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(exitCode);
    }
}
