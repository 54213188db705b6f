package org.porthole.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlocksTest {
    @ParameterizedTest
    @CsvSource({"10, 1", "10, 3", "8, 4", "3, 5", "0, 2", "1, 1"})
    void shouldCoverEveryItemOnceAndInOrder(long total, int parts) {
        Blocks blocks = new Blocks(total, parts);
        long next = 0;
        for (int part = 0; part < parts; part++) {
            assertThat(blocks.first(part)).isEqualTo(next);
            assertThat(blocks.count(part)).isBetween(total / parts, total / parts + 1);
            for (long i = 0; i < blocks.count(part); i++) {
                assertThat(blocks.owner(next++)).isEqualTo(part);
            }
        }
        assertThat(next).isEqualTo(total);
    }
}
