package org.porthole.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The program checks its result; what is wrong is thrown.
class SampleSortTest {
    @ParameterizedTest
    @CsvSource({"1, 1000", "2, 100000", "3, 100000", "4, 99999", "4, 3", "3, 0"})
    void shouldSort(int ranks, int keys) {
        SampleSort.Result result = Ranks.atRankZero(ranks, job -> SampleSort.run(job, keys, 7));
        assertThat(result.toString()).startsWith(keys + " keys on " + Example.ranks(ranks));
        if (keys >= 1000) {
            assertThat(result.imbalance()).isBetween(1.0, 1.5);
        }
    }
}
