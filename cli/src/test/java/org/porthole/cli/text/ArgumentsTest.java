package org.porthole.cli.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {
    private static Arguments arguments(String... words) {
        return Arguments.of("run", List.of(words), List.of("-n", "--tag", "--keep-going"));
    }

    private static Arguments afterOption(String... words) {
        Arguments arguments = arguments(words);
        assertThat(arguments.hasOption()).isTrue();
        arguments.option();
        return arguments;
    }

    @ParameterizedTest
    @ValueSource(strings = {"-n 4", "-n4", "--number 4", "--number=4"})
    void shouldTakeValueFromNextWordOrAttached(String text) {
        Arguments arguments = afterOption(text.split(" "));
        assertThat(arguments.number(1, 8)).isEqualTo(4);
        assertThat(arguments.hasOption()).isFalse();
        assertThat(arguments.rest()).isEmpty();
    }

    @Test
    void shouldEndOptionsAtFirstOtherWord() {
        Arguments arguments = afterOption("--fast", "ring", "-n", "3");
        assertThat(arguments.hasOption()).isFalse();
        assertThat(arguments.rest()).containsExactly("ring", "-n", "3");
    }

    @Test
    void shouldEndOptionsAtTwoDashesAndDropThem() {
        Arguments arguments = arguments("--", "-n", "--");
        assertThat(arguments.hasOption()).isFalse();
        assertThat(arguments.rest()).containsExactly("-n", "--");
    }

    @Test
    void shouldTakeValueThatLooksLikeAnOption() {
        assertThat(afterOption("--jvm", "-Xmx1g").value()).isEqualTo("-Xmx1g");
        assertThat(afterOption("--jvm=-Da=b=c").value()).isEqualTo("-Da=b=c");
        assertThat(afterOption("--env=").value()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-n 0", "-n -1", "-n-1", "-n 65", "-n 99999999999999"})
    void shouldRefuseNumberOutOfRange(String text) {
        assertThatThrownBy(() -> afterOption(text.split(" ")).number(1, 64))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("run: -n: ")
                .hasMessageEndingWith(" is not from 1 to 64");
    }

    @ParameterizedTest
    @ValueSource(strings = {"four", "4x", "", "0x4", "4.0"})
    void shouldRefuseWhatIsNoNumber(String text) {
        assertThatThrownBy(() -> afterOption("-n", text).number(1, 64))
                .hasMessage("run: -n: \"" + text + "\" is not a number");
    }

    @Test
    void shouldReadFlags() {
        assertThat(afterOption("--tag").flag()).isTrue();
        assertThat(afterOption("--tag=true").flag()).isTrue();
        assertThat(afterOption("--tag=false").flag()).isFalse();
        assertThatThrownBy(() -> afterOption("--tag=no").flag())
                .hasMessageContaining("\"no\" is neither true nor false");
    }

    @Test
    void shouldNotTakeNextWordAsFlag() {
        Arguments arguments = afterOption("--tag", "false");
        assertThat(arguments.flag()).isTrue();
        assertThat(arguments.rest()).containsExactly("false");
    }

    @Test
    void shouldRefuseMissingValue() {
        assertThatThrownBy(() -> afterOption("--cp").value()).hasMessage("run: --cp needs a value");
    }

    @Test
    void shouldSuggestNearestOption() {
        assertThat(afterOption("--keep-goign").unknownOption()).hasMessageContaining("did you mean --keep-going?");
        assertThat(afterOption("--zzzzzzzzzzzz").unknownOption()).hasMessageNotContaining("did you mean");
    }

    @Test
    void shouldRefuseWordsThatAreLeft() {
        assertThatThrownBy(() -> arguments("more").end()).hasMessage("run: unexpected word \"more\"");
    }
}
