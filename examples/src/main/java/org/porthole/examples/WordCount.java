package org.porthole.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.porthole.Job;
import org.porthole.Operator;
import org.porthole.Window;

/// Counts the words of a text, in millions of words per second: all ranks together, in a hash map that is spread over them ([SharedMap]).
///
/// Each rank counts a part of the text. Rank 0 counts all of it alone as well, and compares. Without `--input` the text is the names of the packages
/// of Debian 12.
///
/// **Windows.** `text` lies at rank 0 alone; each rank gets its part. `map` has as many slots at each rank, used within a
/// [Window#lockAll()] epoch: their owners take no part.
///
/// ```
/// porthole run -n 4 hashmap --input book.txt
/// ```
public final class WordCount {
    private static final String USAGE = """
            hashmap [options]: counts the words of a text in a hash map over all ranks
              --input FILE   the text (ISO 8859-1), plain or gzip (default: the names of the packages of Debian 12)
            """;

    private static final String PRESET = "debian-12-packages.txt.gz";
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{Nd}]+");
    private static final int SHOWN = 5;

    private WordCount() {}

    /// Joins the job and runs.
    ///
    /// @param args see the class
    public static void main(String[] args) {
        Example.start(USAGE, args, (job, arguments) -> run(job, arguments.path("--input")));
    }

    static Result run(Job job, Optional<Path> input) {
        Optional<String> text = Example.onRankZero(job, () -> read(input));
        List<String> words = words(TextParts.take(job, text));
        long total = job.world().allreduce(words.size(), Operator.SUM);
        try (SharedMap map = new SharedMap(job.world(), 2 * total)) { // no word waits long for a free slot
            job.world().barrier();
            long startNs = System.nanoTime();
            map.addAll(words);
            job.world().barrier();
            double seconds = Example.slowestSince(job, startNs);

            Map<String, Long> counts = job.rank() == 0 ? map.toMap() : Map.of();
            Map<String, Long> model = text.map(WordCount::words).orElse(List.of()).stream()
                    .collect(Collectors.groupingBy(word -> word, Collectors.counting()));
            Example.verify(job, counts.equals(model), "the counts are not those of a serial run");
            String problem = total + " words, " + counts.size() + " different,";
            return new Result(new Rate(problem, job.size(), seconds, total, " words"), total, counts);
        }
    }

    private static String read(Optional<Path> input) throws IOException {
        InputStream stream = input.isPresent()
                ? Example.open(input.get())
                : Objects.requireNonNull(WordCount.class.getResourceAsStream(PRESET), PRESET);
        try (BufferedReader reader = GraphLines.text(stream)) {
            return reader.lines().collect(Collectors.joining("\n"));
        }
    }

    /// The words of a text, in lower case.
    static List<String> words(String text) {
        return WORD.matcher(text.toLowerCase(Locale.ROOT))
                .results()
                .map(MatchResult::group)
                .map(word -> word.substring(0, Math.min(word.length(), SharedMap.LONGEST)))
                .toList();
    }

    /// What is printed at the end.
    ///
    /// @param rate   how fast they counted
    /// @param words  how many the text has
    /// @param counts how often each is there; empty but at rank 0
    record Result(Rate rate, long words, Map<String, Long> counts) {
        @Override
        public String toString() {
            String top = counts.entrySet().stream()
                    .sorted(Map.Entry.<String, Long>comparingByValue()
                            .reversed()
                            .thenComparing(Map.Entry.comparingByKey()))
                    .limit(SHOWN)
                    .map(entry -> entry.getKey() + ' ' + entry.getValue())
                    .collect(Collectors.joining(", "));
            return rate + "; as in a serial run; most frequent: " + top;
        }
    }
}
