package org.porthole.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.porthole.Job;
import org.porthole.Window;
import org.porthole.WindowSpec;

class RandomAccessTest {
    @ParameterizedTest
    @CsvSource({"1, 10", "2, 10", "3, 10", "4, 10", "3, 0", "4, 1"})
    void shouldLoseNoUpdate(int ranks, int log2Words) {
        RandomAccess.Result result = Ranks.atRankZero(ranks, job -> RandomAccess.run(job, log2Words));
        assertThat(result.errors()).isZero();
        assertThat(result.updates()).isEqualTo(4L << log2Words);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldMakeTheTableOfTheSerialProgram(int ranks) {
        long[] expected = new long[256];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = i;
        }
        long random = 1;
        for (int i = 0; i < 1024; i++) {
            random = RandomStream.next(random);
            expected[(int) (random & 255)] ^= random;
        }
        Job.runLocal(ranks, job -> {
            Blocks words = new Blocks(256, ranks);
            try (Window table = job.world().openWindow(WindowSpec.ofBytes(8 * words.count(job.rank())))) {
                RandomAccess.fill(table, words);
                job.world().barrier();
                RandomAccess.update(table, words, new Blocks(1024, ranks));
                job.world().barrier();
                MemorySegment mine = table.local();
                for (int i = 0; i < words.count(job.rank()); i++) {
                    int word = (int) words.first(job.rank()) + i;
                    assertThat(mine.getAtIndex(ValueLayout.JAVA_LONG, i)).isEqualTo(expected[word]);
                }
            }
        });
    }

    @Test
    void shouldBeginTheStreamAnywhere() {
        long element = 1;
        for (int n = 0; n < 1000; n++) {
            assertThat(RandomStream.element(n)).isEqualTo(element);
            element = RandomStream.next(element);
        }
        long far = 123_456_789_012_345L;
        assertThat(RandomStream.element(far + 1)).isEqualTo(RandomStream.next(RandomStream.element(far)));
        assertThat(RandomStream.element(1_317_624_576_693_539_401L)).isEqualTo(1);
    }
}
