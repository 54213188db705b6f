package org.porthole.internal.route.testkit;

import java.util.concurrent.atomic.AtomicInteger;
import org.porthole.TransportException;
import org.porthole.config.OptionTable;
import org.porthole.spi.Availability;
import org.porthole.spi.Capabilities;
import org.porthole.spi.Endpoint;
import org.porthole.spi.Memory;
import org.porthole.spi.Permit;
import org.porthole.spi.Reach;
import org.porthole.spi.Registration;
import org.porthole.spi.Scope;
import org.porthole.spi.TargetAtomics;
import org.porthole.spi.Transport;
import org.porthole.spi.TransportContext;
import org.porthole.spi.TransportProvider;

/// Transports that a test asks for by name, and that reach nobody. Found by the service loader, like real ones.
public abstract sealed class StubTransportProvider implements TransportProvider {
    /// How many transports are open.
    public static final AtomicInteger OPEN = new AtomicInteger();

    private final String name;
    private final Scope scope;

    StubTransportProvider(String name, Scope scope) {
        this.name = name;
        this.scope = scope;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Scope scope() {
        return scope;
    }

    @Override
    public Availability availability() {
        return new Availability.Available();
    }

    @Override
    public OptionTable options() {
        return OptionTable.of(name);
    }

    @Override
    public Transport open(TransportContext context) {
        OPEN.incrementAndGet();
        return new Stub();
    }

    /// Can be opened, and reaches itself.
    public static final class Sound extends StubTransportProvider {
        /// For the service loader.
        public Sound() {
            super("stub-sound", Scope.HOST);
        }
    }

    /// Lacks something on this host.
    public static final class Unavailable extends StubTransportProvider {
        /// For the service loader.
        public Unavailable() {
            super("stub-unavailable", Scope.FABRIC);
        }

        @Override
        public Availability availability() {
            return new Availability.Unavailable("there is no adapter", "buy one");
        }
    }

    /// Says that it can be used, and then cannot be opened.
    public static final class Broken extends StubTransportProvider {
        /// For the service loader.
        public Broken() {
            super("stub-broken", Scope.NETWORK);
        }

        @Override
        public Transport open(TransportContext context) {
            throw new TransportException("stub-broken: the adapter smokes");
        }
    }

    /// Like [Broken], of another name. For lists that a test makes itself.
    public static final class Smoking extends StubTransportProvider {
        /// A provider.
        public Smoking() {
            super("stub-smoking", Scope.NETWORK);
        }

        @Override
        public Transport open(TransportContext context) {
            throw new TransportException("stub-smoking: it still smokes");
        }
    }

    private static final class Stub implements Transport {
        @Override
        public Capabilities capabilities() {
            return new Capabilities(false, false, false);
        }

        @Override
        public byte[] address() {
            return new byte[0];
        }

        @Override
        public Reach reach(byte[] peerAddress) {
            return new Reach.Reachable(1_000, 1_000_000);
        }

        @Override
        public Endpoint connect(int peer, byte[] peerAddress) {
            throw new TransportException("a stub connects to nobody");
        }

        @Override
        public Memory allocate(long byteSize, String label) {
            throw new TransportException("a stub has no memory");
        }

        @Override
        public Registration register(Memory memory, TargetAtomics atomics, Permit permit) {
            throw new TransportException("a stub registers nothing");
        }

        @Override
        public void close() {
            OPEN.decrementAndGet();
        }
    }
}
