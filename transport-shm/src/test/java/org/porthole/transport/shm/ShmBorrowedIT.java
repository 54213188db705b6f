package org.porthole.transport.shm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.PeerFailedException;
import org.porthole.config.Configuration;
import org.porthole.spi.Endpoint;
import org.porthole.spi.RemoteKey;
import org.porthole.spi.RemoteMemory;
import org.porthole.spi.TargetAtomics;
import org.porthole.spi.Transport;
import org.porthole.testkit.Cluster;
import org.porthole.testkit.LeakCheck;

/// Memory that another process's user brought; this process is the origin.
@Timeout(60)
@ExtendWith(LeakCheck.class)
class ShmBorrowedIT {
    private static final long SEED = 4711;

    private static Cluster start() {
        Cluster cluster = Cluster.start(1, Map.of(), BorrowedTarget.class);
        cluster.awaitLine(0, "ready");
        return cluster;
    }

    private static Transport origin(String cma) {
        return BorrowedTarget.open(0, Configuration.load(Map.of(), Map.of()).with(ShmOptions.CMA, cma));
    }

    private static byte[] said(Cluster cluster, String what) {
        String line = cluster.output(0)
                .lines()
                .filter(each -> each.startsWith(what))
                .findFirst()
                .orElseThrow();
        return HexFormat.of().parseHex(line.substring(what.length() + 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "off"})
    void shouldReachAnotherProcess(String cma) {
        byte[] bytes = new byte[BorrowedTarget.BYTES - 17];
        new Random(SEED).nextBytes(bytes);
        try (Cluster cluster = start();
                Transport origin = origin(cma);
                Endpoint endpoint = origin.connect(1, said(cluster, "address"));
                RemoteMemory remote = endpoint.attach(new RemoteKey(said(cluster, "key")))) {
            endpoint.put(remote, 9, MemorySegment.ofArray(bytes), 0, bytes.length);
            byte[] back = new byte[bytes.length];
            endpoint.get(remote, 9, MemorySegment.ofArray(back), 0, back.length);
            assertThat(back).isEqualTo(bytes);
            MemorySegment result = MemorySegment.ofArray(new long[1]);
            endpoint.put(remote, 0, MemorySegment.ofArray(new long[] {5}), 0, Long.BYTES);
            endpoint.fetchAndOp(remote, 0, DataType.LONG, Operator.SUM, 7, result);
            endpoint.fetchAndOp(remote, 0, DataType.LONG, Operator.NO_OP, 0, result);
            assertThat(result.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(12);
            cluster.release(0);
            cluster.awaitSuccess();
        }
    }

    @Test
    void shouldTellThoseThatWaitForTheMailboxOfADeath() throws Exception {
        try (Cluster cluster = start();
                Transport origin = origin("off");
                Endpoint endpoint = origin.connect(1, said(cluster, "address"));
                RemoteMemory remote = endpoint.attach(new RemoteKey(said(cluster, "key")))) {
            cluster.suspend(0);
            CompletableFuture<Void> put =
                    CompletableFuture.runAsync(() -> endpoint.put(remote, 0, MemorySegment.ofArray(new byte[1]), 0, 1));
            cluster.kill(0);
            assertThatThrownBy(() -> put.get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(PeerFailedException.class);
        }
    }

    @Test
    void shouldTellOfADeathWhenTheKernelCopies() {
        try (Cluster cluster = start();
                Transport origin = origin("auto");
                Endpoint endpoint = origin.connect(1, said(cluster, "address"));
                RemoteMemory remote = endpoint.attach(new RemoteKey(said(cluster, "key")))) {
            cluster.kill(0);
            assertThatThrownBy(() -> endpoint.put(remote, 0, MemorySegment.ofArray(new byte[1]), 0, 1))
                    .isInstanceOf(PeerFailedException.class);
        }
    }

    @Test
    void shouldTakeBackSlotsOfTheDead() {
        try (Cluster cluster = start();
                Arena arena = Arena.ofShared();
                Transport origin = origin("off");
                Transport target = BorrowedTarget.open(1, Configuration.load(Map.of(), Map.of()))) {
            var memory = BorrowedTarget.foreign(arena.allocate(64, Long.BYTES));
            RemoteKey key = target.register(memory, TargetAtomics.of(memory)).key();
            try (Endpoint endpoint = origin.connect(1, target.address());
                    Endpoint toDead = origin.connect(2, said(cluster, "address"));
                    RemoteMemory remote = endpoint.attach(key);
                    ShmMapping mailbox =
                            BorrowedKey.decode(key.bytes()).mailbox().map()) {
                assertThat(toDead).isNotNull();
                for (int i = 0; i < MailboxDescriptor.SLOTS; i++) {
                    MailboxDescriptor.INT.setVolatile(
                            mailbox.segment(), MailboxDescriptor.slot(i) + MailboxDescriptor.OWNER, 3);
                }
                cluster.kill(0);
                endpoint.put(remote, 0, MemorySegment.ofArray(new byte[] {42}), 0, 1);
                assertThat(memory.segment().get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 42);
            }
        }
    }
}
