package org.porthole.cli;

import java.util.List;
import org.porthole.cli.text.Arguments;

/// `porthole version`.
final class VersionCommand implements Command {
    @Override
    public String name() {
        return "version";
    }

    @Override
    public String summary() {
        return "print the version";
    }

    @Override
    public String usage() {
        return """
                usage: porthole version
                """;
    }

    @Override
    public int run(List<String> words) {
        Arguments.of("version", words, List.of()).end();
        System.out.println("porthole " + Version.text());
        return ExitCode.OK;
    }
}
