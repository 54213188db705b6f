package org.porthole.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class InfoIT {
    @Test
    void shouldPrintOneJsonObject() throws Exception {
        try (Launched info = Launched.porthole("info", "--json")) {
            assertThat(info.exitCode()).as(info.report()).isZero();
            assertThat(info.out()).hasSize(1);
            Map<?, ?> all = (Map<?, ?>) new JsonReader(info.out().getFirst()).read();
            assertThat(all.get("version")).isInstanceOf(String.class);
            assertThat((Double) all.get("cores")).isGreaterThanOrEqualTo(1);
            assertThat(names(all, "transports", "name")).contains("shm");
            assertThat(names(all, "routes", "peer")).contains("same process", "same host", "other host");
            assertThat(names(all, "settings", "key")).contains("porthole.transports", "porthole.wait.deadline");
        }
    }

    @Test
    void shouldShowSourceOfSettingsAndHideSecrets() throws Exception {
        Map<String, String> environment = Map.of("PORTHOLE_WAIT_DEADLINE", "7min", "PORTHOLE_JOB_SECRET", "sesame");
        try (Launched info = Launched.porthole(environment, "info", "--config")) {
            assertThat(info.exitCode()).as(info.report()).isZero();
            String text = String.join("\n", info.out());
            assertThat(text)
                    .contains("porthole.wait.deadline = 7min")
                    .contains("set by environment")
                    .doesNotContain("sesame");
        }
        try (Launched info = Launched.porthole(environment, "info", "--json")) {
            assertThat(info.exitCode()).isZero();
            assertThat(info.out().getFirst()).doesNotContain("sesame").contains("\"value\":\"7min\"");
        }
    }

    @Test
    void shouldSuggestNearestSetting() throws Exception {
        try (Launched info = Launched.porthole(Map.of("PORTHOLE_TRANSPROTS", "shm"), "info")) {
            assertThat(info.exitCode()).isEqualTo(2);
            assertThat(info.err())
                    .hasSize(1)
                    .first()
                    .asString()
                    .startsWith("porthole: ")
                    .contains("PORTHOLE_TRANSPROTS")
                    .contains("did you mean PORTHOLE_TRANSPORTS?");
        }
    }

    @Test
    void shouldSuggestNearestCommand() throws Exception {
        try (Launched info = Launched.porthole("inof")) {
            assertThat(info.exitCode()).isEqualTo(2);
            assertThat(info.err()).hasSize(1).first().asString().contains("did you mean info?");
        }
    }

    @Test
    void shouldHelp() throws Exception {
        for (String command : List.of("run", "exec", "info", "list", "help", "version")) {
            try (Launched help = Launched.porthole("help", command)) {
                assertThat(help.exitCode()).as(help.report()).isZero();
                assertThat(help.out().getFirst()).startsWith("usage: porthole " + command);
            }
        }
    }

    private static List<Object> names(Map<?, ?> all, String array, String name) {
        return ((List<?>) all.get(array))
                .stream().<Object>map(each -> ((Map<?, ?>) each).get(name)).toList();
    }
}
