package org.porthole.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RingTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void shouldPassTokensOn(int ranks) {
        Ring.Result result = Ranks.atRankZero(ranks, job -> Ring.run(job, 10));
        assertThat(result.toString()).matches(".*" + ranks + " ranks?, 10 rounds in .* us per hop");
    }
}
