package org.porthole.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/// What the user asked of [Life].
///
/// @param input       the pattern; empty for the one that comes with the example
/// @param columns     the torus's width
/// @param rows        its height
/// @param generations how many
/// @param show        whether to print the cells
record LifeSettings(Optional<Path> input, int columns, int rows, int generations, boolean show) {
    private static final String PRESET = "gosper-glider-gun.rle";

    static LifeSettings of(Arguments arguments) {
        return new LifeSettings(
                arguments.path("--input"),
                arguments.integer("--columns", 512, 1, 40_000),
                arguments.integer("--rows", 512, 1, 40_000),
                arguments.integer("--generations", 1000, 0, Integer.MAX_VALUE),
                arguments.has("--show"));
    }

    Torus read() throws IOException {
        InputStream stream = input.isPresent()
                ? Example.open(input.get())
                : Objects.requireNonNull(Life.class.getResourceAsStream(PRESET), PRESET);
        Torus torus = new Torus(columns, rows);
        try (BufferedReader reader = GraphLines.text(stream)) {
            RunLengths.read(reader, input.map(Path::toString).orElse(PRESET), torus);
        }
        return torus;
    }

    @Override
    public String toString() {
        return columns + " x " + rows + " cells, " + generations + " generations";
    }
}
