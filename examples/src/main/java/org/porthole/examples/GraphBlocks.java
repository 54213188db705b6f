package org.porthole.examples;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Optional;
import org.porthole.Epoch;
import org.porthole.Job;
import org.porthole.Window;
import org.porthole.WindowSpec;

/// Splits a graph, which rank 0 has, over the ranks: each gets some vertices and the edges that end there.
final class GraphBlocks {
    private GraphBlocks() {}

    /// Collective. Gets this rank's block from a window at rank 0, where `starts`, `outDegrees` and `sources` lie one behind the other.
    ///
    /// @param graph  the whole, at rank 0
    /// @param blocks which vertices are whose
    /// @param edges  how many there are in all
    static Graph take(Job job, Optional<Graph> graph, Blocks blocks, int edges) {
        int[] starts = new int[(int) blocks.count(job.rank()) + 1];
        int[] outDegrees = new int[starts.length - 1];
        int[] sources;
        long first = blocks.first(job.rank());
        long degreesAt = blocks.total() + 1;
        long sourcesAt = degreesAt + blocks.total();
        long bytes = job.rank() == 0 ? Integer.BYTES * (sourcesAt + edges) : 0;
        try (Window window = job.world().openWindow(WindowSpec.ofBytes(bytes).named("graph"))) {
            graph.ifPresent(it -> {
                copy(it.starts, window.local(), 0);
                copy(it.outDegrees, window.local(), degreesAt);
                copy(it.sources, window.local(), sourcesAt);
            });
            try (Epoch epoch = window.fence()) {
                epoch.get(0, Integer.BYTES * first, MemorySegment.ofArray(starts));
                epoch.get(0, Integer.BYTES * (degreesAt + first), MemorySegment.ofArray(outDegrees));
                epoch.flushLocal(0); // only then do the starts tell where the sources are
                sources = new int[starts[outDegrees.length] - starts[0]];
                epoch.get(0, Integer.BYTES * (sourcesAt + starts[0]), MemorySegment.ofArray(sources));
            }
        }
        int base = starts[0];
        Arrays.setAll(starts, i -> starts[i] - base);
        return new Graph(starts, sources, outDegrees);
    }

    private static void copy(int[] from, MemorySegment to, long index) {
        MemorySegment.copy(from, 0, to, ValueLayout.JAVA_INT, Integer.BYTES * index, from.length);
    }
}
