package org.porthole.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.porthole.ConfigurationException;

/// Sources that are no file, and what a configuration remembers of them.
class ConfigurationTest {
    private static final Option<Integer> COUNT = Option.ofInt("porthole.room.count", "1", 1, 99, "A count.");
    private static final Option<Long> SPAN = Option.ofDurationNs("porthole.room.span", "1s", "A time.");
    private static final Option<String> SECRET = Option.ofSecret("porthole.room.secret", "A secret.");
    private static final Option<String> ELSEWHERE = Option.ofText("porthole.other.text", "x", "In another table.");
    private static final List<OptionTable> TABLES =
            List.of(OptionTable.of("Room", COUNT, SPAN, SECRET), OptionTable.of("Other", ELSEWHERE));

    private static Configuration resolve(Map<String, String> properties, Map<String, String> environment) {
        return Configuration.resolve(TABLES, properties, environment);
    }

    @Test
    void shouldStartFromDefaults() {
        Configuration configuration = resolve(Map.of(), Map.of());

        assertThat(configuration.value(COUNT)).isEqualTo(1);
        assertThat(configuration.value(ELSEWHERE)).isEqualTo("x");
        assertThat(configuration.setting(COUNT)).isEqualTo(new Configuration.Setting<>(COUNT, "1", 1, Source.DEFAULT));
        assertThat(configuration.tables()).isEqualTo(TABLES);
    }

    @Test
    void shouldTakeTheEnvironmentBeforeDefaults() {
        Configuration configuration = resolve(Map.of(), Map.of("PORTHOLE_ROOM_COUNT", "3", "HOME", "/"));

        assertThat(configuration.setting(COUNT))
                .isEqualTo(new Configuration.Setting<>(COUNT, "3", 3, Source.ENVIRONMENT));
        assertThat(configuration.setting(SPAN).source()).isEqualTo(Source.DEFAULT);
    }

    @Test
    void shouldTakePropertiesBeforeTheEnvironment() {
        Configuration configuration =
                resolve(Map.of("porthole.room.count", "4", "java.io.tmpdir", "/"), Map.of("PORTHOLE_ROOM_COUNT", "3"));

        assertThat(configuration.setting(COUNT)).isEqualTo(new Configuration.Setting<>(COUNT, "4", 4, Source.PROPERTY));
    }

    @Test
    void shouldTakeCodeBeforeProperties() {
        Configuration before = resolve(Map.of("porthole.room.count", "4"), Map.of());
        Configuration after = before.with(COUNT, "5");

        assertThat(after.setting(COUNT)).isEqualTo(new Configuration.Setting<>(COUNT, "5", 5, Source.CODE));
        assertThat(before.value(COUNT)).isEqualTo(4);
    }

    @Test
    void shouldRefuseUnknownVariables() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> resolve(Map.of(), Map.of("PORTHOLE_ROOM_COUNTS", "3")))
                .withMessageContainingAll(
                        "environment variable PORTHOLE_ROOM_COUNTS", "did you mean PORTHOLE_ROOM_COUNT?");
    }

    @Test
    void shouldRefuseUnknownProperties() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> resolve(Map.of("porthole.rom.count", "3"), Map.of()))
                .withMessageContainingAll("system property porthole.rom.count", "did you mean porthole.room.count?");
    }

    @Test
    void shouldNotGuessWhatIsFarFromEverything() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> resolve(Map.of("porthole.zzzzzzzzzzzzzzzzzzzz", "3"), Map.of()))
                .withMessageContaining("is not a setting")
                .withMessageNotContaining("did you mean");
    }

    @Test
    void shouldLeaveForeignKeysAlone() {
        Configuration configuration = resolve(
                Map.of("porthole.test.require", "rdma", "portholes", "3"),
                Map.of("PORTHOLE_JAVA_HOME", "/", "PORTHOLE_JVM", "-Xmx1g", "PORTHOLES", "3"));

        assertThat(configuration.value(COUNT)).isEqualTo(1);
    }

    @Test
    void shouldNamePlaceAndValueThatCannotBeUsed() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> resolve(Map.of(), Map.of("PORTHOLE_ROOM_COUNT", "many")))
                .withMessageContainingAll("environment variable PORTHOLE_ROOM_COUNT", "\"many\"", "1..99");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> resolve(Map.of("porthole.room.span", "10"), Map.of()))
                .withMessageContainingAll("system property porthole.room.span", "\"10\"", "10s");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> resolve(Map.of(), Map.of()).with(COUNT, "100"))
                .withMessageContainingAll("program", "\"100\"", "1..99");
    }

    @Test
    void shouldTakeSecretsFromTheEnvironment() {
        assertThat(resolve(Map.of(), Map.of("PORTHOLE_ROOM_SECRET", "hunter2")).value(SECRET))
                .isEqualTo("hunter2");
    }

    @Test
    void shouldRefuseSecretsOnCommandLines() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> resolve(Map.of("porthole.room.secret", "hunter2"), Map.of()))
                .withMessageContainingAll("porthole.room.secret", "PORTHOLE_ROOM_SECRET")
                .withMessageNotContaining("hunter2");
    }

    @Test
    void shouldRefuseOptionsOfNoTable() {
        Option<String> stranger = Option.ofText("porthole.stranger", "", "In no table.");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> resolve(Map.of(), Map.of()).value(stranger))
                .withMessageContaining("porthole.stranger");
    }

    @Test
    void shouldLoadTheTablesOfTheClassPath() {
        Configuration configuration = Configuration.load(Map.of(), Map.of());

        assertThat(configuration.tables()).contains(CoreOptions.TABLE);
        assertThat(configuration.value(CoreOptions.TRANSPORTS)).containsExactly("auto");
    }

    @Test
    void shouldHaveOneVariablePerOption() {
        assertThat(CoreOptions.TABLE.rows())
                .extracting(Option::environmentName)
                .doesNotHaveDuplicates()
                .doesNotContain(Configuration.FILE_VARIABLE);
    }
}
