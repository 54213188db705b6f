package org.porthole.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentsTest {
    private static final String USAGE = """
            test [options]: tests
              --rounds N      how often
              --damping P     how much
              --input FILE    from where
              --verify        for sure
            """;

    @Test
    void shouldTakeValuesAsOwnWordsAndAttached() {
        Arguments arguments = Arguments.parse(USAGE, "--rounds", "5", "--damping=0.5", "--input", "a=b", "--verify");
        assertThat(arguments.integer("--rounds", 1, 1, 9)).isEqualTo(5);
        assertThat(arguments.real("--damping", 1, 0, 1)).isEqualTo(0.5);
        assertThat(arguments.path("--input")).contains(Path.of("a=b"));
        assertThat(arguments.has("--verify")).isTrue();
    }

    @Test
    void shouldFallBackOnPresets() {
        Arguments arguments = Arguments.parse(USAGE);
        assertThat(arguments.integer("--rounds", 7, 1, 9)).isEqualTo(7);
        assertThat(arguments.real("--damping", 0.85, 0, 1)).isEqualTo(0.85);
        assertThat(arguments.path("--input")).isEmpty();
        assertThat(arguments.has("--verify")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "--round 5|unknown option \"--round\"; did you mean --rounds? (there are: --rounds, --damping, --input, --verify)",
                "xyz|unknown option \"xyz\" (there are: --rounds, --damping, --input, --verify)",
                "--rounds|--rounds needs a value: --rounds N",
                "--verify=yes|--verify takes no value: \"yes\"",
                "--rounds -5|--rounds: \"-5\" is not a whole number from 1 to 9",
                "--rounds 5.0|--rounds: \"5.0\" is not a whole number from 1 to 9",
                "--rounds 99999999999|--rounds: \"99999999999\" is not a whole number from 1 to 9",
                "--damping NaN|--damping: \"NaN\" is not a number from 0.0 to 1.0",
                "--damping half|--damping: \"half\" is not a number from 0.0 to 1.0"
            })
    void shouldSayWhatIsWrong(String words, String message) {
        assertThatThrownBy(() -> {
                    Arguments arguments = Arguments.parse(USAGE, words.split(" "));
                    arguments.integer("--rounds", 1, 1, 9);
                    arguments.real("--damping", 1, 0, 1);
                })
                .isInstanceOf(UsageException.class)
                .hasMessage(message);
    }
}
