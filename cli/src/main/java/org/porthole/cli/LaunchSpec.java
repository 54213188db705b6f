package org.porthole.cli;

import java.util.List;
import java.util.Map;

/// What is to be started on this host, and how.
///
/// @param ranks        how many processes, `1 <= ranks <= 1024`
/// @param tag          whether each line of output begins with its rank; otherwise the ranks write straight to the launcher's streams
/// @param keepGoing    whether the others go on when a rank fails
/// @param environment  variables added to each rank's environment
/// @param jvmArguments arguments of each rank's JVM, after Porthole's own
/// @param classPath    appended to Porthole's own class path; may be empty
/// @param mainClass    the class with the program's main method
/// @param arguments    the program's arguments
public record LaunchSpec(
        int ranks,
        boolean tag,
        boolean keepGoing,
        Map<String, String> environment,
        List<String> jvmArguments,
        String classPath,
        String mainClass,
        List<String> arguments) {
    /// Copies the collections.
    public LaunchSpec {
        environment = Map.copyOf(environment);
        jvmArguments = List.copyOf(jvmArguments);
        arguments = List.copyOf(arguments);
    }

    /// A program with tagged output that ends when a rank fails.
    ///
    /// @param ranks     how many processes
    /// @param mainClass the class with the program's main method
    /// @param arguments the program's arguments
    /// @return the request
    public static LaunchSpec of(int ranks, String mainClass, List<String> arguments) {
        return new LaunchSpec(ranks, true, false, Map.of(), List.of(), "", mainClass, arguments);
    }
}
