package org.porthole.transport.rdma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.porthole.AccessRefusedException;
import org.porthole.transport.rdma.RdmaPair.Shared;

/// Puts and gets that are handed to the adapter together.
@Tag("verbs")
class RdmaRunsTest {
    private static final int SLOT = 512;
    private static final int[] LENGTHS = {1, 2, 8, 64, 128, 129, SLOT};

    @BeforeEach
    void requireDevice() {
        RdmaPair.requireDevice();
    }

    private static long waiting(RdmaPair pair) {
        return ((RdmaEndpoint) pair.endpoint).waiting();
    }

    @Test
    void shouldHandOverWhatFillsAChainAndTheRestAtTheEnd() {
        try (RdmaPair pair = new RdmaPair(RdmaPair.SETTINGS)) {
            Shared shared = pair.share(4096);
            pair.put(shared, 0, 1);
            assertThat(waiting(pair)).isZero();
            pair.endpoint.startRuns();
            for (int i = 1; i <= RdmaChain.MOST + 3; i++) {
                pair.put(shared, 8L * i, i);
                assertThat(waiting(pair)).isEqualTo(i % RdmaChain.MOST);
            }
            pair.endpoint.endRuns();
            assertThat(waiting(pair)).isZero();
            pair.endpoint.flush();
            for (int i = 1; i <= RdmaChain.MOST + 3; i++) {
                assertThat(shared.at(8L * i)).isEqualTo(i);
            }
        }
    }

    @Test
    void shouldMoveRunsOfAnyNumberAndLength() {
        Random random = new Random(7);
        int most = 300;
        try (RdmaPair pair = new RdmaPair(RdmaPair.SETTINGS)) {
            Shared shared = pair.share((long) most * SLOT);
            byte[] source = new byte[most * SLOT];
            byte[] back = new byte[source.length];
            for (int count : new int[] {1, 2, 3, 31, 32, 33, 63, most}) {
                random.nextBytes(source);
                int[] lengths = new int[count];
                pair.endpoint.startRuns();
                for (int i = 0; i < count; i++) {
                    lengths[i] = LENGTHS[random.nextInt(LENGTHS.length)];
                    int at = i * SLOT;
                    pair.endpoint.put(shared.remote(), at, MemorySegment.ofArray(source), at, lengths[i]);
                }
                pair.endpoint.endRuns();
                pair.endpoint.flush();
                pair.endpoint.startRuns();
                for (int i = 0; i < count; i++) {
                    int at = i * SLOT;
                    pair.endpoint.get(shared.remote(), at, MemorySegment.ofArray(back), at, lengths[i]);
                }
                pair.endpoint.endRuns();
                pair.endpoint.flush();
                for (int i = 0; i < count; i++) {
                    int at = i * SLOT;
                    byte[] there =
                            shared.memory().segment().asSlice(at, lengths[i]).toArray(ValueLayout.JAVA_BYTE);
                    assertThat(there).isEqualTo(Arrays.copyOfRange(source, at, at + lengths[i]));
                    assertThat(Arrays.copyOfRange(back, at, at + lengths[i])).isEqualTo(there);
                }
            }
        }
    }

    @Test
    void shouldCarryOutTheRunsAroundOneThatIsRefused() {
        try (RdmaPair pair = new RdmaPair(RdmaPair.SETTINGS)) {
            Shared stays = pair.share(8 * 200);
            Shared goes = pair.share(64);
            goes.registration().close();
            for (int round = 1; round <= 3; round++) {
                pair.endpoint.startRuns();
                for (int i = 0; i < 200; i++) {
                    pair.put(stays, 8L * i, 1000L * round + i);
                    if (i == 70) {
                        pair.put(goes, 0, 1);
                    }
                }
                pair.endpoint.endRuns();
                assertThatThrownBy(pair.endpoint::flush).isInstanceOf(AccessRefusedException.class);
                pair.endpoint.flush();
                for (int i = 0; i < 200; i++) {
                    assertThat(stays.at(8L * i)).isEqualTo(1000L * round + i);
                }
            }
        }
    }

    @Test
    void shouldLetAnotherThreadFlushWhatItStartedBeforeTheRuns() throws InterruptedException {
        try (RdmaPair pair = new RdmaPair(RdmaPair.SETTINGS)) {
            Shared shared = pair.share(4096);
            pair.put(shared, 0, 1);
            pair.endpoint.startRuns();
            Thread other = Thread.ofPlatform().start(pair.endpoint::flush);
            for (int i = 1; i <= 50; i++) {
                pair.put(shared, 8L * i, i);
            }
            pair.endpoint.endRuns();
            other.join();
            pair.endpoint.flush();
            assertThat(shared.at(0)).isEqualTo(1);
            assertThat(shared.at(8L * 50)).isEqualTo(50);
        }
    }

    @Test
    void shouldAllocateNothingOnceWarm() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (RdmaPair pair = new RdmaPair(RdmaPair.SETTINGS)) {
            int runs = 64;
            Shared shared = pair.share((long) runs * SLOT);
            MemorySegment memory = MemorySegment.ofArray(new byte[runs * SLOT]);
            long allocated = Long.MAX_VALUE;
            int rounds = 50;
            long operations = (long) runs * rounds;
            for (int attempt = 0; attempt < 10 && allocated >= operations; attempt++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int round = 0; round < rounds; round++) {
                    pair.endpoint.startRuns();
                    for (int i = 0; i < runs; i++) {
                        pair.endpoint.put(shared.remote(), (long) i * SLOT, memory, (long) i * SLOT, 64);
                    }
                    pair.endpoint.endRuns();
                    pair.endpoint.flush();
                }
                allocated = threads.getCurrentThreadAllocatedBytes() - before;
            }
            assertThat(allocated).isLessThan(operations);
        }
    }
}
