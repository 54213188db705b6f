package org.porthole.internal.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// A set of bytes holds what was added, whether as runs, as words or as bytes.
class FootprintTest {
    private static final int BYTES = 100_000;
    private static final int SETS = 200;
    private static final int MOST_RUNS = 60;

    @Test
    void shouldHoldWhatWasAdded() {
        for (int seed = 0; seed < SETS; seed++) {
            Random random = new Random(seed);
            // Words only, bytes only, and words until a byte comes.
            int wordsOf = seed % 3 == 0 ? MOST_RUNS : seed % 3 == 1 ? 0 : random.nextInt(MOST_RUNS);
            Footprint footprint = new Footprint();
            BitSet model = new BitSet();
            for (int run = 0; run < MOST_RUNS; run++) {
                int unit = run < wordsOf ? Long.BYTES : 1;
                int begin = random.nextInt(BYTES / unit) * unit;
                int end = begin + (1 + random.nextInt(run % 10 == 0 ? 5000 : 20)) * unit;
                footprint.add(begin, end);
                model.set(begin, end);
                requireMeeting(footprint, model, random, seed);
            }
            assertThat(ofRuns(footprint.toRuns())).as("seed %d", seed).isEqualTo(model);
            Footprint both = new Footprint();
            both.add(3, 5);
            both.addAll(footprint);
            model.set(3, 5);
            assertThat(ofRuns(both.toRuns())).as("seed %d", seed).isEqualTo(model);
        }
    }

    private static void requireMeeting(Footprint footprint, BitSet model, Random random, int seed) {
        int begin = random.nextInt(BYTES);
        int end = begin + 1 + random.nextInt(100);
        int next = model.nextSetBit(begin);
        assertThat(footprint.meets(begin, end))
                .as("seed %d, bytes %d to %d", seed, begin, end)
                .isEqualTo(next >= 0 && next < end);
    }

    private static BitSet ofRuns(long... runs) {
        BitSet bytes = new BitSet();
        for (int i = 0; i < runs.length; i += 2) {
            assertThat(i == 0 || runs[i - 1] < runs[i]).as("runs do not touch").isTrue();
            bytes.set((int) runs[i], (int) runs[i + 1]);
        }
        return bytes;
    }
}
