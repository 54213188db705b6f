package org.porthole.cli.perf;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.porthole.cli.text.Arguments;
import org.porthole.cli.text.UsageException;
import org.porthole.config.CoreOptions;
import org.porthole.config.NearestName;

/// The words of `porthole perf` while they are read. Tests and options come in any order.
final class PerfWords {
    private static final List<String> OPTIONS = List.of(
            "-n",
            "--threads",
            "--sizes",
            "--repeat",
            "--samples",
            "--batch-ms",
            "--warmup-ms",
            "--busy-target",
            "--load-all",
            "--json",
            "--alloc",
            "--label",
            "--set",
            "--short");
    private static final int MOST_TIMES = 1000;
    private static final int MOST_MS = 600_000;
    private static final double NS_PER_MS = 1e6;

    private final Set<Workload> named = EnumSet.noneOf(Workload.class);
    private String selection = "";
    private List<Long> sizes = List.of();
    private int ranks = 2;
    private int rounds = 1;
    private int samples = 5;
    private int batchMs = 12;
    private int warmUpMs = 1500;
    private boolean threads;
    private boolean busyTarget;
    private boolean loadAll;
    private boolean json;
    private boolean alloc;
    private String label = "";

    private PerfWords() {}

    /// Reads them.
    ///
    /// @param words the words after `perf`
    /// @return what they say
    /// @throws UsageException if they cannot be used
    static PerfSpec parse(List<String> words) {
        PerfWords read = new PerfWords();
        List<String> left = words;
        while (!left.isEmpty()) {
            Arguments arguments = Arguments.of("perf", left, OPTIONS);
            while (arguments.hasOption()) {
                read.take(arguments);
            }
            left = arguments.rest();
            while (!left.isEmpty()
                    && (!left.getFirst().startsWith("-") || left.getFirst().equals("-"))) {
                read.named.add(workload(left.getFirst()));
                left = left.subList(1, left.size());
            }
        }
        return read.spec();
    }

    private void take(Arguments arguments) {
        switch (arguments.option()) {
            case "-n" -> ranks = arguments.number(2, CoreOptions.MAX_RANKS);
            case "--threads" -> threads = arguments.flag();
            case "--sizes" -> sizes = Sizes.parse(arguments.value());
            case "--repeat" -> rounds = arguments.number(1, MOST_TIMES);
            case "--samples" -> samples = arguments.number(1, MOST_TIMES);
            case "--batch-ms" -> batchMs = arguments.number(1, MOST_MS);
            case "--warmup-ms" -> warmUpMs = arguments.number(0, MOST_MS);
            case "--busy-target" -> busyTarget = arguments.flag();
            case "--load-all" -> loadAll = arguments.flag();
            case "--json" -> json = arguments.flag();
            case "--alloc" -> alloc = arguments.flag();
            case "--label" -> label = arguments.value();
            case "--set" -> selection = arguments.value();
            case "--short" -> selection = arguments.flag() ? "short" : selection;
            default -> throw arguments.unknownOption();
        }
    }

    private PerfSpec spec() {
        if (!named.isEmpty() && !selection.isEmpty()) {
            throw new UsageException("perf: name tests or choose the set " + selection + ", not both");
        }
        Selection chosen = selection.isEmpty() ? Selection.ALL : selection(selection);
        Set<Workload> workloads = EnumSet.copyOf(
                named.isEmpty()
                        ? Arrays.stream(Workload.values())
                                .filter(each -> each.isIn(chosen))
                                .toList()
                        : named);
        if (busyTarget) {
            workloads.add(Workload.BUSY);
        }
        Pace pace = new Pace(samples, batchMs * NS_PER_MS, warmUpMs * NS_PER_MS);
        return new PerfSpec(
                List.copyOf(workloads), chosen, sizes, ranks, threads, rounds, pace, loadAll, json, alloc, label);
    }

    private static Workload workload(String word) {
        return Arrays.stream(Workload.values())
                .filter(each -> each.word().equals(word))
                .findFirst()
                .orElseThrow(() -> {
                    List<String> words = Workload.words();
                    String nearest = NearestName.to(word, words);
                    return new UsageException("perf: there is no test \"" + word + '"'
                            + (nearest.isEmpty() ? "" : "; did you mean " + nearest + "?") + " (there are: "
                            + String.join(", ", words) + ')');
                });
    }

    private static Selection selection(String word) {
        return Arrays.stream(Selection.values())
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst()
                .orElseThrow(
                        () -> new UsageException("perf: --set: \"" + word + "\" is none of all, short, sync, ports"));
    }
}
