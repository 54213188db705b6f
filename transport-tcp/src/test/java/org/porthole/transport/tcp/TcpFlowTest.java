package org.porthole.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.porthole.config.Configuration;
import org.porthole.spi.Endpoint;
import org.porthole.spi.Memory;
import org.porthole.spi.Registration;
import org.porthole.spi.RemoteMemory;
import org.porthole.spi.TargetAtomics;

/// A fast rank and a slow one: the fast one waits, and neither keeps what the other does not take.
@Timeout(60)
class TcpFlowTest {
    /// What a connection may cost on both sides together, with what the JVM and the test use meanwhile.
    private static final long MOST_GROWTH = 6L << 20;

    private static final int WINDOW = 1 << 20;
    private static final int SMALL = 64;
    private static final int LARGE = 64 << 10;
    /// The same sight so often in a row means that nothing moves.
    private static final int STILL = 200;

    private final TcpTransport target = TcpRank.open(1, Configuration.load(Map.of(), Map.of()));
    private final TcpTransport origin = TcpRank.open(0, Configuration.load(Map.of(), Map.of()));
    private final Memory memory = target.allocate(WINDOW, "test");
    private final Registration registration = target.register(memory, TargetAtomics.of(memory));
    private final Arena arena = Arena.ofShared();
    private GatedRelay relay;
    private Endpoint way;
    private RemoteMemory remote;

    @BeforeEach
    void connect() throws IOException {
        TcpAddress there = TcpAddress.decode(target.address());
        relay = new GatedRelay(there.port());
        InetAddress here = InetAddress.ofLiteral("127.0.0.1");
        way = origin.connect(
                1, new TcpAddress(there.host(), there.nonce(), relay.port(), there.tls(), List.of(here)).encode());
        remote = way.attach(registration.key());
    }

    @AfterEach
    void close() throws IOException {
        remote.close();
        way.close();
        origin.close();
        relay.close();
        target.close();
        memory.close();
        arena.close();
    }

    /// Heap that is in use, and memory outside of it that the JVM knows of.
    private static long used() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed()
                + ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                        .mapToLong(BufferPoolMXBean::getMemoryUsed)
                        .sum();
    }

    /// Until the thread that starts operations can start no more.
    private void awaitStandstill() {
        long seen = -1;
        for (int still = 0; still < STILL; still++) {
            long now = way.started() + relay.toTarget.passed() + relay.toOrigin.passed();
            if (now != seen) {
                seen = now;
                still = 0;
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void requireBounded(Runnable work, GatedRelay.Gate gate, long mostStarted) throws InterruptedException {
        long before = used();
        gate.set(true);
        Thread worker = Thread.ofPlatform().start(work);
        awaitStandstill();
        assertThat(worker.isAlive()).isTrue();
        assertThat(way.started()).isLessThan(mostStarted);
        assertThat(used() - before).isLessThan(MOST_GROWTH);
        gate.set(false);
        worker.join();
        assertThat(used() - before).isLessThan(MOST_GROWTH);
    }

    @Test
    void shouldKeepAFastOriginFromOutrunningItsTarget() throws InterruptedException {
        int count = 1_000_000;
        MemorySegment source = arena.allocate(SMALL, Long.BYTES);
        requireBounded(
                () -> {
                    for (int i = 0; i < count; i++) {
                        source.set(ValueLayout.JAVA_LONG, 0, i);
                        way.put(remote, (long) i * SMALL % WINDOW, source, 0, SMALL);
                    }
                    way.flush();
                },
                relay.toTarget,
                count);
        assertThat(memory.segment().get(ValueLayout.JAVA_LONG, (count - 1L) * SMALL % WINDOW))
                .isEqualTo(count - 1);
    }

    @Test
    void shouldKeepLongPutsWhereTheyAre() throws InterruptedException {
        int count = 10_000;
        MemorySegment source = arena.allocate(LARGE, Long.BYTES);
        source.fill((byte) 3);
        requireBounded(
                () -> {
                    for (int i = 0; i < count; i++) {
                        way.put(remote, (long) i * LARGE % WINDOW, source, 0, LARGE);
                    }
                    way.flush();
                },
                relay.toTarget,
                count);
        assertThat(memory.segment().toArray(ValueLayout.JAVA_BYTE)).containsOnly(3);
    }

    /// Whoever asks for much and does not take it costs the target nothing but what the system keeps.
    @Test
    void shouldKeepNoAnswersForASlowReader() throws InterruptedException {
        int count = 10_000;
        memory.segment().fill((byte) 7);
        MemorySegment destination = arena.allocate(LARGE, Long.BYTES);
        requireBounded(
                () -> {
                    for (int i = 0; i < count; i++) {
                        way.get(remote, (long) i * LARGE % WINDOW, destination, 0, LARGE);
                    }
                    way.flush();
                },
                relay.toOrigin,
                count);
        assertThat(destination.mismatch(memory.segment().asSlice(0, LARGE))).isEqualTo(-1);
    }
}
