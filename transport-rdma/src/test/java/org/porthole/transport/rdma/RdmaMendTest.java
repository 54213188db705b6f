package org.porthole.transport.rdma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.porthole.AccessRefusedException;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.PeerFailedException;
import org.porthole.spi.RemoteMemory;
import org.porthole.spi.SignalKind;
import org.porthole.transport.rdma.RdmaPair.Shared;

/// What goes on after a queue pair was in error, and what does not.
@Tag("verbs")
class RdmaMendTest {
    /// The interface under the device, which a test may switch off: on a machine that is there for tests.
    private static final String LINK = System.getProperty("porthole.test.rdma.link", "");

    @BeforeEach
    void requireDevice() {
        RdmaPair.requireDevice();
    }

    @Test
    void shouldCarryOutWhatWasStartedBehindARefusedWrite() {
        try (RdmaPair pair = new RdmaPair(RdmaPair.SETTINGS)) {
            Shared stays = pair.share(1 << 20);
            Shared goes = pair.share(64);
            goes.registration().close();
            long[] many = new long[1 << 14];
            long[] back = new long[1];
            Arrays.setAll(many, i -> i);
            for (int round = 1; round <= 3; round++) {
                pair.put(stays, 0, round);
                pair.put(goes, 0, round);
                pair.put(stays, 8, round);
                pair.endpoint.put(stays.remote(), 64, MemorySegment.ofArray(many), 0, 8L * many.length);
                pair.endpoint.get(stays.remote(), 8, MemorySegment.ofArray(back), 0, Long.BYTES);
                pair.endpoint.signal(stays.remote(), 16, SignalKind.ADD, 1);
                assertThatThrownBy(pair.endpoint::flush)
                        .isInstanceOf(AccessRefusedException.class)
                        .hasMessageContaining("remote access error");
                pair.endpoint.flush();
                assertThat(stays.at(0)).isEqualTo(round);
                assertThat(stays.at(8)).isEqualTo(round);
                assertThat(stays.at(16)).isEqualTo(round);
                assertThat(stays.at(64 + 8 * (many.length - 1L))).isEqualTo(many.length - 1);
                assertThat(back[0]).isEqualTo(round);
            }
            assertThat(pair.deaths).isEmpty();
        }
    }

    @Test
    void shouldCarryOutRequestsOnceThoughTheQueuePairFailsBetweenThem() {
        try (RdmaPair pair = new RdmaPair(RdmaPair.SETTINGS)) {
            Shared stays = pair.share(64);
            Shared goes = pair.share(64);
            goes.registration().close();
            MemorySegment before = MemorySegment.ofArray(new long[1]);
            int done = 0;
            for (int round = 0; round < 5; round++) {
                for (int i = 0; i < 40; i++) {
                    if (i == 20) {
                        pair.put(goes, 0, 1);
                    }
                    pair.endpoint.fetchAndOp(stays.remote(), 0, DataType.LONG, Operator.SUM, 1, before);
                    done++;
                }
                assertThatThrownBy(pair.endpoint::flush)
                        .isInstanceOf(AccessRefusedException.class)
                        .hasMessageContaining("refused");
                pair.endpoint.flush();
                assertThat(stays.at(0)).isEqualTo(done);
                assertThat(before.getAtIndex(ValueLayout.JAVA_LONG, 0)).isEqualTo(done - 1);
            }
        }
    }

    @Test
    void shouldTellOnceOfAllThatWasRefusedBeforeAFlush() {
        try (RdmaPair pair = new RdmaPair(RdmaPair.SETTINGS)) {
            Shared stays = pair.share(64);
            Shared goes = pair.share(64);
            goes.registration().close();
            for (int round = 1; round <= 3; round++) {
                for (int i = 0; i < 3; i++) {
                    pair.put(goes, 0, 1);
                    pair.put(stays, 8L * i, round);
                }
                assertThatThrownBy(pair.endpoint::flush).isInstanceOf(AccessRefusedException.class);
                for (int i = 0; i < 3; i++) {
                    assertThat(stays.at(8L * i)).isEqualTo(round);
                }
                assertThat(pair.endpoint.isComplete(pair.endpoint.started())).isTrue();
                pair.endpoint.flush();
            }
            assertThat(pair.deaths).isEmpty();
        }
    }

    @Test
    void shouldLeaveWhileAnotherQueuePairIsLookedFor() {
        try (RdmaPair pair = new RdmaPair(RdmaPair.SETTINGS)) {
            Shared stays = pair.share(64);
            Shared goes = pair.share(64);
            goes.registration().close();
            int before = pair.target.connectionCount();
            for (int round = 0; round < 8; round++) {
                RdmaEndpoint leaves = (RdmaEndpoint) pair.origin.connect(1, pair.target.address());
                RemoteMemory ignored = leaves.attach(stays.registration().key());
                leaves.put(goes.remote(), 0, MemorySegment.ofArray(new long[1]), 0, Long.BYTES);
                await(() -> {
                    leaves.drive();
                    return leaves.cuts() > 0;
                });
                LockSupport.parkNanos(round * 5_000_000L); // before the peer hears of it, and after
                leaves.close();
                await(() -> pair.target.connectionCount() == before);
            }
            pair.endpoint.flush();
            assertThat(pair.deaths).isEmpty();
        }
    }

    @Test
    void shouldGoOnWhenThePortIsUpAgain() throws InterruptedException {
        Assumptions.assumeFalse(LINK.isEmpty(), "no interface to switch off: porthole.test.rdma.link names one");
        try (RdmaPair pair = new RdmaPair(RdmaPair.SETTINGS.with(RdmaOptions.RECONNECT, "120s"))) {
            Shared shared = pair.share(64);
            pair.put(shared, 0, 1);
            pair.endpoint.flush();
            setLink("down");
            Thread later = Thread.ofPlatform().start(() -> {
                await(() -> ((RdmaEndpoint) pair.endpoint).cuts() > 0);
                setLink("up");
            });
            pair.put(shared, 0, 2);
            pair.endpoint.signal(shared.remote(), 8, SignalKind.ADD, 1);
            pair.endpoint.flush();
            later.join();
            assertThat(shared.at(0)).isEqualTo(2);
            assertThat(shared.at(8)).isEqualTo(1);
            assertThat(pair.deaths).isEmpty();
        }
    }

    @Test
    void shouldFailInWordsWhenThePortStaysDown() {
        Assumptions.assumeFalse(LINK.isEmpty(), "no interface to switch off: porthole.test.rdma.link names one");
        try (RdmaPair pair = new RdmaPair(RdmaPair.SETTINGS.with(RdmaOptions.RECONNECT, "1s"))) {
            Shared shared = pair.share(64);
            setLink("down");
            try {
                pair.put(shared, 0, 2);
                assertThatThrownBy(pair.endpoint::flush)
                        .isInstanceOf(PeerFailedException.class)
                        .hasMessageContaining("its adapter answers")
                        .hasMessageContaining("not found again");
            } finally {
                setLink("up");
            }
            await(() -> !pair.deaths.isEmpty());
        }
    }

    private static void setLink(String state) {
        try {
            int code = new ProcessBuilder(List.of("ip", "link", "set", LINK, state))
                    .inheritIO()
                    .start()
                    .waitFor();
            assertThat(code).isZero();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(1_000_000);
        }
    }
}
