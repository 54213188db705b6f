package org.porthole.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.porthole.Access;
import org.porthole.Epoch;
import org.porthole.Job;
import org.porthole.Operator;
import org.porthole.Window;
import org.porthole.WindowSpec;

/// A hash map that is spread over all ranks, in which they count the words of a text together.
///
/// A word's hash says which slot it belongs to, and so at which rank. A rank that counts a word claims a free slot for it by writing the hash
/// with [Access#compareAndExchange(int, long, long, long)]; if another word has the slot already, it tries the next. Whoever has claimed a slot
/// puts the word there, and everybody adds to its count. Rank 0 counts alone as well, and compares. Without `--input` the text is the names
/// of the packages of Debian 12.
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

    private static final int HASH = 0; // where a slot has what; a hash of 0 says that it is free
    private static final int COUNT = 8;
    private static final int TEXT = 16;
    private static final int SLOT = 64;
    private static final int LONGEST = SLOT - TEXT; // of what is longer, the beginning counts

    private final Job job;
    private final long slotsPerRank;
    private final Window map;

    private WordCount(Job job, long slotsPerRank, Window map) {
        this.job = job;
        this.slotsPerRank = slotsPerRank;
        this.map = map;
    }

    /// Joins the job and runs.
    ///
    /// @param args see the class
    public static void main(String[] args) {
        int exitCode;
        try (Job job = Job.join()) {
            exitCode = Example.run(job, USAGE, args, arguments -> run(job, arguments.path("--input")));
        }
        System.exit(exitCode);
    }

    static Result run(Job job, Optional<Path> input) {
        Optional<String> text = Example.onRankZero(job, () -> read(input));
        List<String> words = words(takePart(job, text));
        long total = job.world().allreduce(words.size(), Operator.SUM);
        long slotsPerRank = 2 * total / job.size() + 1; // no word waits long for a free one
        try (Window map =
                job.world().openWindow(WindowSpec.ofBytes(SLOT * slotsPerRank).named("map"))) {
            WordCount counter = new WordCount(job, slotsPerRank, map);
            job.world().barrier();
            long startNs = System.nanoTime();
            counter.count(words);
            job.world().barrier();
            double seconds = Example.slowestSince(job, startNs);

            Map<String, Long> counts = job.rank() == 0 ? counter.collect() : Map.of();
            Map<String, Long> model = text.map(WordCount::words).orElse(List.of()).stream()
                    .collect(Collectors.groupingBy(word -> word, Collectors.counting()));
            Example.verify(job, counts.equals(model), "the counts are not those of a serial run");
            return new Result(total, counts, job.size(), seconds);
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
                .map(word -> word.substring(0, Math.min(word.length(), LONGEST)))
                .toList();
    }

    /// Gets this rank's part of the text from rank 0. Parts end where words end.
    private static String takePart(Job job, Optional<String> text) {
        int rank = job.rank();
        long[] cuts = new long[job.size() + 1];
        text.ifPresent(it -> Arrays.setAll(cuts, i -> {
            int cut = (int) new Blocks(it.length(), job.size()).first(i);
            while (cut < it.length() && Character.isLetterOrDigit(it.charAt(cut))) {
                cut++;
            }
            return i == 0 ? 0 : cut;
        }));
        job.world().broadcast(0, MemorySegment.ofArray(cuts));
        byte[] part = new byte[(int) (cuts[rank + 1] - cuts[rank])];
        long bytes = rank == 0 ? cuts[job.size()] : 0;
        try (Window window = job.world().openWindow(WindowSpec.ofBytes(bytes).named("text"))) {
            text.ifPresent(it -> window.local().copyFrom(MemorySegment.ofArray(it.getBytes(ISO_8859_1))));
            try (Epoch epoch = window.fence()) {
                epoch.get(0, cuts[rank], MemorySegment.ofArray(part));
            }
        }
        return new String(part, ISO_8859_1);
    }

    private void count(List<String> words) {
        try (Access access = map.lockAll()) {
            for (String word : words) {
                count(access, word);
            }
        }
    }

    private void count(Access access, String word) {
        long hash = hash(word);
        long slots = slotsPerRank * job.size();
        long slot = Long.remainderUnsigned(hash, slots);
        while (true) {
            int owner = (int) (slot / slotsPerRank);
            long offset = slot % slotsPerRank * SLOT;
            long found = access.compareAndExchange(owner, offset + HASH, 0, hash);
            if (found == 0) {
                access.put(owner, offset + TEXT, MemorySegment.ofArray(word.getBytes(ISO_8859_1)));
            }
            if (found == 0 || found == hash) {
                access.fetchAdd(owner, offset + COUNT, 1);
                return;
            }
            slot = (slot + 1) % slots;
        }
    }

    /// A hash of 64 bits, so that two words of a text hardly ever have the same; never 0.
    private static long hash(String word) {
        long hash = 0;
        for (int i = 0; i < word.length(); i++) {
            hash = (hash ^ word.charAt(i)) * 0x9E37_79B9_7F4A_7C15L;
            hash ^= hash >>> 32;
        }
        return hash == 0 ? 1 : hash;
    }

    /// Gets all slots of all ranks, and makes an ordinary map of them.
    private Map<String, Long> collect() {
        Map<String, Long> counts = new HashMap<>();
        try (Access access = map.lockAll();
                Arena arena = Arena.ofConfined()) {
            MemorySegment slots = arena.allocate(SLOT * slotsPerRank, Long.BYTES);
            for (int owner = 0; owner < job.size(); owner++) {
                access.get(owner, 0, slots);
                access.flushLocal(owner);
                for (long at = 0; at < slots.byteSize(); at += SLOT) {
                    if (slots.get(ValueLayout.JAVA_LONG, at + HASH) != 0) {
                        byte[] word = slots.asSlice(at + TEXT, LONGEST).toArray(ValueLayout.JAVA_BYTE);
                        counts.merge(
                                new String(word, ISO_8859_1).replace("\0", ""),
                                slots.get(ValueLayout.JAVA_LONG, at + COUNT),
                                Long::sum);
                    }
                }
            }
        }
        return counts;
    }

    /// What is printed at the end.
    ///
    /// @param words   how many the text has
    /// @param counts  how often each is there; empty but at rank 0
    /// @param ranks   how many ranks took part
    /// @param seconds how long they counted
    record Result(long words, Map<String, Long> counts, int ranks, double seconds) {
        @Override
        public String toString() {
            String top = counts.entrySet().stream()
                    .sorted(Map.Entry.<String, Long>comparingByValue()
                            .reversed()
                            .thenComparing(Map.Entry.comparingByKey()))
                    .limit(SHOWN)
                    .map(entry -> entry.getKey() + ' ' + entry.getValue())
                    .collect(Collectors.joining(", "));
            return String.format(
                    Locale.ROOT,
                    "%d words, %d different, on %s in %.3f s: %.2f M words/s; as in a serial run; most frequent: %s",
                    words,
                    counts.size(),
                    Example.ranks(ranks),
                    seconds,
                    words / seconds / 1e6,
                    top);
        }
    }
}
