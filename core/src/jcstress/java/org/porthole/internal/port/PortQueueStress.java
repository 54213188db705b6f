package org.porthole.internal.port;

import java.lang.foreign.MemorySegment;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/// Two senders append while a message is received and another taken back: each comes out once, those of one sender in their order.
@JCStressTest
@State
@Outcome(id = {"3, 0, 0"}, expect = Expect.ACCEPTABLE, desc = "All came out, once and in order.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A message was lost or doubled, or overtook another.")
public class PortQueueStress {
    private final PortQueue queue = new PortQueue(16, 1 << 10, 64);
    private final PooledMessage first = message(1, 1);
    private final PooledMessage second = message(1, 2);
    private final PooledMessage other = message(2, 3);
    private int received;
    private int withdrawn;
    private int disorder;
    private boolean sawSecond;

    private static PooledMessage message(int sender, long call) {
        PooledMessage message = new PooledMessage(null, MemorySegment.NULL, false);
        message.hold(null, sender, call, null);
        return message;
    }

    private void took(PooledMessage message) {
        if (message != null) {
            received++;
            sawSecond |= message == second;
            disorder += message == first && sawSecond ? 1 : 0;
        }
    }

    @Actor
    public void sendTwo() {
        queue.append(first);
        queue.append(second);
    }

    @Actor
    public void sendReceiveAndWithdraw() {
        queue.append(other);
        took(queue.poll((sender, messages, bytes, waitedFor) -> {}));
        withdrawn = queue.remove(second, 2) ? 1 : 0;
    }

    @Arbiter
    public void rest(III_Result result) {
        for (int i = 0; i < 3; i++) {
            took(queue.poll((sender, messages, bytes, waitedFor) -> {}));
        }
        result.r1 = received + withdrawn;
        result.r2 = queue.size();
        result.r3 = disorder;
    }
}
