package org.porthole.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.porthole.cli.perf.PerfMain;
import org.porthole.cli.text.UsageException;

class CommandsTest {
    @Test
    void shouldSuggestNearestCommand() {
        assertThatThrownBy(() -> Commands.named("rnu"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("did you mean run?")
                .hasMessageContaining("run, exec, list");
    }

    @Test
    void shouldExplainEveryCommand() {
        assertThat(Commands.all()).allSatisfy(command -> {
            assertThat(Commands.named(command.name())).isSameAs(command);
            assertThat(command.summary()).isNotBlank().doesNotContain("\n").doesNotEndWith(".");
            assertThat(command.usage())
                    .startsWith("usage: porthole " + command.name())
                    .endsWith("\n");
        });
    }

    @Test
    void shouldListTheTestsOfPerf() {
        assertThat(new PerfCommand().usage()).contains("\n\n" + PerfMain.tests());
    }
}
