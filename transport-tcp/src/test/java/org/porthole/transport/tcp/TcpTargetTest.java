package org.porthole.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.porthole.transport.tcp.TcpWire.INT;
import static org.porthole.transport.tcp.TcpWire.LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.porthole.config.Configuration;
import org.porthole.spi.Memory;
import org.porthole.spi.Registration;
import org.porthole.spi.TargetAtomics;
import org.porthole.spi.TransportContext;

/// The target's side alone, on a socket whose system takes as little as it likes.
@Timeout(60)
class TcpTargetTest {
    private static final int GETS = 100;
    private static final int BYTES = 64 << 10;

    /// A target is called again only for what it has asked for: it must not wait for anything else.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldAnswerAllThatItHasReceived(long seed) {
        Random random = new Random(seed);
        TransportContext context =
                new TransportContext(1, 2, Configuration.load(Map.of(), Map.of()), (peer, cause) -> {}, awaited -> {});
        try (Arena arena = Arena.ofShared();
                TcpTransport transport = new TcpTransport(context);
                Memory memory = transport.allocate(BYTES, "test");
                Registration registration = transport.register(memory, TargetAtomics.of(memory))) {
            FickleSocket socket = new FickleSocket(gets(arena, registration), random, sent -> {});

            TcpTarget target = new TcpTarget(
                    transport,
                    socket,
                    0,
                    arena.allocate(TcpConnection.STAGED, Long.BYTES),
                    arena.allocate(TcpTarget.OUT, Long.BYTES));
            socket.driveToTheEnd(target);
            assertThat(socket.taken()).isEqualTo((long) GETS * (TcpWire.RESPONSE + BYTES));
            target.close();
        }
    }

    private static MemorySegment gets(Arena arena, Registration registration) {
        long key = ByteBuffer.wrap(registration.key().bytes()).getLong();
        MemorySegment requests = arena.allocate((long) GETS * TcpWire.REQUEST, Long.BYTES);
        for (int i = 0; i < GETS; i++) {
            long at = (long) i * TcpWire.REQUEST;
            requests.set(ValueLayout.JAVA_BYTE, at, TcpWire.GET);
            requests.set(INT, at + TcpWire.ANSWERED, 0);
            requests.set(LONG, at + TcpWire.KEY, key);
            requests.set(LONG, at + TcpWire.LENGTH, BYTES);
        }
        return requests;
    }
}
