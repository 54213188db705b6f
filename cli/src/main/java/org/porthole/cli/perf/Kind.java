package org.porthole.cli.perf;

/// What a cell's number is, and how a batch's duration becomes one.
enum Kind {
    /// Microseconds per operation.
    LATENCY("us", "us", 1, 1),
    /// Microseconds per half of an operation, which goes there and back.
    ONE_WAY("us", "us", 1, 1),
    /// Megabytes (10^6) per second, of operations outstanding together.
    BANDWIDTH("MB/s", "GB/s", 1e-3, Slots.OUTSTANDING),
    /// Operations per second, of operations outstanding together.
    RATE("op/s", "M/s", 1e-6, Slots.OUTSTANDING);

    private final String unit;
    private final String shownUnit;
    private final double shownFactor;
    private final int step;

    Kind(String unit, String shownUnit, double shownFactor, int step) {
        this.unit = unit;
        this.shownUnit = shownUnit;
        this.shownFactor = shownFactor;
        this.step = step;
    }

    /// The unit of [#sample(long, long, double)].
    String unit() {
        return unit;
    }

    /// The unit that people are shown.
    String shownUnit() {
        return shownUnit;
    }

    /// A sample in [#shownUnit()].
    double shown(double sample) {
        return sample * shownFactor;
    }

    /// What the number of operations of a batch must be a multiple of.
    int step() {
        return step;
    }

    /// The mean of a batch.
    ///
    /// @param size bytes per operation
    /// @param n    operations
    /// @param ns   how long they took together
    /// @return the number, in [#unit()]
    double sample(long size, long n, double ns) {
        return switch (this) {
            case LATENCY -> ns / n / 1e3;
            case ONE_WAY -> ns / n / 2e3;
            case BANDWIDTH -> (double) size * n / ns * 1e3;
            case RATE -> n / ns * 1e9;
        };
    }
}
