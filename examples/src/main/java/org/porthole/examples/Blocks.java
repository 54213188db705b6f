package org.porthole.examples;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.porthole.Team;

/// Splits `total` items over `parts` ranks in blocks whose sizes differ by one at most. If there are more ranks than items, the last
/// ranks get none.
///
/// @param total how many items
/// @param parts how many ranks
record Blocks(long total, int parts) {
    /// The first item of a rank.
    long first(int part) {
        return part * (total / parts) + Math.min(part, total % parts);
    }

    /// How many items a rank has.
    long count(int part) {
        return first(part + 1) - first(part);
    }

    /// The rank that has an item.
    int owner(long item) {
        long small = total / parts;
        long large = small + 1;
        long inLarge = total % parts * large; // the first ranks have one item more than the others
        return (int) (item < inLarge ? item / large : total % parts + (item - inLarge) / small);
    }

    /// Collective. Brings numbers of all items together at rank 0.
    ///
    /// @param mine those of this rank's items
    /// @return those of all; none elsewhere
    double[] gather(Team team, double[] mine) {
        double[] all = new double[team.rank() == 0 ? (int) total : 0];
        long[] counts = new long[parts];
        long[] offsets = new long[parts];
        Arrays.setAll(counts, part -> Double.BYTES * count(part));
        Arrays.setAll(offsets, part -> Double.BYTES * first(part));
        team.gatherv(0, MemorySegment.ofArray(mine), MemorySegment.ofArray(all), counts, offsets);
        return all;
    }
}
