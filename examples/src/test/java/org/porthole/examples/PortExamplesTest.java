package org.porthole.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The examples of ports check their own results.
class PortExamplesTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldDoAllTasks(int ranks) {
        TaskFarm.Result result = Ranks.atRankZero(ranks, job -> TaskFarm.run(job, 3000));
        assertThat(result.tasks()).isEqualTo(3000);
        assertThat(result.most()).isBetween((long) Math.ceilDiv(3000, ranks), 3000L);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldFindWhatWasStored(int ranks) {
        KeyValueStore.Result result = Ranks.atRankZero(ranks, job -> KeyValueStore.run(job, 500));
        assertThat(result.toString()).contains("500 keys each");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldHandBlocksOn(int ranks) {
        Pipeline.Result result = Ranks.atRankZero(ranks, job -> Pipeline.run(job, 20, 64));
        assertThat(result.toString()).contains("20 blocks of 64 KiB");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void shouldBringEveryLineToAll(int ranks) {
        Chat.Result result = Ranks.atRankZero(ranks, job -> Chat.run(job, 10));
        assertThat(result.lines()).isEqualTo(10L * (ranks - 1));
    }
}
