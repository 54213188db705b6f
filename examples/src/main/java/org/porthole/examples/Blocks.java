package org.porthole.examples;

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
}
