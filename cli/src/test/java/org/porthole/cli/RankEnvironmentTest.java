package org.porthole.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.porthole.ConfigurationException;

class RankEnvironmentTest {
    private static LaunchSpec spec(int ranks, Map<String, String> environment, String... jvm) {
        return new LaunchSpec(ranks, true, false, environment, List.of(jvm), "", "org.example.Main", List.of());
    }

    private static Map<String, String> environment(LaunchSpec spec, Map<String, String> own) {
        return RankEnvironment.of(spec, own, rank -> Map.of("PORTHOLE_JOB_RANK", Integer.toString(rank)), 4)
                .of(3);
    }

    @Test
    void shouldPreferWhatMakesTheRank() {
        Map<String, String> own = Map.of("A", "own", "B", "own", "PORTHOLE_JOB_RANK", "7");
        assertThat(environment(spec(4, Map.of("B", "spec")), own))
                .containsExactlyInAnyOrderEntriesOf(Map.of("A", "own", "B", "spec", "PORTHOLE_JOB_RANK", "3"));
    }

    @Test
    void shouldGiveManyRanksTimeToStart() {
        assertThat(environment(spec(40, Map.of()), Map.of())).containsEntry("PORTHOLE_JOB_DEADLINE", "100s");
    }

    @Test
    void shouldLeaveDeadlineToTheUser() {
        Map<String, String> chosen = Map.of("PORTHOLE_JOB_DEADLINE", "5s");
        assertThat(environment(spec(40, Map.of()), chosen)).containsEntry("PORTHOLE_JOB_DEADLINE", "5s");
        assertThat(environment(spec(40, chosen), Map.of())).containsEntry("PORTHOLE_JOB_DEADLINE", "5s");
        assertThat(environment(spec(40, Map.of(), "-Dporthole.job.deadline=5s"), Map.of()))
                .doesNotContainKey("PORTHOLE_JOB_DEADLINE");
    }

    @Test
    void shouldRefuseWhatTheRanksWouldRefuse() {
        assertThatThrownBy(() -> environment(spec(2, Map.of("PORTHOLE_WIAT", "spin")), Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("did you mean PORTHOLE_WAIT?");
        assertThatThrownBy(() -> environment(spec(2, Map.of(), "-Dporthole.wait=never"), Map.of()))
                .isInstanceOf(ConfigurationException.class);
    }
}
