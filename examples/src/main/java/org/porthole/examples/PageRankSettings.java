package org.porthole.examples;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// What the user asked of [PageRank].
///
/// @param input      the graph; empty for the one that comes with the example
/// @param damping    the probability of following an edge
/// @param tolerance  when to stop
/// @param iterations when to stop at the latest
record PageRankSettings(Optional<Path> input, double damping, double tolerance, int iterations) {
    private static final String PRESET_GRAPH = "debian-12-depends.txt.gz";
    private static final String PRESET_NAMES = "debian-12-packages.txt.gz";

    static PageRankSettings of(Arguments arguments) {
        return new PageRankSettings(
                arguments.path("--input"),
                arguments.real("--damping", 0.85, 0, 1),
                arguments.real("--tolerance", 1e-10, 0, 1),
                arguments.integer("--iterations", 200, 1, Integer.MAX_VALUE));
    }

    Graph read() {
        if (input.isPresent()) {
            return GraphReader.read(Example.open(input.get()), input.get().toString());
        }
        return presetGraph();
    }

    /// The graph that comes with the example.
    static Graph presetGraph() {
        return GraphReader.read(resource(PRESET_GRAPH), PRESET_GRAPH);
    }

    /// The names of the vertices; none if they are not known.
    List<String> names() throws IOException {
        if (input.isPresent()) {
            return List.of();
        }
        try (var reader = GraphLines.text(resource(PRESET_NAMES))) {
            return reader.lines().toList();
        }
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(PageRank.class.getResourceAsStream(name), name);
    }
}
