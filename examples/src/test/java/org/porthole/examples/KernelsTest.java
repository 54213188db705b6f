package org.porthole.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The Parallel Research Kernels; each checks its own result as the original does, and throws if it is wrong.
class KernelsTest {
    @ParameterizedTest
    @CsvSource({"1, 7, 32", "1, 64, 5", "2, 40, 32", "3, 30, 4", "4, 96, 16", "4, 4, 1"})
    void shouldTranspose(int ranks, int order, int tile) {
        Rate result = Ranks.atRankZero(ranks, job -> Transpose.run(job, 3, order, tile));
        assertThat(result.toString())
                .matches(order + " x " + order + " matrix, 3 iterations on " + Example.ranks(ranks) + " .* MB/s");
    }

    @ParameterizedTest
    @CsvSource({"1, 5", "2, 5", "3, 31", "4, 30", "4, 8"})
    void shouldApplyTheStencil(int ranks, int order) {
        Rate result = Ranks.atRankZero(ranks, job -> Stencil.run(job, 5, order));
        assertThat(result.units()).isEqualTo(19.0 * (order - 4) * (order - 4) * 5);
    }

    @ParameterizedTest
    @CsvSource({"1, 10, 10", "2, 10, 7", "3, 100, 50", "4, 5, 2", "4, 33, 100"})
    void shouldRunThePipeline(int ranks, int columns, int rows) {
        Rate result = Ranks.atRankZero(ranks, job -> P2p.run(job, 4, columns, rows));
        assertThat(result.toString()).matches(columns + " x " + rows + " points, 4 iterations on .* MFlop/s");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void shouldRefuseWhatCannotBeSplit(int ranks) {
        assertThat(Ranks.complaint(ranks, job -> Transpose.run(job, 1, 13, 4))).contains("13 is no multiple of");
        assertThat(Ranks.complaint(ranks, job -> P2p.run(job, 1, ranks, 5))).contains("are too few");
    }

    @Test
    void shouldRefuseFewerRowsThanTheStencilReaches() {
        assertThat(Ranks.complaint(3, job -> Stencil.run(job, 1, 5))).contains("too small for 3 ranks");
    }
}
