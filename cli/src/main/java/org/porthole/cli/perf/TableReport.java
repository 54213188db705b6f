package org.porthole.cli.perf;

import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A report for people: a line per cell, as it is measured; and after several rounds a table of all of them together.
final class TableReport implements Report {
    private static final MathContext DIGITS = new MathContext(3);

    private final PerfSpec spec;
    private final String transport;
    private final PrintStream out;
    private final Map<Cell, Measurement> pool = new LinkedHashMap<>();
    private String lastOperation = "";

    /// Prepares.
    ///
    /// @param spec      what is measured
    /// @param transport how rank 0 reaches rank 1
    /// @param out       where to write
    TableReport(PerfSpec spec, String transport, PrintStream out) {
        this.spec = spec;
        this.transport = transport;
        this.out = out;
    }

    @Override
    public void begin() {
        int cores = Runtime.getRuntime().availableProcessors();
        print("%d ranks as %s; rank 0 reaches rank 1 by %s; %d cores; Java %s"
                .formatted(
                        spec.ranks(),
                        spec.isThreads() ? "threads" : "processes",
                        transport,
                        cores,
                        System.getProperty("java.version")));
        print("median [min..max] of %d batches of %.0f ms, fewer of slow ones"
                .formatted(spec.pace().samples(), spec.pace().batchNs() / 1e6));
        if (spec.ranks() > cores) {
            print("there are more ranks than cores: what they do together waits for the scheduler");
        }
    }

    @Override
    public void beginRound(int round) {
        if (spec.rounds() > 1) {
            heading("Round " + round + " of " + spec.rounds());
        } else {
            print("");
        }
        lastOperation = "";
    }

    @Override
    public void add(List<Measurement> measurements) {
        for (Measurement each : measurements) {
            pool.merge(each.cell(), each, Measurement::and);
            String reference = each.cell()
                    .against()
                    .flatMap(cell -> measurements.stream()
                            .filter(one -> one.cell().equals(cell))
                            .findFirst())
                    .map(beside -> ratio(each, beside))
                    .orElse("");
            print(row(each, reference));
        }
    }

    @Override
    public void end() {
        if (spec.rounds() > 1) {
            heading("All rounds");
            pool.values()
                    .forEach(each -> print(row(
                            each,
                            each.cell()
                                    .against()
                                    .map(cell -> ratio(each, pool.get(cell)))
                                    .orElse(""))));
        }
    }

    private void heading(String words) {
        print("");
        print(words);
        lastOperation = "";
    }

    private String row(Measurement measurement, String remark) {
        Cell cell = measurement.cell();
        Kind kind = cell.kind();
        String spread =
                "[" + number(kind.shown(measurement.min())) + ".." + number(kind.shown(measurement.max())) + "]";
        String bytes =
                measurement.bytesPerOperation() < 0 ? "" : "  " + number(measurement.bytesPerOperation()) + " B/op";
        String mode = cell.work().equals("L") && kind == Kind.ONE_WAY ? "  " + mode(measurement.median()) : "";
        String size = cell.size() == 0 ? "" : Sizes.text(cell.size());
        String operation = cell.operation().equals(lastOperation) ? "" : cell.operation();
        lastOperation = cell.operation();
        return "%-3s %-33s %5s %10s %-5s %s"
                .formatted(
                        operation.isEmpty() ? "" : cell.work(),
                        operation,
                        size,
                        number(kind.shown(measurement.median())),
                        kind.shownUnit(),
                        spread + bytes + mode + remark)
                .stripTrailing();
    }

    /// How a cell compares with the one measured beside it.
    private static String ratio(Measurement measurement, Measurement beside) {
        double percent = 100 * measurement.median() / beside.median();
        return String.format(
                Locale.ROOT, "  %.0f %% of %s", percent, beside.cell().operation());
    }

    /// What the time of a cache line says of the two cores, on the machines known so far.
    static String mode(double us) {
        if (us < 0.04) {
            return "near: two threads of one core";
        }
        if (us < 0.15) {
            return "L3: two cores of one cache";
        }
        return us < 1 ? "far: across caches" : "the two ranks have no core each";
    }

    /// A number in plain digits, three of which mean something.
    static String number(double value) {
        double size = Math.abs(value);
        return size >= 100
                ? String.format(Locale.ROOT, "%.0f", value)
                : new BigDecimal(value).round(DIGITS).stripTrailingZeros().toPlainString();
    }

    private void print(String line) {
        out.println(line);
        out.flush();
    }
}
