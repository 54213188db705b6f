package org.porthole.examples;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;

/// A vertex among the first.
///
/// @param vertex its number
/// @param score  its score
/// @param name   its name; empty if it is not known
record Ranked(int vertex, double score, String name) {
    /// The vertices with the highest scores.
    ///
    /// @param count how many of them
    /// @param names the names of all vertices; none if they are not known
    static List<Ranked> first(int count, double[] scores, List<String> names) {
        PriorityQueue<Ranked> top = new PriorityQueue<>(Comparator.comparingDouble(Ranked::score));
        for (int vertex = 0; vertex < scores.length; vertex++) {
            if (top.size() < count || scores[vertex] > top.element().score()) {
                top.add(new Ranked(vertex, scores[vertex], names.isEmpty() ? "" : names.get(vertex)));
            }
            if (top.size() > count) {
                top.remove();
            }
        }
        return top.stream()
                .sorted(Comparator.comparingDouble(Ranked::score).reversed().thenComparingInt(Ranked::vertex))
                .toList();
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%n  %.12f  %d %s", score, vertex, name)
                .stripTrailing();
    }
}
