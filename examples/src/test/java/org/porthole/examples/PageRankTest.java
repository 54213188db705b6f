package org.porthole.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageRankTest {
    /// Computed apart from this project, until the scores changed by less than 1e-15.
    private static final List<Ranked> REFERENCE = List.of(
            new Ranked(16807, 0.157639888906, "libc6"),
            new Ranked(20902, 0.143093326295, "libgcc-s1"),
            new Ranked(7821, 0.063761893127, "gcc-12-base"),
            new Ranked(49509, 0.014178801760, "python3"),
            new Ranked(46622, 0.013743668033, "perl"),
            new Ranked(4605, 0.010859059949, "dpkg"),
            new Ranked(37626, 0.008043529272, "libstdc++6"));

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void shouldRankTheShippedGraphAsTheReferenceDoes(int ranks) {
        PageRankResult result = pageRank(ranks, new PageRankSettings(Optional.empty(), 0.85, 1e-12, 500));
        assertThat(result.vertices()).isEqualTo(63_436);
        assertThat(result.edges()).isEqualTo(247_656);
        assertThat(result.change()).isLessThanOrEqualTo(1e-12);
        for (int i = 0; i < REFERENCE.size(); i++) {
            Ranked expected = REFERENCE.get(i);
            Ranked actual = result.top().get(i);
            assertThat(actual.vertex()).isEqualTo(expected.vertex());
            assertThat(actual.name()).isEqualTo(expected.name());
            assertThat(actual.score()).isCloseTo(expected.score(), within(1e-9));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4})
    void shouldWorkOnMoreRanksThanVertices(int ranks) throws IOException {
        Path graph = Files.writeString(folder.resolve("graph.txt"), "0 1\n1 0\n");
        PageRankResult result = pageRank(ranks, settings(graph));
        assertThat(result.top()).extracting(Ranked::score).containsExactly(0.5, 0.5);
    }

    @Test
    void shouldSpreadTheScoreOfDanglingVertices() throws IOException {
        Path graph = Files.writeString(folder.resolve("graph.txt"), "0 1\n");
        PageRankResult result = pageRank(2, settings(graph));
        // x = (0.15 + 0.85 y) / 2, y = x + 0.85 x
        assertThat(result.top().getFirst().vertex()).isOne();
        assertThat(result.top().getFirst().score()).isCloseTo(1.85 / 2.85, within(1e-9));
    }

    @Test
    void shouldStopAtTheLimitOfIterations() {
        PageRankResult result = pageRank(2, new PageRankSettings(Optional.empty(), 0.85, 1e-12, 3));
        assertThat(result.iterations()).isEqualTo(3);
        assertThat(result.toString()).contains("not converged");
    }

    @Test
    void shouldEndAllRanksWhenTheFileIsDamaged() throws IOException {
        Path graph = Files.writeString(folder.resolve("graph.txt"), "0 1\n1 x\n");
        assertThat(Ranks.complaint(4, job -> PageRank.run(job, settings(graph))))
                .isEqualTo(graph + ", line 2: \"x\" is not a number from 0 to 2147483630: \"1 x\"");
    }

    private static PageRankResult pageRank(int ranks, PageRankSettings settings) {
        return Ranks.atRankZero(ranks, job -> PageRank.run(job, settings));
    }

    private static PageRankSettings settings(Path graph) {
        return new PageRankSettings(Optional.of(graph), 0.85, 1e-12, 500);
    }
}
