package org.porthole.transport.rdma;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Assumptions;
import org.porthole.config.Configuration;
import org.porthole.config.CoreOptions;
import org.porthole.spi.Availability;
import org.porthole.spi.Awaited;
import org.porthole.spi.Endpoint;
import org.porthole.spi.Memory;
import org.porthole.spi.Registration;
import org.porthole.spi.RemoteMemory;
import org.porthole.spi.TargetAtomics;
import org.porthole.spi.TransportContext;

/// Two ranks of one process, each with a transport of its own; the first reaches for the second.
final class RdmaPair implements AutoCloseable {
    static final Configuration SETTINGS = Configuration.load(Map.of(), Map.of()).with(CoreOptions.SECRET, "one");
    private static final long SLICE_NS = 1_000_000;

    final RdmaTransport origin;
    final RdmaTransport target;
    final Endpoint endpoint;
    /// Why ranks were reported gone.
    final ConcurrentLinkedQueue<String> deaths = new ConcurrentLinkedQueue<>();

    private final Deque<Runnable> opened = new ArrayDeque<>();

    /// What the second rank shares, and the first reaches.
    record Shared(Memory memory, Registration registration, RemoteMemory remote) {
        long at(long offset) {
            return memory.segment().get(ValueLayout.JAVA_LONG, offset);
        }
    }

    RdmaPair(Configuration settings) {
        origin = open(0, settings);
        target = open(1, settings);
        endpoint = origin.connect(1, target.address());
    }

    static void requireDevice() {
        boolean required = System.getProperty("porthole.test.require", "").contains("rdma");
        Availability availability = RdmaPorts.availability();
        if (required) {
            assertThat(availability).isInstanceOf(Availability.Available.class);
        }
        Assumptions.assumeTrue(availability instanceof Availability.Available, availability.toString());
    }

    private RdmaTransport open(int rank, Configuration settings) {
        return new RdmaTransport(
                new TransportContext(rank, 2, settings, (peer, cause) -> deaths.add(cause), RdmaPair::await));
    }

    static void await(Awaited awaited) {
        while (!awaited.isReady()) {
            awaited.checkPeers();
            awaited.park(SLICE_NS);
        }
    }

    Shared share(long byteSize) {
        Memory memory = target.allocate(byteSize, "shared");
        Registration registration = target.register(memory, TargetAtomics.of(memory));
        opened.push(memory::close);
        opened.push(registration::close);
        return new Shared(memory, registration, endpoint.attach(registration.key()));
    }

    void put(Shared to, long offset, long value) {
        endpoint.put(to.remote(), offset, MemorySegment.ofArray(new long[] {value}), 0, Long.BYTES);
    }

    @Override
    public void close() {
        endpoint.close();
        opened.forEach(Runnable::run);
        origin.close();
        target.close();
    }
}
