package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.porthole.Job;
import org.porthole.LocalRankException;

class RandomProgramTest {
    @Test
    void shouldBeTheSameForTheSameSeed() {
        for (long seed = 0; seed < 20; seed++) {
            assertThat(new RandomProgram(seed)).hasToString(new RandomProgram(seed).toString());
        }
    }

    @Test
    void shouldComeInAllSizes() {
        Set<Integer> sizes = new HashSet<>();
        for (long seed = 0; seed < 50; seed++) {
            sizes.add(new RandomProgram(seed).size());
        }
        assertThat(sizes).containsExactlyInAnyOrder(1, 2, 3, 4);
    }

    @Test
    void shouldNoticeWhatDiffersFromTheModel() {
        long seed = 0;
        while (new RandomProgram(seed).size() != 2) {
            seed++;
        }
        RandomProgram one = new RandomProgram(seed);
        do {
            seed++;
        } while (new RandomProgram(seed).size() != 2);
        RandomProgram other = new RandomProgram(seed);
        // Two ranks that run different programs cannot both end as their models say.
        assertThatThrownBy(() -> Job.runLocal(2, job -> (job.rank() == 0 ? one : other).run(job)))
                .isInstanceOf(LocalRankException.class);
    }
}
