package org.porthole.cli;

import java.util.Arrays;
import java.util.List;
import org.porthole.ConfigurationException;
import org.porthole.PortholeException;
import org.porthole.cli.text.UsageException;

/// The `porthole` command.
public final class Main {
    private Main() {}

    /// Runs one command and exits with its code.
    ///
    /// @param words the command's name and its words
    public static void main(String[] words) {
        int exitCode = run(Arrays.asList(words));
        if (exitCode != ExitCode.OK) {
            System.exit(exitCode);
        }
    }

    private static int run(List<String> words) {
        try {
            String name = words.isEmpty() ? "help" : word(words.getFirst());
            return Commands.named(name).run(words.isEmpty() ? words : words.subList(1, words.size()));
        } catch (UsageException | ConfigurationException e) {
            return fail(e, ExitCode.USAGE);
        } catch (PortholeException | EnvironmentException e) {
            return fail(e, ExitCode.ENVIRONMENT);
        }
    }

    /// The command that a first word stands for: `--help` and `--version` are understood too.
    private static String word(String first) {
        return switch (first) {
            case "-h", "--help" -> "help";
            case "-V", "--version" -> "version";
            default -> first;
        };
    }

    private static int fail(RuntimeException e, int exitCode) {
        System.err.println("porthole: " + e.getMessage());
        return exitCode;
    }
}
