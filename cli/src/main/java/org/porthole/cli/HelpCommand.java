package org.porthole.cli;

import java.util.List;
import org.porthole.cli.text.Arguments;
import org.porthole.cli.text.UsageException;

/// `porthole help`, and `porthole` alone.
final class HelpCommand implements Command {
    @Override
    public String name() {
        return "help";
    }

    @Override
    public String summary() {
        return "explain a command";
    }

    @Override
    public String usage() {
        return """
                usage: porthole help [command]
                """;
    }

    @Override
    public int run(List<String> words) {
        Arguments arguments = Arguments.of("help", words, List.of());
        List<String> names = arguments.rest();
        if (names.size() > 1) {
            throw new UsageException("help: one command at a time, not " + String.join(" ", names));
        }
        System.out.print(
                names.isEmpty() ? overview() : Commands.named(names.getFirst()).usage());
        return ExitCode.OK;
    }

    private static String overview() {
        StringBuilder text = new StringBuilder("""
                usage: porthole COMMAND [args...]

                One-sided communication between JVMs.

                """);
        for (Command command : Commands.all()) {
            text.append(String.format("  %-9s %s%n", command.name(), command.summary()));
        }
        return text.append("""

                For example: porthole run -n 4 ring

                Exit codes: 0 all went well; 2 the command line or a setting cannot be used; 3 the machine lacks something
                (a JDK 25, Maven, a port, memory); of run and exec otherwise that of the program.

                Environment: PORTHOLE_JAVA_HOME names the JDK to use, PORTHOLE_JVM holds arguments for the ranks' JVMs,
                PORTHOLE_CONFIG names a configuration file; porthole info --config lists all other settings.
                """).toString();
    }
}
