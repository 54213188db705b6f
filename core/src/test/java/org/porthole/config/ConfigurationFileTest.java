package org.porthole.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.porthole.ConfigurationException;

/// Settings from a file.
class ConfigurationFileTest {
    private static final Option<Integer> COUNT = Option.ofInt("porthole.room.count", "1", 1, 99, "A count.");
    private static final Option<String> SECRET = Option.ofSecret("porthole.room.secret", "A secret.");

    @TempDir
    Path directory;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private static Configuration resolve(Map<String, String> properties, Map<String, String> environment) {
        return Configuration.resolve(List.of(OptionTable.of("Room", COUNT, SECRET)), properties, environment);
    }

    private static Configuration resolve(Path file) {
        return resolve(Map.of(), Map.of(Configuration.FILE_VARIABLE, file.toString()));
    }

    @Test
    void shouldTakeTheFileBeforeDefaults() throws IOException {
        assertThat(resolve(file("a", "# a remark\nporthole.room.count = 2\n")).setting(COUNT))
                .isEqualTo(new Configuration.Setting<>(COUNT, "2", 2, Source.FILE));
    }

    @Test
    void shouldTakeEverythingElseBeforeTheFile() throws IOException {
        String path = file("a", "porthole.room.count=2\n").toString();

        Configuration environment =
                resolve(Map.of(), Map.of(Configuration.FILE_VARIABLE, path, "PORTHOLE_ROOM_COUNT", "3"));
        Configuration property =
                resolve(Map.of(Configuration.FILE_PROPERTY, path, "porthole.room.count", "4"), Map.of());
        Configuration code =
                resolve(Map.of(Configuration.FILE_PROPERTY, path), Map.of()).with(COUNT, "5");

        assertThat(environment.value(COUNT)).isEqualTo(3);
        assertThat(property.value(COUNT)).isEqualTo(4);
        assertThat(code.value(COUNT)).isEqualTo(5);
    }

    @Test
    void shouldTakeTheFileThatThePropertyNames() throws IOException {
        Configuration configuration = resolve(
                Map.of(
                        Configuration.FILE_PROPERTY,
                        file("a", "porthole.room.count=2\n").toString()),
                Map.of(
                        Configuration.FILE_VARIABLE,
                        file("b", "porthole.room.count=3\n").toString()));

        assertThat(configuration.value(COUNT)).isEqualTo(2);
    }

    @Test
    void shouldTakeSecretsFromAFile() throws IOException {
        assertThat(resolve(file("a", "porthole.room.secret=hunter2\n")).value(SECRET))
                .isEqualTo("hunter2");
    }

    @Test
    void shouldRefuseUnknownKeys() throws IOException {
        Path file = file("a", "porthole.room.conut=2\n");

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> resolve(file))
                .withMessageContainingAll(file.toString(), "porthole.room.conut", "did you mean porthole.room.count?");
    }

    @Test
    void shouldNameTheFileOfAValueThatCannotBeUsed() throws IOException {
        Path file = file("a", "porthole.room.count=0\n");

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> resolve(file))
                .withMessageContainingAll(file.toString(), "\"0\"", "porthole.room.count", "1..99");
    }

    @Test
    void shouldRefuseAFileThatIsNotThere() {
        Path file = directory.resolve("missing.properties");

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> resolve(file))
                .withMessageContainingAll("cannot read the configuration file", file.toString());
    }

    @Test
    void shouldRefuseADirectory() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> resolve(directory))
                .withMessageContainingAll("cannot read the configuration file", directory.toString());
    }

    @Test
    void shouldRefuseDamagedFiles() throws IOException {
        Path escape = file("escape", "porthole.room.count=\\u12\n");
        Path binary = Files.write(directory.resolve("binary"), new byte[] {'a', '=', (byte) 0xff, (byte) 0xfe});

        for (Path file : List.of(escape, binary)) {
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> resolve(file))
                    .withMessageContainingAll("cannot read the configuration file", file.toString());
        }
    }

    @Test
    void shouldReadUtf8() throws IOException {
        Path file = Files.write(directory.resolve("a"), "porthole.room.secret=Bullauge-é\n".getBytes(UTF_8));

        assertThat(resolve(file).value(SECRET)).isEqualTo("Bullauge-é");
    }

    @Test
    void shouldRefuseANameThatIsNoPath() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> resolve(Map.of(Configuration.FILE_PROPERTY, "a\0b"), Map.of()));
    }
}
