package org.porthole.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Every example with words that make it small. Each checks its own result, and ends with another exit code than 0 if that is wrong.
final class Examples {
    private Examples() {}

    /// The command lines, for parameterized tests.
    static Stream<List<String>> all() {
        return Stream.of(
                List.of("ring", "--rounds", "20"),
                List.of("heat", "--iterations", "20", "--verify", "--output", "OUT"),
                List.of("randomaccess", "--log2-words", "13"),
                List.of("pagerank", "--iterations", "5"),
                List.of("transpose", "--iterations", "2", "--order", "192"),
                List.of("stencil", "--iterations", "2", "--order", "120"),
                List.of("p2p", "--iterations", "1", "--columns", "60", "--rows", "60"),
                List.of("samplesort", "--keys", "20000"),
                List.of("hashmap", "--input", "IN"),
                List.of("spmv", "--tolerance", "1e-4"),
                List.of("life", "--columns", "64", "--rows", "64", "--generations", "20"),
                List.of("taskfarm", "--tasks", "500"),
                List.of("kvstore", "--keys", "200"),
                List.of("pipeline", "--blocks", "20", "--kib", "64"),
                List.of("chat", "--lines", "3"));
    }

    /// A command line whose files are in a folder.
    static String[] words(List<String> example, Path folder, String... before) {
        List<String> words = new ArrayList<>(List.of(before));
        for (String word : example) {
            words.add(
                    switch (word) {
                        case "OUT" -> folder.resolve("out.png").toString();
                        case "IN" -> text(folder.resolve("in.txt")).toString();
                        default -> word;
                    });
        }
        return words.toArray(String[]::new);
    }

    private static Path text(Path file) {
        try {
            return Files.writeString(file, "to be or not to be that is the question ".repeat(50));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What ranks have written to standard error, but for the logger of the tests' class path, which has nowhere to log to.
    static List<String> complaints(Launched launched) {
        return launched.err().stream()
                .filter(line -> !line.contains("SLF4J(W)"))
                .toList();
    }
}
