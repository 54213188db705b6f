package org.porthole.cli.perf;

import java.io.PrintStream;
import java.util.List;

/// Receives what is measured, as it is.
interface Report {
    /// Begins.
    default void begin() {}

    /// Begins to measure everything once.
    ///
    /// @param round counts from 1
    default void beginRound(int round) {}

    /// Receives cells that were measured beside each other.
    ///
    /// @param measurements the cells
    void add(List<Measurement> measurements);

    /// Ends.
    default void end() {}

    /// Forgets everything.
    static Report none() {
        return measurements -> {};
    }

    /// The report that is asked for.
    ///
    /// @param spec      what is measured
    /// @param transport how rank 0 reaches rank 1
    /// @param out       where to write
    /// @return the report
    static Report of(PerfSpec spec, String transport, PrintStream out) {
        return spec.isJson()
                ? new JsonLines(spec.label().isEmpty() ? "porthole-" + transport : spec.label(), out)
                : new TableReport(spec, transport, out);
    }
}
