package org.porthole.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RankCommandLineTest {
    private static final Terminals NONE = new Terminals(false, false);

    private static LaunchSpec spec(int ranks, String... jvm) {
        return new LaunchSpec(
                ranks, true, false, Map.of(), List.of(jvm), "own.jar", "org.example.Main", List.of("a", "b c"));
    }

    @Test
    void shouldEndWithClassAndArguments() {
        List<String> words = RankCommandLine.of(spec(1), Map.of(), 4, NONE);
        assertThat(words.getFirst()).endsWith("java");
        assertThat(words).endsWith(RankMain.class.getName(), "org.example.Main", "a", "b c");
        assertThat(words.get(words.indexOf("-cp") + 1)).endsWith("own.jar");
    }

    @Test
    void shouldUseSerialCollectorWhenNoCoreIsIdle() {
        assertThat(RankCommandLine.of(spec(3), Map.of(), 4, NONE)).doesNotContain("-XX:+UseSerialGC");
        assertThat(RankCommandLine.of(spec(4), Map.of(), 4, NONE)).contains("-XX:+UseSerialGC");
    }

    @Test
    void shouldLeaveCollectorToTheUser() {
        assertThat(RankCommandLine.of(spec(8, "-XX:+UseZGC"), Map.of(), 2, NONE))
                .doesNotContain("-XX:+UseSerialGC");
        assertThat(RankCommandLine.of(spec(8, "@file"), Map.of(), 2, NONE)).doesNotContain("-XX:+UseSerialGC");
        assertThat(RankCommandLine.of(spec(8), Map.of("JAVA_TOOL_OPTIONS", "-ea -XX:+UseG1GC"), 2, NONE))
                .doesNotContain("-XX:+UseSerialGC");
    }

    @Test
    void shouldPutChosenArgumentsLast() {
        List<String> words = RankCommandLine.of(spec(1, "-Xmx1g"), Map.of("PORTHOLE_JVM", " -ea  -Xms8m "), 4, NONE);
        assertThat(words.subList(words.indexOf("-ea"), words.indexOf("-cp")))
                .containsExactly("-ea", "-Xms8m", "-Xmx1g");
    }
}
