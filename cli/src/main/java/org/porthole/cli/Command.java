package org.porthole.cli;

import java.util.List;
import org.porthole.cli.text.UsageException;

/// One word of the `porthole` command.
///
/// **Threads.** Run once, on the main thread.
public interface Command {
    /// The word that selects it.
    ///
    /// @return lower case
    String name();

    /// What it does.
    ///
    /// @return one line without a full stop
    String summary();

    /// How it is used: what `porthole help NAME` prints.
    ///
    /// @return lines, the first of which begins with `usage: porthole NAME`
    String usage();

    /// Does it.
    ///
    /// @param words the words after the command's own
    /// @return the exit code: 0, or one of [ExitCode], or that of a rank
    /// @throws UsageException                 if the words cannot be used
    /// @throws org.porthole.PortholeException if a setting or the machine stands in the way; its message is printed as one line
    int run(List<String> words);
}
