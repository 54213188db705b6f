package org.porthole.examples;

import java.util.Locale;

/// What most examples print at the end: what was done, by how many ranks, and how fast.
///
/// @param problem what was done
/// @param ranks   how many ranks took part
/// @param seconds how long it took
/// @param units   how much was done in all
/// @param unit    what `units` counts; the rate is printed in millions of them
record Rate(String problem, int ranks, double seconds, double units, String unit) {
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s on %s in %.3f s: %.1f M%s/s",
                problem,
                Example.ranks(ranks),
                seconds,
                units / seconds / 1e6,
                unit);
    }
}
