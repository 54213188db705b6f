package org.porthole.examples;

import java.util.Arrays;

/// Vertices `first` to `first + outDegrees.length - 1` of a directed graph, each with the vertices whose edges end there. Edges that are given
/// twice count twice.
final class Graph {
    /// The edges that end at vertex `first + i` are those from `sources[starts[i]]` to `sources[starts[i + 1] - 1]`.
    final int[] starts;

    final int[] sources;
    final int[] outDegrees;

    Graph(int[] starts, int[] sources, int[] outDegrees) {
        this.starts = starts;
        this.sources = sources;
        this.outDegrees = outDegrees;
    }

    /// A whole graph, from its edges in any order.
    ///
    /// @param count how many elements of `from` and `to` are edges
    static Graph of(int vertices, int[] from, int[] to, int count) {
        int[] starts = new int[vertices + 1];
        int[] outDegrees = new int[vertices];
        for (int edge = 0; edge < count; edge++) {
            starts[to[edge] + 1]++;
            outDegrees[from[edge]]++;
        }
        Arrays.parallelPrefix(starts, Integer::sum);
        int[] sources = new int[count];
        int[] next = starts.clone();
        for (int edge = 0; edge < count; edge++) {
            sources[next[to[edge]]++] = from[edge];
        }
        return new Graph(starts, sources, outDegrees);
    }

    int vertices() {
        return outDegrees.length;
    }

    int edges() {
        return sources.length;
    }

    /// How far scores are from being those that the whole graph's PageRank operator maps to themselves.
    ///
    /// @return the sum of the differences between the scores and what the operator makes of them
    double residual(double[] scores, double damping) {
        int n = vertices();
        double dangling = 0;
        for (int v = 0; v < n; v++) {
            dangling += outDegrees[v] == 0 ? scores[v] : 0;
        }
        double residual = 0;
        for (int v = 0; v < n; v++) {
            double inflow = dangling / n;
            for (int edge = starts[v]; edge < starts[v + 1]; edge++) {
                inflow += scores[sources[edge]] / outDegrees[sources[edge]];
            }
            residual += Math.abs((1 - damping) / n + damping * inflow - scores[v]);
        }
        return residual;
    }
}
