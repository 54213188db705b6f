package org.porthole.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WordCountTest {
    private static final String LONG = "x".repeat(60);

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void shouldCountEveryWord(int ranks) throws IOException {
        String text = "To be, or not to be: \u00e9t\u00e9\n" + LONG + ' ' + LONG + "y\n";
        Path file = Files.writeString(folder.resolve("text"), text, StandardCharsets.ISO_8859_1);
        WordCount.Result result = Ranks.atRankZero(ranks, job -> WordCount.run(job, Optional.of(file)));
        assertThat(result.words()).isEqualTo(9);
        assertThat(result.counts())
                .isEqualTo(
                        Map.of("to", 2L, "be", 2L, "or", 1L, "not", 1L, "\u00e9t\u00e9", 1L, LONG.substring(12), 2L));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void shouldCountTheShippedText(int ranks) {
        WordCount.Result result = Ranks.atRankZero(ranks, job -> WordCount.run(job, Optional.empty()));
        assertThat(result.words()).isEqualTo(170_755);
        assertThat(result.counts()).hasSize(35_833).containsEntry("dev", 11_336L);
        assertThat(result.toString()).contains("most frequent: dev 11336, python3 4284");
    }

    @Test
    void shouldCountNothingInAnEmptyText() throws IOException {
        Path file = Files.writeString(folder.resolve("empty"), "");
        assertThat(Ranks.atRankZero(3, job -> WordCount.run(job, Optional.of(file)))
                        .counts())
                .isEmpty();
    }
}
