package org.porthole.cli.perf;

/// Decides how many operations the next batch of a cell has: more and more until a batch is long enough and the cell is warm.
final class Plan {
    /// Most operations of a batch.
    static final int MOST = 1 << 26;

    /// How many times longer than the one before a batch can be: the first ones ran cold.
    private static final double GROWTH = 16;

    /// A batch that took this many times too long is slow.
    private static final int SLOW = 5;

    private static final int SAMPLES_OF_SLOW = 2;

    private final Pace pace;
    private final int step;
    private int operations;
    private double elapsedNs;
    private boolean isWarm;
    private boolean isSlow;

    /// Begins with the fewest operations.
    ///
    /// @param pace what to aim at
    /// @param step what the number of operations must be a multiple of
    Plan(Pace pace, int step) {
        this.pace = pace;
        this.step = step;
        operations = step;
    }

    /// The operations of the next batch.
    int operations() {
        return operations;
    }

    /// Whether measuring can begin.
    boolean isWarm() {
        return isWarm;
    }

    /// How many batches to keep: fewer of slow ones.
    int samples() {
        return isSlow ? Math.min(pace.samples(), SAMPLES_OF_SLOW) : pace.samples();
    }

    /// Notes how long a batch of [#operations()] took.
    ///
    /// @param ns nanoseconds
    void ran(double ns) {
        int next = next(ns);
        elapsedNs += ns;
        isSlow = ns > SLOW * pace.batchNs();
        isWarm = elapsedNs >= pace.cellWarmUpNs() && (ns >= pace.batchNs() / 2 || next <= operations);
        operations = next;
    }

    private int next(double ns) {
        double factor = ns > 0 ? Math.min(pace.batchNs() / ns, GROWTH) : GROWTH;
        long wanted = (long) Math.clamp(operations * factor, 1, MOST);
        return (int) ((wanted + step - 1) / step * step);
    }
}
