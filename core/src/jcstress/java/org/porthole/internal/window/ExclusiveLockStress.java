package org.porthole.internal.window;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.porthole.spi.Memory;

/// Two ranks count under the exclusive lock.
@JCStressTest
@Outcome(
        id = {"1, 2", "2, 1"},
        expect = Expect.ACCEPTABLE,
        desc = "one after the other")
@State
public class ExclusiveLockStress {
    private final Memory memory = StressedWords.fresh();
    private final TargetLock first = StressedWords.lock(memory, 0, StressedWords.BUSY);
    private final TargetLock second = StressedWords.lock(memory, 1, StressedWords.BUSY);
    private int count;

    @Actor
    public void first(II_Result result) {
        first.lockExclusive();
        result.r1 = ++count;
        first.unlockExclusive();
    }

    @Actor
    public void second(II_Result result) {
        second.lockExclusive();
        result.r2 = ++count;
        second.unlockExclusive();
    }
}
