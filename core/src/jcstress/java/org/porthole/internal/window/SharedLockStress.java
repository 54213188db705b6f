package org.porthole.internal.window;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.porthole.spi.Memory;

/// One rank changes two fields under the exclusive lock, which another reads under the shared one.
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "read, then written")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "written, then read")
@State
public class SharedLockStress {
    private final Memory memory = StressedWords.fresh();
    private final TargetLock writing = StressedWords.lock(memory, 0, StressedWords.BUSY);
    private final TargetLock reading = StressedWords.lock(memory, 1, StressedWords.BUSY);
    private int left;
    private int right;

    @Actor
    public void write() {
        writing.lockExclusive();
        left = 1;
        right = 1;
        writing.unlockExclusive();
    }

    @Actor
    public void read(II_Result result) {
        reading.lockShared();
        result.r1 = left;
        result.r2 = right;
        reading.unlockShared();
    }
}
