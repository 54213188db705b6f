package org.porthole.cli.perf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The samples of a cell. Immutable.
///
/// @param cell           what was measured
/// @param samples        each the mean of one batch, in the cell's unit; at least one
/// @param bytesPerOperation bytes allocated on the heap per operation by the thread that ran it; negative if not counted
record Measurement(Cell cell, List<Double> samples, double bytesPerOperation) {
    /// The value of [#bytesPerOperation()] when nothing was counted.
    static final double NOT_COUNTED = -1;

    Measurement {
        samples = List.copyOf(samples);
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("no samples of " + cell.operation());
        }
    }

    static Measurement of(Cell cell, double... samples) {
        return new Measurement(cell, Arrays.stream(samples).boxed().toList(), NOT_COUNTED);
    }

    /// The sample in the middle, or the mean of both.
    double median() {
        double[] sorted = samples.stream().mapToDouble(x -> x).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    double min() {
        return samples.stream().mapToDouble(x -> x).min().orElseThrow();
    }

    double max() {
        return samples.stream().mapToDouble(x -> x).max().orElseThrow();
    }

    /// The samples of both; of the allocations the larger.
    Measurement and(Measurement later) {
        List<Double> all = new ArrayList<>(samples);
        all.addAll(later.samples);
        return new Measurement(cell, all, Math.max(bytesPerOperation, later.bytesPerOperation));
    }
}
