package org.porthole.internal.window;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.porthole.DataType;
import org.porthole.Operator;

/// Two ranks add to one element, in a window for bulk atomics.
@JCStressTest
@Outcome(
        id = {"0, 1, 11", "10, 0, 11"},
        expect = Expect.ACCEPTABLE,
        desc = "one after the other")
@State
public class TurnStress {
    private final MemorySegment control = StressedWords.fresh().segment();
    private final MemorySegment part = MemorySegment.ofArray(new long[1]);
    private final Turn first = turn(0);
    private final Turn second = turn(1);

    private Turn turn(int rank) {
        return new Turn(control, 0, rank, "stressed", StressedWords.ALL_THERE, StressedWords.BUSY);
    }

    @Actor
    public void first(III_Result result) {
        result.r1 = (int) first.fetchAndOp(part, DataType.LONG, 0, Operator.SUM, 1);
    }

    @Actor
    public void second(III_Result result) {
        result.r2 = (int) second.fetchAndOp(part, DataType.LONG, 0, Operator.SUM, 10);
    }

    @Arbiter
    public void sum(III_Result result) {
        result.r3 = (int) part.get(ValueLayout.JAVA_LONG, 0);
    }
}
