package org.porthole.cli.text;

import java.util.List;
import org.porthole.config.NearestName;

/// Reads a command's words from left to right: options first, then whatever follows them.
///
/// An option's value is the next word or is attached: `--cp PATH`, `--cp=PATH`, `-n 4`, `-n4`. The first word without a dash ends the
/// options, and so does `--`, which is dropped.
///
/// ```java
/// while (arguments.hasOption()) {
///     switch (arguments.option()) {
///         case "-n" -> ranks = arguments.number(1, 64);
///         case "--fast" -> fast = true;
///         default -> throw arguments.unknownOption();
///     }
/// }
/// List<String> rest = arguments.rest();
/// ```
///
/// **Threads.** One.
public final class Arguments {
    private static final String NO_VALUE = "";

    private final String command;
    private final List<String> words;
    private final List<String> known;
    private int next;
    private String option = "";
    private String attached = NO_VALUE;
    private boolean hasAttached;

    private Arguments(String command, List<String> words, List<String> known) {
        this.command = command;
        this.words = List.copyOf(words);
        this.known = List.copyOf(known);
    }

    /// Starts at the first word.
    ///
    /// @param command what messages call the command
    /// @param words   its words
    /// @param known   the options it takes, for suggestions
    /// @return a reader
    public static Arguments of(String command, List<String> words, List<String> known) {
        return new Arguments(command, words, known);
    }

    /// Whether the next word is an option.
    ///
    /// @return false at the first other word, after `--`, and at the end
    /// @throws UsageException if the last option has an attached value that nobody asked for
    public boolean hasOption() {
        if (hasAttached) {
            throw new UsageException(command + ": " + option + " takes no value, but was given \"" + attached + '"');
        }
        if (next == words.size()
                || !words.get(next).startsWith("-")
                || words.get(next).equals("-")) {
            return false;
        }
        if (words.get(next).equals("--")) {
            next++;
            return false;
        }
        return true;
    }

    /// Takes the next option.
    ///
    /// @return its name with its dashes
    public String option() {
        String word = words.get(next++);
        boolean isLong = word.startsWith("--");
        int end = isLong ? word.indexOf('=') : shortEnd(word);
        hasAttached = end >= 0;
        option = hasAttached ? word.substring(0, end) : word;
        attached = hasAttached ? word.substring(isLong ? end + 1 : end) : NO_VALUE;
        return option;
    }

    /// Where the value begins in a word such as `-n4` or `-n-1`, or -1.
    private static int shortEnd(String word) {
        return word.length() > 2 && (Character.isDigit(word.charAt(2)) || word.charAt(2) == '-') ? 2 : -1;
    }

    /// The value of the option that was taken last.
    ///
    /// @return the attached value or else the next word
    /// @throws UsageException if there is neither
    public String value() {
        if (hasAttached) {
            hasAttached = false;
            return attached;
        }
        if (next == words.size()) {
            throw new UsageException(command + ": " + option + " needs a value");
        }
        return words.get(next++);
    }

    /// The value of the option that was taken last, as a number.
    ///
    /// @param least the smallest allowed
    /// @param most  the largest allowed
    /// @return the number
    /// @throws UsageException if it is not a number from `least` to `most`
    public int number(int least, int most) {
        String text = value();
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            if (!text.matches("[+-]?\\d+")) {
                throw new UsageException(command + ": " + option + ": \"" + text + "\" is not a number");
            }
        }
        throw new UsageException(command + ": " + option + ": " + text + " is not from " + least + " to " + most);
    }

    /// The value of the option that was taken last, as a switch: `--tag`, `--tag=true` or `--tag=false`.
    ///
    /// @return true unless it says false
    /// @throws UsageException if it says something else
    public boolean flag() {
        if (!hasAttached) {
            return true;
        }
        String text = value();
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw new UsageException(command + ": " + option + ": \"" + text + "\" is neither true nor false");
        };
    }

    /// The complaint about the option that was taken last.
    ///
    /// @return an exception to throw, with the nearest known option
    public UsageException unknownOption() {
        return new UsageException(command + ": unknown option " + option + suggestion(NearestName.to(option, known))
                + " (porthole help " + command + " lists them)");
    }

    /// All words that are left; there are none afterwards.
    ///
    /// @return the words, possibly none
    public List<String> rest() {
        List<String> rest = words.subList(next, words.size());
        next = words.size();
        return rest;
    }

    /// Insists that no word is left.
    ///
    /// @throws UsageException if one is
    public void end() {
        if (next < words.size()) {
            throw new UsageException(command + ": unexpected word \"" + words.get(next) + '"');
        }
    }

    /// `; did you mean X?`
    ///
    /// @param nearest the nearest known name, or an empty string
    /// @return the words to append, or an empty string
    public static String suggestion(String nearest) {
        return nearest.isEmpty() ? "" : "; did you mean " + nearest + "?";
    }
}
