package org.porthole.examples;

import java.util.Locale;

/// What [Heat] prints at the end.
///
/// @param width     the image's width
/// @param height    the image's height
/// @param settings  what was asked for
/// @param ranks     how many ranks took part
/// @param seconds   how long the time steps took
/// @param compared  whether the result was compared with a serial run
/// @param checksum  of all cells, at rank 0
record HeatResult(
        long width, long height, HeatSettings settings, int ranks, double seconds, boolean compared, int checksum) {
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d x %d cells, %d steps on %s in %.3f s: %.1f M cell updates/s; heat conserved%s; checksum %08x;"
                        + " wrote %s",
                width,
                height,
                settings.iterations(),
                Example.ranks(ranks),
                seconds,
                width * height * settings.iterations() / seconds / 1e6,
                compared ? ", as in a serial run" : "",
                checksum,
                settings.picture(settings.frames()));
    }
}
