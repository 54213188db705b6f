package org.porthole.config;

import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/// One setting: a row of an [OptionTable].
///
/// @param <T>         the value's type
/// @param key         `porthole.<room>.<noun>`, lower case
/// @param defaultText the default as a person writes it; empty for none
/// @param kind        what may be written, in a few words: `size`, `duration`, `a|b|c`
/// @param sentence    what it does
/// @param secret      whether the value must not be shown, and is taken from the environment or a file only
/// @param parser      turns text into a value, or throws [IllegalArgumentException] with the reason
public record Option<T>(
        String key, String defaultText, String kind, String sentence, boolean secret, Function<String, T> parser) {

    private static final Pattern SIZE = Pattern.compile("(\\d{1,18})\\s*([kmgt]?)(?:i?b)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern DURATION = Pattern.compile("(\\d{1,15})\\s*(ns|us|ms|s|min|m|h|d)");

    /// The environment variable that sets this option: `PORTHOLE_JOB_RANK` for `porthole.job.rank`.
    ///
    /// @return the variable's name
    public String environmentName() {
        return key.toUpperCase(java.util.Locale.ROOT).replace('.', '_');
    }

    /// An option with free text.
    ///
    /// @param key         the key
    /// @param defaultText the default
    /// @param sentence    what it does
    /// @return the row
    public static Option<String> ofText(String key, String defaultText, String sentence) {
        return new Option<>(key, defaultText, "text", sentence, false, Function.identity());
    }

    /// An option whose value is never shown.
    ///
    /// @param key      the key
    /// @param sentence what it does
    /// @return the row
    public static Option<String> ofSecret(String key, String sentence) {
        return new Option<>(key, "", "text", sentence, true, Function.identity());
    }

    /// An option with an integer.
    ///
    /// @param key         the key
    /// @param defaultText the default; empty for -1, which stands for none
    /// @param least       the smallest value allowed
    /// @param most        the largest value allowed
    /// @param sentence    what it does
    /// @return the row
    public static Option<Integer> ofInt(String key, String defaultText, int least, int most, String sentence) {
        return new Option<>(key, defaultText, least + ".." + most, sentence, false, text -> {
            if (text.isEmpty()) {
                return -1;
            }
            int value = Integer.parseInt(text);
            if (value < least || value > most) {
                throw new IllegalArgumentException("not within " + least + ".." + most);
            }
            return value;
        });
    }

    /// An option with one of a few words.
    ///
    /// @param <E>         the enum
    /// @param key         the key
    /// @param defaultText the default
    /// @param type        the enum, whose constants are written in lower case
    /// @param sentence    what it does
    /// @return the row
    public static <E extends Enum<E>> Option<E> ofWord(String key, String defaultText, Class<E> type, String sentence) {
        List<String> words = java.util.Arrays.stream(type.getEnumConstants())
                .map(constant -> constant.name().toLowerCase(java.util.Locale.ROOT))
                .toList();
        return new Option<>(key, defaultText, String.join("|", words), sentence, false, text -> {
            int at = words.indexOf(text.toLowerCase(java.util.Locale.ROOT));
            if (at < 0) {
                throw new IllegalArgumentException("not one of " + String.join(", ", words));
            }
            return type.getEnumConstants()[at];
        });
    }

    /// An option with a number of bytes, such as `64k` or `2g` (powers of 1024).
    ///
    /// @param key         the key
    /// @param defaultText the default
    /// @param sentence    what it does
    /// @return the row
    public static Option<Long> ofSize(String key, String defaultText, String sentence) {
        return new Option<>(key, defaultText, "size", sentence, false, Option::parseSize);
    }

    /// An option with a time in nanoseconds, written as `10s`, `250ms`, `1h` or `none` (which is [Long#MAX_VALUE]).
    ///
    /// @param key         the key
    /// @param defaultText the default
    /// @param sentence    what it does
    /// @return the row
    public static Option<Long> ofDurationNs(String key, String defaultText, String sentence) {
        return new Option<>(key, defaultText, "duration|none", sentence, false, Option::parseDurationNs);
    }

    /// An option with words separated by commas.
    ///
    /// @param key         the key
    /// @param defaultText the default
    /// @param kind        what the words may be
    /// @param sentence    what it does
    /// @return the row
    public static Option<List<String>> ofList(String key, String defaultText, String kind, String sentence) {
        return new Option<>(
                key,
                defaultText,
                kind,
                sentence,
                false,
                text -> java.util.Arrays.stream(text.split(",", -1))
                        .map(String::strip)
                        .filter(word -> !word.isEmpty())
                        .toList());
    }

    private static Long parseSize(String text) {
        var matcher = SIZE.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a size such as 64k, 16m or 2g");
        }
        long unit = switch (matcher.group(2).toLowerCase(java.util.Locale.ROOT)) {
            case "k" -> 1L << 10;
            case "m" -> 1L << 20;
            case "g" -> 1L << 30;
            case "t" -> 1L << 40;
            default -> 1L;
        };
        return Math.multiplyExact(Long.parseLong(matcher.group(1)), unit);
    }

    private static Long parseDurationNs(String text) {
        if (text.strip().equalsIgnoreCase("none")) {
            return Long.MAX_VALUE;
        }
        var matcher = DURATION.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a duration such as 250ms, 10s, 5min, 1h or none");
        }
        long unit = switch (matcher.group(2)) {
            case "ns" -> 1L;
            case "us" -> 1_000L;
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "min", "m" -> 60_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            default -> 86_400_000_000_000L;
        };
        return Math.multiplyExact(Long.parseLong(matcher.group(1)), unit);
    }
}
