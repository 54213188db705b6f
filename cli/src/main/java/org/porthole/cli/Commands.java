package org.porthole.cli;

import java.util.List;
import org.porthole.cli.text.Arguments;
import org.porthole.cli.text.UsageException;
import org.porthole.config.NearestName;

/// The table of commands.
final class Commands {
    private static final List<Command> ALL = List.of(
            new RunCommand(),
            new ExecCommand(),
            new ListCommand(),
            new PerfCommand(),
            new InfoCommand(),
            new DoctorCommand(),
            new HelpCommand(),
            new VersionCommand());

    private Commands() {}

    static List<Command> all() {
        return ALL;
    }

    /// Finds a command.
    ///
    /// @param name its name
    /// @return the command
    /// @throws UsageException if there is none of that name: the message has the nearest one
    static Command named(String name) {
        return ALL.stream()
                .filter(command -> command.name().equals(name))
                .findFirst()
                .orElseThrow(() -> {
                    List<String> names = ALL.stream().map(Command::name).toList();
                    return new UsageException(
                            "there is no command \"" + name + '"' + Arguments.suggestion(NearestName.to(name, names))
                                    + " (there are: " + String.join(", ", names) + ')');
                });
    }
}
