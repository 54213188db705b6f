package org.porthole.examples;

import java.util.Locale;

/// What the Parallel Research Kernels print at the end.
///
/// @param problem    what was computed
/// @param iterations how often
/// @param ranks      how many ranks took part
/// @param seconds    how long it took
/// @param millions   how much was done in all, in millions of what `unit` counts
/// @param unit       of the rate
record Rate(String problem, int iterations, int ranks, double seconds, double millions, String unit) {
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s, %d iterations on %s in %.3f s: %.1f %s",
                problem,
                iterations,
                Example.ranks(ranks),
                seconds,
                millions / seconds,
                unit);
    }
}
