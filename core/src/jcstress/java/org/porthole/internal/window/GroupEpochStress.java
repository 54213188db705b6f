package org.porthole.internal.window;

import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.porthole.PeerFailedException;
import org.porthole.config.ArrivalMode;
import org.porthole.internal.collective.TeamContext;
import org.porthole.internal.route.Target;
import org.porthole.internal.window.GroupSync.Group;
import org.porthole.spi.Memory;

/// Post, start, complete and wait, each of which sleeps until the other side has come: what the target wrote before its post the origin sees, and what the
/// origin wrote before it completed the target.
@JCStressTest
@Outcome(id = "8, 7", expect = Expect.ACCEPTABLE, desc = "each has seen what the other wrote")
@State
public class GroupEpochStress {
    private final Memory atTarget = StressedWords.fresh();
    private final Memory atOrigin = StressedWords.fresh();
    private final Side target = new Side(0, atTarget, 1);
    private final Side origin = new Side(1, atOrigin, 0);
    private int data;

    private final class Side {
        final GroupSync sync;
        final Target[] targets;
        final Group peer = new Group(StressedWords.RANKS);

        Side(int rank, Memory own, int other) {
            long size = StressedWords.DESCRIPTOR.byteSize();
            targets = new Target[] {Target.own(atTarget, size), Target.own(atOrigin, size)};
            TeamContext team = TeamContext.ofWorld(
                    rank, List.of("here", "here"), null, StressedWords.ALL_THERE, StressedWords.SLEEPY, ArrivalMode.AUTO, 0);
            sync = new GroupSync("stressed", StressedWords.DESCRIPTOR, team, own, targets);
            peer.set(null, other);
        }
    }

    @Actor
    public void expose(II_Result result) {
        data = 7;
        target.sync.post(target.peer);
        GroupSync.Arrivals completions = target.sync.completions(target.peer);
        completions.begin();
        completions.await();
        result.r1 = data;
    }

    @Actor
    public void access(II_Result result) {
        origin.sync.start(origin.peer);
        GroupSync.Arrivals posts = origin.sync.posts(origin.peer);
        posts.begin();
        posts.await();
        result.r2 = data;
        data = 8;
        PeerFailedException ignored = origin.sync.complete(origin.peer, origin.targets);
    }
}
