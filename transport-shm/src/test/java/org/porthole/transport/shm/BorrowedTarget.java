package org.porthole.transport.shm;

import static org.porthole.testkit.WaitProgram.awaitRelease;
import static org.porthole.testkit.WaitProgram.say;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.Map;
import org.porthole.config.Configuration;
import org.porthole.spi.Memory;
import org.porthole.spi.Registration;
import org.porthole.spi.TargetAtomics;
import org.porthole.spi.Transport;
import org.porthole.spi.TransportContext;

/// A process that registers memory of its own, says its address and key, and stays until it is released.
public final class BorrowedTarget {
    static final int BYTES = 3 << 20;
    private static final int SIZE = 3;

    private BorrowedTarget() {}

    public static void main(String[] arguments) throws IOException {
        try (Arena arena = Arena.ofShared();
                Transport transport = open(1, Configuration.load(Map.of(), Map.of()))) {
            Memory memory = foreign(arena.allocate(BYTES, Long.BYTES));
            try (Registration registration = transport.register(memory, TargetAtomics.of(memory))) {
                say("address " + HexFormat.of().formatHex(transport.address()));
                say("key " + HexFormat.of().formatHex(registration.key().bytes()));
                say("ready");
                awaitRelease();
            }
        }
    }

    static Transport open(int rank, Configuration configuration) {
        return new ShmTransportProvider()
                .open(new TransportContext(rank, SIZE, configuration, (gone, cause) -> {}, awaited -> {
                    while (!awaited.isReady()) {
                        awaited.checkPeers();
                        awaited.park(1_000_000);
                    }
                }));
    }

    static Memory foreign(MemorySegment segment) {
        return new Memory() {
            @Override
            public MemorySegment segment() {
                return segment;
            }

            @Override
            public void park(long offset, int expected, long timeoutNs) {}

            @Override
            public boolean isParkFencing() {
                return false;
            }

            @Override
            public void unpark(long offset) {}

            @Override
            public void close() {}
        };
    }
}
