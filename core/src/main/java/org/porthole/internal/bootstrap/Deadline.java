package org.porthole.internal.bootstrap;

import java.util.concurrent.TimeUnit;
import org.porthole.config.Configuration;
import org.porthole.config.CoreOptions;

/// How long joining may still take, counted from when this was made.
final class Deadline {
    private final long begin = System.nanoTime();
    private final long totalNs;

    private Deadline(long totalNs) {
        this.totalNs = totalNs;
    }

    /// The deadline that the settings name.
    static Deadline of(Configuration configuration) {
        return in(configuration.value(CoreOptions.JOIN_DEADLINE));
    }

    /// @param ns from now; [Long#MAX_VALUE] for none
    static Deadline in(long ns) {
        return new Deadline(ns);
    }

    long totalNs() {
        return totalNs;
    }

    /// What is left, possibly less than nothing.
    long leftNs() {
        return totalNs == Long.MAX_VALUE ? Long.MAX_VALUE / 2 : totalNs - (System.nanoTime() - begin);
    }

    /// What is left, at least 1.
    int leftMs() {
        return millis(leftNs());
    }

    boolean isOver() {
        return leftNs() <= 0;
    }

    /// `60 s (porthole.job.deadline)`.
    String text() {
        return TimeUnit.NANOSECONDS.toSeconds(totalNs) + " s (" + CoreOptions.JOIN_DEADLINE.key() + ")";
    }

    static int millis(long ns) {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(1, TimeUnit.NANOSECONDS.toMillis(ns)));
    }
}
