package org.porthole.examples;

import java.io.Console;
import java.util.Optional;
import org.porthole.Job;

/// A line that tells a person at a terminal how far a long computation is. Rank 0 alone shows it, and in files and pipes nobody does.
final class Progress {
    private static final long INTERVAL_NS = 100_000_000;

    private final String text;
    private final long total;
    private final boolean isWatched;
    private long shownNs = System.nanoTime();
    private boolean isShown;

    /// Shows nothing yet.
    ///
    /// @param text  what is counted, as in `step`
    /// @param total how many there will be
    Progress(Job job, String text, long total) {
        this.text = text;
        this.total = total;
        isWatched = job.rank() == 0 && isTerminal();
    }

    /// Whether somebody watches standard error; the launcher, which passes it on through a pipe, tells in a property.
    private static boolean isTerminal() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent()
                || System.getProperty("org.porthole.cli.terminals", "").contains("err");
    }

    /// Shows how far it is, a few times a second at most.
    void show(long done) {
        if (isWatched && System.nanoTime() - shownNs >= INTERVAL_NS) {
            System.err.print(text + ' ' + done + " of " + total + '\r');
            shownNs = System.nanoTime();
            isShown = true;
        }
    }

    /// Clears the line.
    void end() {
        if (isShown) {
            System.err.print(" ".repeat(2 * Long.toString(total).length() + text.length() + 5) + '\r');
            isShown = false;
        }
    }
}
