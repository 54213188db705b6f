package org.porthole.cli.perf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.porthole.cli.text.UsageException;

class PerfWordsTest {
    @Test
    void shouldMeasureEverythingButBusyWithTwoProcesses() {
        PerfSpec spec = PerfWords.parse(List.of());

        assertThat(spec.ranks()).isEqualTo(2);
        assertThat(spec.isThreads()).isFalse();
        assertThat(spec.workloads()).hasSize(Workload.values().length - 1).doesNotContain(Workload.BUSY);
        assertThat(spec.sizes(Workload.PUT)).isEqualTo(Sizes.STANDARD);
        assertThat(spec.sizes(Workload.ALLREDUCE)).containsExactly(8L, 1L << 20);
        assertThat(spec.pace()).isEqualTo(new Pace(5, 12e6, 1.5e9));
    }

    @Test
    void shouldTakeTestsAndOptionsInAnyOrder() {
        PerfSpec spec = parse("get -n 4 put --sizes=8,1k --json cas --samples 9 --label x --threads");

        assertThat(spec.workloads()).containsExactly(Workload.PUT, Workload.GET, Workload.EXCHANGE);
        assertThat(spec.ranks()).isEqualTo(4);
        assertThat(spec.sizes(Workload.GET)).containsExactly(8L, 1024L);
        assertThat(spec.pace().samples()).isEqualTo(9);
        assertThat(spec.label()).isEqualTo("x");
        assertThat(spec.isJson()).isTrue();
        assertThat(spec.isThreads()).isTrue();
    }

    @Test
    void shouldSelectWhatThePeersDriverSelects() {
        assertThat(parse("--set sync").workloads())
                .containsExactly(Workload.BARRIER, Workload.ALLREDUCE, Workload.FENCE);
        assertThat(parse("--short")).isEqualTo(parse("--set short"));
        assertThat(parse("--short").sizes(Workload.ALLREDUCE)).containsExactly(8L);
        assertThat(parse("--set all --busy-target").workloads()).containsExactly(Workload.values());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "putt                | did you mean put?",
                "-                   | there is no test \"-\"",
                "--set most          | none of all, short, sync",
                "put --short         | name tests or choose the set",
                "-n 1                | 1 is not from 2 to",
                "--samples 0         | 0 is not from 1 to",
                "--sizes 8q          | is not a size",
                "--jsn               | did you mean --json?",
                "put --sizes         | --sizes needs a value"
            })
    void shouldRefuseInOneLine(String words, String message) {
        assertThatThrownBy(() -> parse(words))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("perf: ")
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }

    @Test
    void shouldListEveryTestInTheHelp() {
        assertThat(Workload.words())
                .doesNotHaveDuplicates()
                .allSatisfy(word -> assertThat("\n" + PerfMain.tests()).contains("\n  " + word + " "));
    }

    private static PerfSpec parse(String words) {
        return PerfWords.parse(List.of(words.split(" ", -1)));
    }
}
