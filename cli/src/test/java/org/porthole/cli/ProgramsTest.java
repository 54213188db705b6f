package org.porthole.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProgramsTest {
    @Test
    void shouldSkipCommentsAndEmptyLines() {
        Programs programs =
                Programs.of(List.of("# none", "", "  ", "ring\torg.example.Ring\tPasses a token round"), "here");
        assertThat(programs.all()).containsExactly(new Program("ring", "org.example.Ring", "Passes a token round"));
        assertThat(programs.named("ring").mainClass()).isEqualTo("org.example.Ring");
    }

    @Test
    void shouldKeepFirstOfEqualNames() {
        Programs programs = Programs.of(List.of("a\tb.C\tfirst", "a\tb.D\tsecond"), "here");
        assertThat(programs.all()).containsExactly(new Program("a", "b.C", "first"));
    }

    @Test
    void shouldNamePlaceOfBadLine() {
        assertThatThrownBy(() -> Programs.of(List.of("# x", "ring org.example.Ring"), "x.jar"))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageStartingWith("x.jar, line 2: ");
    }

    @Test
    void shouldSaySoWhenThereAreNone() {
        assertThatThrownBy(() -> Programs.of(List.of(), "here").named("ring"))
                .hasMessageContaining("there are none on the class path");
    }

    @Test
    void shouldPrintOneLineForEach() {
        Programs programs = Programs.of(List.of("ring\tA\tone", "pagerank\tB\ttwo"), "here");
        assertThat(programs.table()).isEqualTo("  ring      one\n  pagerank  two\n");
    }
}
