package org.porthole.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.porthole.ConfigurationException;

/// What may be written for each type of option.
class OptionTest {
    private static final Option<Long> SIZE = Option.ofSize("porthole.test.size", "64k", "A size.");
    private static final Option<Long> DURATION = Option.ofDurationNs("porthole.test.duration", "10s", "A time.");
    private static final Option<Integer> COUNT = Option.ofInt("porthole.test.count", "", 2, 9, "A count.");
    private static final Option<WaitMode> WORD = Option.ofWord("porthole.test.word", "park", WaitMode.class, "A word.");
    private static final Option<List<String>> LIST = Option.ofList("porthole.test.list", "a", "a,b", "Words.");
    private static final Option<String> TEXT = Option.ofText("porthole.test.text", "", "Text.");
    private static final Option<String> SECRET = Option.ofSecret("porthole.test.secret", "A secret.");

    private static final Configuration DEFAULTS = Configuration.resolve(
            List.of(OptionTable.of("Test", SIZE, DURATION, COUNT, WORD, LIST, TEXT, SECRET)), Map.of(), Map.of());

    private static <T> T read(Option<T> option, String text) {
        return DEFAULTS.with(option, text).value(option);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "17, 17",
        "17b, 17",
        "64k, 65536",
        "64K, 65536",
        "64 kb, 65536",
        "' 64KiB ', 65536",
        "16m, 16777216",
        "3g, 3221225472",
        "2T, 2199023255552",
        "8388607t, 9223370937343148032",
    })
    void shouldReadSizes(String text, long bytes) {
        assertThat(read(SIZE, text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "k", "-1", "1.5g", "64kk", "64 x", "1e3", "none", "8388608t", "9999999999999999999"})
    void shouldRefuseOtherSizes(String text) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> read(SIZE, text))
                .withMessageContainingAll('"' + text + '"', SIZE.key(), "expected size");
    }

    @ParameterizedTest
    @CsvSource({
        "0s, 0",
        "7ns, 7",
        "7us, 7000",
        "250ms, 250000000",
        "10s, 10000000000",
        "' 10 s ', 10000000000",
        "5min, 300000000000",
        "5m, 300000000000",
        "1h, 3600000000000",
        "2d, 172800000000000",
        "none, 9223372036854775807",
        "None, 9223372036854775807",
    })
    void shouldReadDurations(String text, long ns) {
        assertThat(read(DURATION, text)).isEqualTo(ns);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "s", "-1s", "1.5s", "1h30min", "forever", "999999d"})
    void shouldRefuseOtherDurations(String text) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> read(DURATION, text))
                .withMessageContainingAll('"' + text + '"', DURATION.key(), "expected duration|none");
    }

    @ParameterizedTest
    @CsvSource({"2, 2", "9, 9", "'', -1"})
    void shouldReadIntegersOfTheRange(String text, int value) {
        assertThat(read(COUNT, text)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "10", "-1"})
    void shouldRefuseIntegersBeyondTheRange(String text) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> read(COUNT, text))
                .withMessageContainingAll('"' + text + '"', "not within 2..9", "expected 2..9");
    }

    @ParameterizedTest
    @ValueSource(strings = {"two", "2.0", "99999999999"})
    void shouldRefuseWhatIsNoInteger(String text) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> read(COUNT, text))
                .withMessageContainingAll('"' + text + '"', "not a number", "expected 2..9");
    }

    @ParameterizedTest
    @CsvSource({"adaptive, ADAPTIVE", "SPIN, SPIN", "Yield, YIELD"})
    void shouldReadWords(String text, WaitMode value) {
        assertThat(read(WORD, text)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "parking"})
    void shouldRefuseOtherWords(String text) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> read(WORD, text))
                .withMessageContainingAll('"' + text + '"', "not one of adaptive, spin, yield, park");
    }

    @Test
    void shouldReadLists() {
        assertThat(read(LIST, "shm, inproc ,tcp")).containsExactly("shm", "inproc", "tcp");
        assertThat(read(LIST, " ,,")).isEmpty();
    }

    @Test
    void shouldReadTextAsItIs() {
        assertThat(read(TEXT, " a=b ")).isEqualTo(" a=b ");
    }

    @Test
    void shouldNameEnvironmentVariables() {
        assertThat(SECRET.environmentName()).isEqualTo("PORTHOLE_TEST_SECRET");
    }

    @Test
    void shouldHideSecrets() {
        Configuration.Setting<String> setting = DEFAULTS.with(SECRET, "hunter2").setting(SECRET);

        assertThat(setting.value()).isEqualTo("hunter2");
        assertThat(setting.shownText()).isEqualTo("(hidden)");
        assertThat(setting.toString()).doesNotContain("hunter2");
        assertThat(DEFAULTS.setting(SECRET).shownText()).isEmpty();
        assertThat(DEFAULTS.setting(SIZE).shownText()).isEqualTo("64k");
    }

    @Test
    void shouldHideSecretsThatCannotBeRead() {
        Option<Integer> pin =
                new Option<>("porthole.test.pin", "1", "number", "A secret number.", true, Integer::parseInt);
        Configuration defaults = Configuration.resolve(List.of(OptionTable.of("Test", pin)), Map.of(), Map.of());

        assertThatThrownBy(() -> defaults.with(pin, "hunter2"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("(hidden)", pin.key(), "not a number")
                .hasMessageNotContaining("hunter2");
    }
}
