package org.porthole.testkit;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

/// Random programs end as a model says. `-Dporthole.test.seed=N` repeats the one that failed.
public abstract class RandomProgramContract extends TransportContract {
    /// The seed of the one program to run.
    public static final String SEED_PROPERTY = "porthole.test.seed";

    private static final int PROGRAMS = 40;

    /// For transports.
    protected RandomProgramContract() {}

    @Test
    void shouldEndAsTheModelSays() {
        Long given = Long.getLong(SEED_PROPERTY);
        if (given != null) {
            run(given);
            return;
        }
        long first = new SecureRandom().nextInt();
        for (int i = 0; i < PROGRAMS; i++) {
            run(first + i);
        }
    }

    private void run(long seed) {
        RandomProgram program = new RandomProgram(seed);
        try {
            ranks(program.size(), program::run);
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(program + " failed; -D" + SEED_PROPERTY + "=" + seed + " repeats it: " + e, e);
        }
    }
}
