package org.porthole.examples;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What [PageRank] prints at the end.
///
/// @param vertices   how many there are
/// @param edges      how many there are
/// @param ranks      how many ranks took part
/// @param iterations how many there were
/// @param change     by how much the last one changed the scores in sum
/// @param tolerance  by how much it should have at most
/// @param seconds    how long the iterations took
/// @param top        the first vertices, at rank 0
record PageRankResult(
        int vertices,
        int edges,
        int ranks,
        int iterations,
        double change,
        double tolerance,
        double seconds,
        List<Ranked> top) {
    @Override
    public String toString() {
        return String.format(
                        Locale.ROOT,
                        "%d vertices, %d edges, %s: %s after %d iterations, last change %.1e; %.3f s, %.1f M edges/s",
                        vertices,
                        edges,
                        Example.ranks(ranks),
                        change <= tolerance ? "converged" : "not converged",
                        iterations,
                        change,
                        seconds,
                        (double) edges * iterations / seconds / 1e6)
                + top.stream().map(Ranked::toString).collect(Collectors.joining());
    }
}
