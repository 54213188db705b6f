package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.porthole.Access;
import org.porthole.Request;
import org.porthole.Window;

/// Requests: each tells when what was started before it is complete, in whatever order they are asked.
public abstract class RequestContract extends TransportContract {
    private static final int COUNT = 32;
    private static final int ROUNDS = 50;

    /// For transports.
    protected RequestContract() {}

    @FunctionalInterface
    private interface Reached {
        void run(Access access, int target);
    }

    private void onPeerAndSelf(Reached body) {
        ranks(2, job -> {
            try (Window window = open(job, 8L * COUNT)) {
                if (job.rank() == 0) {
                    try (Access access = window.lockAll()) {
                        body.run(access, 1);
                        body.run(access, 0);
                    }
                }
            }
        });
    }

    @Test
    void shouldCompleteEachInAnyOrder() {
        onPeerAndSelf((access, target) -> {
            long[] values = new long[COUNT];
            long[] back = new long[COUNT];
            Request[] requests = new Request[COUNT];
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < COUNT; i++) {
                    values[i] = round * 100L + i;
                    access.put(target, 8L * i, MemorySegment.ofArray(values).asSlice(8L * i, 8));
                    requests[i] = access.request(target);
                }
                for (int i = COUNT - 1; i >= 0; i -= 3) {
                    requests[i].await();
                    requests[i] = null;
                    access.get(target, 8L * i, MemorySegment.ofArray(back).asSlice(8L * i, 8));
                    access.requestLocal(target).await();
                    assertThat(back[i]).isEqualTo(values[i]);
                }
                Request.awaitAll(requests);
                access.get(target, 0, MemorySegment.ofArray(back));
                Request get = access.requestLocal(target);
                while (!get.test()) {
                    Thread.onSpinWait();
                }
                assertThat(back).isEqualTo(values);
            }
        });
    }

    @Test
    void shouldFindAnyThatIsComplete() {
        onPeerAndSelf((access, target) -> {
            Request[] requests = new Request[4];
            for (int i = 0; i < requests.length; i++) {
                access.putLong(target, 8L * i, i);
                requests[i] = i == 2 ? null : access.request(target);
            }
            boolean[] seen = new boolean[4];
            for (int i = 0; i < 3; i++) {
                int index = Request.awaitAny(requests);
                assertThat(seen[index]).isFalse();
                seen[index] = true;
                requests[index] = null;
            }
            assertThat(seen).containsExactly(true, true, false, true);
            assertThatIllegalArgumentException().isThrownBy(() -> Request.awaitAny(requests));
        });
    }

    @Test
    void shouldOrderByAFence() {
        onPeerAndSelf((access, target) -> {
            for (long round = 0; round < ROUNDS; round++) {
                access.put(target, 0, MemorySegment.ofArray(new long[] {-1}));
                access.fence(target);
                access.put(target, 0, MemorySegment.ofArray(new long[] {round}));
                access.flush(target);
                assertThat(access.getLong(target, 0)).isEqualTo(round);
            }
        });
    }
}
