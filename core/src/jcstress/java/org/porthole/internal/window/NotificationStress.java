package org.porthole.internal.window;

import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.porthole.config.ArrivalMode;
import org.porthole.internal.collective.TeamContext;
import org.porthole.internal.route.Target;
import org.porthole.spi.Memory;

/// What was written before a counter was raised is seen by whoever has slept until it was.
@JCStressTest
@Outcome(id = "1, 7", expect = Expect.ACCEPTABLE, desc = "raised, and seen")
@State
public class NotificationStress {
    private static final TeamContext TEAM = TeamContext.ofWorld(
            0, List.of("here", "here"), null, StressedWords.ALL_THERE, StressedWords.SLEEPY, ArrivalMode.AUTO, 100_000_000);

    private final Memory memory = StressedWords.fresh();
    private final WindowNotifications counters = new WindowNotifications(
            "stressed",
            1,
            StressedWords.DESCRIPTOR,
            TEAM,
            memory,
            new Target[] {Target.own(memory, StressedWords.DESCRIPTOR.byteSize())});
    private int data;

    @Actor
    public void raise() {
        data = 7;
        counters.raise(0, 0, 1, true);
    }

    @Actor
    public void await(II_Result result) {
        result.r1 = (int) counters.await(0, 1);
        result.r2 = data;
    }
}
