package org.porthole.cli.perf;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.porthole.InsufficientMemoryException;
import org.porthole.Job;
import org.porthole.cli.text.Arguments;
import org.porthole.cli.text.UsageException;

/// `porthole perf exposure`: what an epoch costs its owner under each policy and guard, and from how much local work on which is cheaper. One rank, so
/// that nothing but the owner's own costs is measured.
public final class ExposureMain {
    private static final List<String> OPTIONS = List.of("--most", "--svg");
    private static final List<Long> SIZES = List.of(4L << 10, 1L << 20, 64L << 20, 1L << 30);
    private static final long PLOTTED = 64L << 20;
    private static final double PAGE = 4096;

    private ExposureMain() {}

    /// Measures and prints.
    ///
    /// @param words `--most MIB`: no window larger than that; `--svg FILE`: also draws the epochs of a 64 MiB window
    public static void main(String[] words) {
        Arguments arguments = Arguments.of("perf exposure", Arrays.asList(words), OPTIONS);
        long most = Long.MAX_VALUE;
        String svg = "";
        while (arguments.hasOption()) {
            switch (arguments.option()) {
                case "--most" -> most = (long) arguments.number(1, Integer.MAX_VALUE) << 20;
                case "--svg" -> svg = arguments.value();
                default -> throw arguments.unknownOption();
            }
        }
        if (!arguments.rest().isEmpty()) {
            throw new UsageException("perf exposure: " + arguments.rest().getFirst() + " is no option");
        }
        long largest = most;
        String file = svg;
        Job.runLocal(1, job -> run(job, largest, file, System.out));
    }

    private static void run(Job job, long most, String svg, PrintStream out) {
        for (ExposureScheme scheme : ExposureScheme.values()) {
            warmUp(job, scheme);
        }
        Map<Long, Map<ExposureScheme, ExposureCost>> all = new LinkedHashMap<>();
        out.printf(
                Locale.ROOT,
                "%-10s %-34s %12s %12s %14s%n",
                "window",
                "policy and guard",
                "begin, us",
                "end, us",
                "1st touch, ns");
        for (long size : SIZES) {
            if (size <= most) {
                Map<ExposureScheme, ExposureCost> costs = new EnumMap<>(ExposureScheme.class);
                all.put(size, costs);
                for (ExposureScheme scheme : ExposureScheme.values()) {
                    measure(job, scheme, size, costs, out);
                }
            }
        }
        CopyCost copies = CopyCost.measure(job, Math.min(most, PLOTTED));
        all.forEach((size, costs) -> printBreakEvens(size, costs, copies, out));
        if (!svg.isEmpty()) {
            long plotted = all.keySet().stream()
                    .filter(size -> size <= PLOTTED)
                    .max(Long::compare)
                    .orElseThrow(() -> new UsageException("perf exposure: there is nothing to draw"));
            write(Path.of(svg), ExposurePlot.draw(all.get(plotted), copies, plotted));
        }
    }

    /// So that the first scheme does not pay for what all compile.
    private static void warmUp(Job job, ExposureScheme scheme) {
        try {
            ExposureCost ignored = ExposureCost.of(job, scheme, SIZES.getFirst());
        } catch (InsufficientMemoryException | org.porthole.TransportException e) {
            // Told when it is measured.
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void measure(
            Job job, ExposureScheme scheme, long size, Map<ExposureScheme, ExposureCost> costs, PrintStream out) {
        try {
            ExposureCost cost = ExposureCost.of(job, scheme, size);
            costs.put(scheme, cost);
            out.printf(
                    Locale.ROOT,
                    "%-10s %-34s %12.3f %12.3f %14.0f%n",
                    shown(size),
                    scheme.shown(),
                    cost.beginNs() / 1e3,
                    cost.endNs() / 1e3,
                    cost.touchNs());
        } catch (InsufficientMemoryException | org.porthole.TransportException e) {
            out.printf("%-10s %-34s %s%n", shown(size), scheme.shown(), e.getMessage());
        }
    }

    private static void printBreakEvens(
            long size, Map<ExposureScheme, ExposureCost> costs, CopyCost copies, PrintStream out) {
        ExposureCost never = costs.get(ExposureScheme.NEVER_TOUCH);
        ExposureCost staged = costs.get(ExposureScheme.STAGED);
        ExposureCost pages = costs.get(ExposureScheme.PAGES);
        if (never != null && staged != null) {
            printBreakEven(size, "STAGED", copies.breakEven(staged.epochNs() - never.epochNs(), 0), out);
        }
        if (never != null && pages != null) {
            long bytes = copies.breakEven(pages.epochNs() - never.epochNs(), pages.touchNs() / PAGE);
            printBreakEven(size, "pages", bytes, out);
        }
    }

    private static void printBreakEven(long size, String what, long bytes, PrintStream out) {
        out.printf(
                "%-10s %s is cheaper than NEVER_TOUCH, which gets and puts back, %s%n",
                shown(size),
                what,
                bytes < 0 || bytes > size ? "for no part of the window" : "from " + bytes + " bytes of local work on");
    }

    static String shown(long size) {
        return size >= 1 << 30
                ? (size >> 30) + " GiB"
                : size >= 1 << 20 ? (size >> 20) + " MiB" : (size >> 10) + " KiB";
    }
}
