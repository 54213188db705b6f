package org.porthole.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.porthole.config.Configuration;
import org.porthole.config.Option;
import org.porthole.config.OptionTable;

/// Keeps `docs/configuration.md` true. `-Dporthole.test.write=true` writes it.
class ConfigurationPageTest {
    private static final Path PAGE = Path.of("..", "docs", "configuration.md");

    @Test
    void shouldDocumentEveryOption() throws IOException {
        String page = render();
        if (Boolean.getBoolean("porthole.test.write")) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE))
                .as("docs/configuration.md is written from the option tables: run with -Dporthole.test.write=true")
                .isEqualTo(page);
    }

    private static String render() {
        StringBuilder page = new StringBuilder("""
                # Configuration

                Written from the option tables; do not edit.

                A setting's value comes from, weakest first: its default; a file (`porthole.properties` in the working directory, or the one that
                `PORTHOLE_CONFIG` or `-Dporthole.config` names); an environment variable; a system property; the program
                (`Configuration.load().with(option, text)`). Unknown keys are errors. `porthole info --config` shows each value and its source.
                """);
        for (OptionTable table : Configuration.load(Map.of(), Map.of()).tables()) {
            page.append("\n## ")
                    .append(table.title())
                    .append("\n| key | variable | values | default | what |\n|---|---|---|---|---|\n");
            for (Option<?> option : table.rows()) {
                page.append("| `")
                        .append(option.key())
                        .append("` | `")
                        .append(option.environmentName())
                        .append("` | ")
                        .append(option.kind().replace("|", "\\|"))
                        .append(" | ")
                        .append(option.defaultText().isEmpty() ? "" : "`" + option.defaultText() + "`")
                        .append(" | ")
                        .append(option.sentence())
                        .append(" |\n");
            }
        }
        return page.toString();
    }
}
