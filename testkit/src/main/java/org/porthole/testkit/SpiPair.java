package org.porthole.testkit;

import java.util.ServiceLoader;
import java.util.function.Function;
import org.porthole.config.Configuration;
import org.porthole.spi.Awaited;
import org.porthole.spi.Endpoint;
import org.porthole.spi.Memory;
import org.porthole.spi.Registration;
import org.porthole.spi.RemoteMemory;
import org.porthole.spi.TargetAtomics;
import org.porthole.spi.Transport;
import org.porthole.spi.TransportContext;
import org.porthole.spi.TransportProvider;

/// Two transports of one kind in this process, and memory of the second that the first reaches: what tests of the SPI start from.
final class SpiPair implements AutoCloseable {
    private static final long SLICE_NS = 1_000_000;

    final Transport origin;
    final Transport target;
    final Memory memory;
    final Registration registration;
    final Endpoint endpoint;
    final RemoteMemory remote;

    SpiPair(String transport, Configuration configuration, long byteSize) {
        this(transport, configuration, target -> target.allocate(byteSize, "test"));
    }

    SpiPair(String transport, Configuration configuration, Function<Transport, Memory> allocation) {
        TransportProvider provider = provider(transport);
        origin = open(provider, 0, configuration);
        target = open(provider, 1, configuration);
        memory = allocation.apply(target);
        registration = target.register(memory, TargetAtomics.of(memory));
        endpoint = origin.connect(1, target.address());
        remote = endpoint.attach(registration.key());
    }

    static TransportProvider provider(String name) {
        return ServiceLoader.load(TransportProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no transport \"" + name + "\" on the class path"));
    }

    static Transport open(TransportProvider provider, int rank, Configuration configuration) {
        return provider.open(new TransportContext(
                rank,
                2,
                configuration,
                (gone, cause) -> {
                    throw new AssertionError("rank " + gone + " is said to be gone: " + cause);
                },
                SpiPair::await));
    }

    private static void await(Awaited awaited) {
        while (!awaited.isReady()) {
            awaited.checkPeers();
            awaited.park(SLICE_NS);
        }
    }

    @Override
    public void close() {
        remote.close();
        registration.close();
        memory.close();
        endpoint.close();
        origin.close();
        target.close();
    }
}
