package org.porthole.cli.perf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AllocationCounterTest {
    @Test
    void shouldCountWhatThisThreadAllocates() {
        AllocationCounter counter = AllocationCounter.ofThread();
        long own = counter.ownBytes();
        long before = counter.bytes();
        byte[] array = new byte[1 << 20];
        long counted = counter.bytes() - before - own;
        assertThat(counted).isGreaterThanOrEqualTo(array.length).isLessThan(2L * array.length);
    }
}
