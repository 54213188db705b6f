package org.porthole.cli.perf;

/// How long and how often is measured.
///
/// @param samples  batches kept of a cell, at least 1
/// @param batchNs  how long a batch should be
/// @param warmUpNs how long everything is warmed up before the first cell
record Pace(int samples, double batchNs, double warmUpNs) {
    /// Batches that a cell is warmed up for.
    private static final int CELL_WARM_UP = 10;

    /// How long a cell is warmed up, at least.
    double cellWarmUpNs() {
        return CELL_WARM_UP * batchNs;
    }
}
