package org.porthole.cli.perf;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.porthole.cli.text.UsageException;

/// Message sizes as people write them: `8`, `64`, `1k`, `4M`.
final class Sizes {
    /// The sizes of the peers' drivers.
    static final List<Long> STANDARD = List.of(8L, 64L, 1L << 10, 8L << 10, 64L << 10, 1L << 20, 4L << 20);

    private static final Pattern SIZE = Pattern.compile("(\\d{1,10})([kKmM]?)");

    private Sizes() {}

    /// Reads a list.
    ///
    /// @param text sizes with commas between them
    /// @return bytes, in the order given, without repetitions
    /// @throws UsageException if there is none, or one is no size from 1 byte to [Slots#FOOTPRINT]
    static List<Long> parse(String text) {
        List<Long> sizes = new ArrayList<>();
        for (String word : text.split(",", -1)) {
            long size = parseOne(word.strip());
            if (!sizes.contains(size)) {
                sizes.add(size);
            }
        }
        return List.copyOf(sizes);
    }

    private static long parseOne(String word) {
        Matcher matcher = SIZE.matcher(word);
        if (!matcher.matches()) {
            throw new UsageException("perf: --sizes: \"" + word + "\" is not a size such as 8, 64k or 1m");
        }
        long unit = switch (matcher.group(2)) {
            case "k", "K" -> 1L << 10;
            case "m", "M" -> 1L << 20;
            default -> 1;
        };
        long size = Long.parseLong(matcher.group(1)) * unit;
        if (size < 1 || size > Slots.FOOTPRINT) {
            throw new UsageException("perf: --sizes: " + word + " is not from 1 to " + text(Slots.FOOTPRINT));
        }
        return size;
    }

    /// Writes a size.
    ///
    /// @param size bytes
    /// @return the shortest exact form
    static String text(long size) {
        if (size > 0 && size % (1 << 20) == 0) {
            return (size >> 20) + "M";
        }
        return size > 0 && size % (1 << 10) == 0 ? (size >> 10) + "K" : Long.toString(size);
    }
}
