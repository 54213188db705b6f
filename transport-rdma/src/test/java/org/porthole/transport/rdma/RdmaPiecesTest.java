package org.porthole.transport.rdma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.porthole.AccessRefusedException;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.Right;
import org.porthole.spi.Memory;
import org.porthole.spi.Permit;
import org.porthole.spi.Registration;
import org.porthole.spi.RemoteMemory;
import org.porthole.spi.TargetAtomics;

/// Memory that is longer than what one registration takes.
class RdmaPiecesTest {
    private static final int SPAN = 8192;
    private static final int SIZE = 5 * SPAN + 100;

    @BeforeEach
    void requireDevice() {
        RdmaPair.requireDevice();
    }

    private static RdmaPair pair() {
        return new RdmaPair(RdmaPair.SETTINGS.with(RdmaOptions.REGISTRATION, "8k"));
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + i / 251);
        }
        return bytes;
    }

    @Test
    void shouldPutAndGetAcrossPieces() {
        try (RdmaPair pair = pair()) {
            RdmaPair.Shared shared = pair.share(SIZE);
            assertThat(((RdmaRemoteMemory) shared.remote()).remoteKeys())
                    .hasSize(6)
                    .doesNotHaveDuplicates();
            byte[] sent = bytes(SIZE);
            pair.endpoint.put(shared.remote(), 0, MemorySegment.ofArray(sent), 0, SIZE);
            pair.endpoint.flush();
            assertThat(shared.memory().segment().asSlice(0, SIZE).toArray(ValueLayout.JAVA_BYTE))
                    .isEqualTo(sent);

            byte[] back = new byte[SIZE];
            int at = SPAN - 3;
            pair.endpoint.get(shared.remote(), at, MemorySegment.ofArray(back), 0, 3 * SPAN);
            pair.endpoint.flush();
            for (int i = 0; i < 3 * SPAN; i++) {
                assertThat(back[i]).isEqualTo(sent[at + i]);
            }
        }
    }

    @Test
    void shouldOperateAtomicallyAtBothSidesOfABoundary() {
        try (RdmaPair pair = pair();
                Memory memory = pair.target.allocate(SIZE, "words");
                Registration registration = pair.target.register(memory, TargetAtomics.BY_ADAPTER);
                RemoteMemory remote = pair.endpoint.attach(registration.key())) {
            MemorySegment result = MemorySegment.ofArray(new long[1]);
            for (long at : new long[] {0, SPAN - Long.BYTES, SPAN, 5L * SPAN}) {
                memory.segment().set(ValueLayout.JAVA_LONG, at, at + 1);
                pair.endpoint.fetchAndOp(remote, at, DataType.LONG, Operator.SUM, 5, result);
                pair.endpoint.flush();
                assertThat(result.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(at + 1);
                assertThat(memory.segment().get(ValueLayout.JAVA_LONG, at)).isEqualTo(at + 6);
            }
        }
    }

    @Test
    void shouldRefuseWhatAPermitLeavesOutAndEverythingOnceItIsWithdrawn() {
        try (RdmaPair pair = pair();
                Memory memory = pair.target.allocate(SIZE, "words")) {
            int from = SPAN + 64;
            int to = 3 * SPAN + 64;
            Registration registration = pair.target.register(
                    memory, TargetAtomics.of(memory), Permit.of(Set.of(Right.WRITE, Right.READ), from, to));
            try (RemoteMemory remote = pair.endpoint.attach(registration.key())) {
                byte[] sent = bytes(to - from);
                pair.endpoint.put(remote, from, MemorySegment.ofArray(sent), 0, sent.length);
                pair.endpoint.flush();
                assertThat(memory.segment().asSlice(from, sent.length).toArray(ValueLayout.JAVA_BYTE))
                        .isEqualTo(sent);
                for (long outside : new long[] {0, from - Long.BYTES, to, 4L * SPAN}) {
                    refuse(pair, remote, outside);
                    assertThat(memory.segment().get(ValueLayout.JAVA_LONG, outside))
                            .isZero();
                }
                registration.close();
                memory.segment().fill((byte) 0);
                for (long inside : new long[] {from, 2L * SPAN, 3L * SPAN}) {
                    refuse(pair, remote, inside);
                    assertThat(memory.segment().get(ValueLayout.JAVA_LONG, inside))
                            .isZero();
                }
            }
        }
    }

    private static void refuse(RdmaPair pair, RemoteMemory remote, long offset) {
        pair.endpoint.put(remote, offset, MemorySegment.ofArray(new long[] {-1}), 0, Long.BYTES);
        assertThatThrownBy(pair.endpoint::flush).isInstanceOf(AccessRefusedException.class);
    }
}
