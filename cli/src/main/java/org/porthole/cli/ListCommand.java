package org.porthole.cli;

import java.util.List;
import org.porthole.cli.text.Arguments;

/// `porthole list`: the programs that can be run by name.
final class ListCommand implements Command {
    @Override
    public String name() {
        return "list";
    }

    @Override
    public String summary() {
        return "list the programs that run by name";
    }

    @Override
    public String usage() {
        return """
                usage: porthole list

                Lists the programs on Porthole's own class path, the examples, with a line on each.
                """;
    }

    @Override
    public int run(List<String> words) {
        Arguments arguments = Arguments.of("list", words, List.of());
        if (arguments.hasOption()) {
            arguments.option();
            throw arguments.unknownOption();
        }
        arguments.end();
        System.out.print(ProgramWords.programs("").table());
        return ExitCode.OK;
    }
}
