package org.porthole.cli.perf;

import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import org.porthole.cli.text.JsonWriter;

/// A report for programs: one object a line per cell, in the format of the peers' drivers.
///
/// Allocations are lines of their own, with the workload `A`, which the peers' tables leave out.
final class JsonLines implements Report {
    private static final MathContext DIGITS = new MathContext(6);

    private final String peer;
    private final PrintStream out;

    /// Prepares.
    ///
    /// @param peer what this runtime is called
    /// @param out  where to write
    JsonLines(String peer, PrintStream out) {
        this.peer = peer;
        this.out = out;
    }

    @Override
    public void add(List<Measurement> measurements) {
        for (Measurement each : measurements) {
            Cell cell = each.cell();
            out.println(line(peer, cell.work(), cell, cell.kind().unit(), each.samples()));
            if (each.bytesPerOperation() >= 0) {
                out.println(line(peer, "A", cell, "B/op", List.of(each.bytesPerOperation())));
            }
        }
        out.flush();
    }

    static String line(String peer, String work, Cell cell, String unit, List<Double> samples) {
        JsonWriter json = new JsonWriter();
        json.beginObject().name("peer").value(peer);
        json.name("w").value(work).name("op").value(cell.operation());
        json.name("size").value(cell.size()).name("unit").value(unit).name("s").beginArray();
        for (double sample : samples) {
            json.value(new BigDecimal(sample).round(DIGITS).doubleValue());
        }
        return json.endArray().endObject().toString();
    }
}
