package org.porthole.examples;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/// What the user asked of [Heat].
///
/// @param input      the image; empty for the one that comes with the example
/// @param iterations how many time steps
/// @param output     where the pictures go
/// @param frames     how many of them
/// @param verify     whether to compare with a serial run however long it takes
record HeatSettings(Optional<Path> input, int iterations, Path output, int frames, boolean verify) {
    private static final String PRESET_INPUT = "heat.png";
    private static final String PRESET_OUTPUT = "heat-out.png";
    private static final long SMALL = 1L << 28; // cell updates: less than a second of a serial run

    static HeatSettings of(Arguments arguments) {
        int iterations = arguments.integer("--iterations", 500, 1, Integer.MAX_VALUE);
        return new HeatSettings(
                arguments.path("--input"),
                iterations,
                arguments.path("--output").orElse(Path.of(PRESET_OUTPUT)),
                arguments.integer("--frames", 1, 1, iterations),
                arguments.has("--verify"));
    }

    /// Reads the image, having made sure that there is a place for the pictures.
    GreyImage read() {
        picture(1);
        if (input.isPresent()) {
            return GreyImage.read(Example.open(input.get()), input.get().toString());
        }
        InputStream preset = Heat.class.getResourceAsStream(PRESET_INPUT);
        return GreyImage.read(Objects.requireNonNull(preset, PRESET_INPUT), PRESET_INPUT);
    }

    /// Which time step a frame shows: the last frame the last one.
    int lastStep(int frame) {
        return (int) ((long) iterations * frame / frames);
    }

    /// Where a frame is written to, from 1 on.
    Path picture(int frame) {
        return GreyImage.numbered(GreyImage.target(output, PRESET_OUTPUT), frame, frames);
    }

    /// Whether to compare the result with a serial run.
    boolean comparesWithSerial(long updates) {
        return verify || updates <= SMALL;
    }
}
