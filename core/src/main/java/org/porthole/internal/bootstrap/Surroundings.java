package org.porthole.internal.bootstrap;

import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.porthole.config.Configuration;

/// What a process can know of itself without asking anybody.
///
/// @param configuration its settings
/// @param environment   its variables
/// @param hosts         the file that names the hosts it knows
record Surroundings(Configuration configuration, Map<String, String> environment, Path hosts) {
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

    static Surroundings of(Configuration configuration) {
        return new Surroundings(configuration, System.getenv(), Path.of("/etc/hosts"));
    }

    boolean has(String variable) {
        return !text(variable).isEmpty();
    }

    /// A variable's value, empty if it is not set.
    String text(String variable) {
        return environment.getOrDefault(variable, "");
    }

    /// A variable's value if it is a number.
    OptionalInt number(String variable) {
        String text = text(variable);
        return NUMBER.matcher(text).matches() ? OptionalInt.of(Integer.parseInt(text)) : OptionalInt.empty();
    }
}
