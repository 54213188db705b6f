package org.porthole.examples;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.porthole.config.NearestName;

/// The options of an example, as the user gave them: `--name value`, `--name=value` or `--name` alone.
///
/// Which there are is read from the text that explains them to the user:
/// ```
/// ring [options]: passes numbers round
///   --rounds N   how often (default 1000)
///   --quiet      says nothing
/// ```
final class Arguments {
    private static final Pattern OPTION = Pattern.compile("^ +(--[a-z0-9-]+)( [A-Z]+)?(?= {2,})", Pattern.MULTILINE);

    private final Map<String, String> values = new HashMap<>();

    private Arguments() {}

    /// Reads a command line.
    ///
    /// @param usage the text that explains the options
    /// @param words the command line
    /// @throws UsageException if a word is not an option, or has no value though it needs one
    static Arguments parse(String usage, String... words) {
        Map<String, String> known = known(usage);
        Arguments arguments = new Arguments();
        Deque<String> rest = new ArrayDeque<>(List.of(words));
        while (!rest.isEmpty()) {
            String word = rest.pop();
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            String placeholder = known.get(name);
            if (placeholder == null) {
                throw unknown(name, known);
            }
            boolean takesValue = !placeholder.isEmpty();
            if (takesValue && equals < 0 && rest.isEmpty()) {
                throw new UsageException(name + " needs a value: " + name + placeholder);
            }
            if (!takesValue && equals >= 0) {
                throw new UsageException(name + " takes no value: \"" + word.substring(equals + 1) + '"');
            }
            arguments.values.put(name, !takesValue ? "" : equals < 0 ? rest.pop() : word.substring(equals + 1));
        }
        return arguments;
    }

    private static Map<String, String> known(String usage) {
        Map<String, String> known = new LinkedHashMap<>();
        Matcher matcher = OPTION.matcher(usage);
        while (matcher.find()) {
            known.put(matcher.group(1), Optional.ofNullable(matcher.group(2)).orElse(""));
        }
        return known;
    }

    private static UsageException unknown(String name, Map<String, String> known) {
        String nearest = NearestName.to(name, known.keySet());
        return new UsageException("unknown option \"" + Example.shown(name) + '"'
                + (nearest.isEmpty() ? "" : "; did you mean " + nearest + "?") + " (there are: "
                + String.join(", ", known.keySet()) + ')');
    }

    /// Whether an option was given.
    boolean has(String name) {
        return values.containsKey(name);
    }

    /// A whole number from `least` to `most`.
    int integer(String name, int preset, int least, int most) {
        String text = values.getOrDefault(name, Integer.toString(preset));
        try {
            int value = Integer.parseInt(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new UsageException(
                name + ": \"" + Example.shown(text) + "\" is not a whole number from " + least + " to " + most);
    }

    /// A number from `least` to `most`.
    double real(String name, double preset, double least, double most) {
        String text = values.getOrDefault(name, Double.toString(preset));
        try {
            double value = Double.parseDouble(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new UsageException(
                name + ": \"" + Example.shown(text) + "\" is not a number from " + least + " to " + most);
    }

    /// A path, if one was given.
    Optional<Path> path(String name) {
        try {
            return Optional.ofNullable(values.get(name)).map(Path::of);
        } catch (InvalidPathException e) {
            throw new UsageException(
                    name + ": \"" + Example.shown(e.getInput()) + "\" is not a path: " + e.getReason(), e);
        }
    }
}
