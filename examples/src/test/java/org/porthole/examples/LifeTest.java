package org.porthole.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LifeTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void shouldShootAGliderEveryThirtyGenerations(int ranks) {
        for (int gliders = 0; gliders < 4; gliders++) {
            LifeSettings settings = new LifeSettings(Optional.empty(), 120, 119, 30 * gliders, false);
            assertThat(Ranks.atRankZero(ranks, job -> Life.run(job, settings)).population())
                    .isEqualTo(36 + 5L * gliders);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void shouldSendAGliderRoundTheTorus(int ranks) throws IOException {
        Path glider = pattern("x = 3, y = 3, rule = B3/S23\nbo$2bo$3o!\n");
        LifeSettings atStart = new LifeSettings(Optional.of(glider), 9, 9, 0, true);
        LifeSettings afterOneRound = new LifeSettings(Optional.of(glider), 9, 9, 36, true);
        String start = Ranks.atRankZero(ranks, job -> Life.run(job, atStart)).picture();
        assertThat(start).contains("\n....O....\n.....O...\n...OOO...\n");
        assertThat(Ranks.atRankZero(ranks, job -> Life.run(job, afterOneRound)).picture())
                .isEqualTo(start);
    }

    /// An r-pentomino settles after 1103 generations, with 116 cells.
    @Test
    void shouldFollowAPatternWithALongLife() throws IOException {
        Path pentomino = pattern("#N R-pentomino\nx = 3, y = 3\nb2o$2ob$bo!");
        LifeSettings settings = new LifeSettings(Optional.of(pentomino), 640, 640, 1103, false);
        assertThat(Ranks.atRankZero(2, job -> Life.run(job, settings)).population())
                .isEqualTo(116);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "y = 3|p: expected x = ..., y = ..., rule = B3/S23: \"y = 3\"",
                "x = 3, y = 3, rule = B36/S23;o!|p: expected x = ..., y = ..., rule = B3/S23: \"x = 3, y = 3, rule = B36/S23\"",
                "x = 30, y = 3;o!|p: a pattern of 30 x 3 cells does not fit into 20 x 20",
                "x = 3, y = 3;4o!|p: row 0 leaves the 3 x 3 cells",
                "x = 3, y = 1;3o$o!|p: row 1 leaves the 3 x 1 cells",
                "x = 3, y = 3;oxo!|p: expected b, o, $ or !: \"xo!\"",
                "x = 3, y = 3;o|p: damaged or cut off: \"!\" should follow"
            })
    void shouldSayWhatIsWrongWithAPattern(String text, String message) throws IOException {
        Path file = pattern(text.replace(';', '\n'));
        LifeSettings settings = new LifeSettings(Optional.of(file), 20, 20, 1, false);
        assertThat(Ranks.complaint(2, job -> Life.run(job, settings)).replace(file.toString(), "p"))
                .isEqualTo(message);
    }

    @Test
    void shouldRefuseRanksWithoutRows() {
        LifeSettings settings = new LifeSettings(Optional.empty(), 40, 3, 1, false);
        assertThat(Ranks.complaint(4, job -> Life.run(job, settings))).contains("3 are too few for 4 ranks");
    }

    private Path pattern(String text) throws IOException {
        return Files.writeString(folder.resolve("p"), text);
    }
}
