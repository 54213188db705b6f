package org.porthole.testkit;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.porthole.AccessRefusedException;
import org.porthole.Right;
import org.porthole.TransportException;
import org.porthole.config.Configuration;
import org.porthole.spi.Capabilities;
import org.porthole.spi.Endpoint;
import org.porthole.spi.Memory;
import org.porthole.spi.Permit;
import org.porthole.spi.ProcessMemory;
import org.porthole.spi.Reach;
import org.porthole.spi.Registration;
import org.porthole.spi.RemoteKey;
import org.porthole.spi.RemoteMemory;
import org.porthole.spi.TargetAtomics;
import org.porthole.spi.Transport;
import org.porthole.spi.TransportContext;

/// The indirect transport of one rank: a key is a number in a table of this process, and what lies behind it is shown to endpoints alone.
final class IndirectTransport implements Transport {
    /// Tells this process from every other, so that a stranger's address is not taken for ours.
    private static final UUID PROCESS = UUID.randomUUID();

    private static final Map<Long, HiddenMemory> REGISTERED = new ConcurrentHashMap<>();
    private static final AtomicLong NEXT_KEY = new AtomicLong();
    private static final long LATENCY_NS = 1_000;
    private static final long BYTES_PER_SECOND = 10_000_000_000L;

    private final Configuration configuration;
    private final int rank;
    private final Set<Registration> registrations = ConcurrentHashMap.newKeySet();

    IndirectTransport(TransportContext context) {
        configuration = context.configuration();
        rank = context.rank();
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(true, false, true);
    }

    @Override
    public byte[] address() {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(PROCESS.getMostSignificantBits())
                .putLong(PROCESS.getLeastSignificantBits())
                .array();
    }

    @Override
    public Reach reach(byte[] peerAddress) {
        return Arrays.equals(peerAddress, address())
                ? new Reach.Reachable(LATENCY_NS, BYTES_PER_SECOND)
                : new Reach.Unreachable("it is another process", "run the test's ranks as threads of one JVM");
    }

    @Override
    public Endpoint connect(int peer, byte[] peerAddress) {
        if (reach(peerAddress) instanceof Reach.Unreachable no) {
            throw new TransportException("indirect: rank " + peer + " cannot be reached: " + no.cause());
        }
        int seed = configuration.value(IndirectOptions.SEED);
        // Each way has an order of its own.
        long order = seed == 0 ? 0 : ((long) seed << 32) + ((long) rank << 16) + peer;
        return new IndirectEndpoint(configuration.value(IndirectOptions.DEPTH), order);
    }

    @Override
    public Memory allocate(long byteSize, String label) {
        return new ProcessMemory(byteSize, label);
    }

    @Override
    public Registration register(Memory memory, TargetAtomics atomics, Permit permit) {
        long number = NEXT_KEY.incrementAndGet();
        HiddenMemory hidden = new HiddenMemory(memory, atomics, permit);
        REGISTERED.put(number, hidden);
        Registration registration = new NumberedRegistration(number, hidden);
        registrations.add(registration);
        return registration;
    }

    @Override
    public void close() {
        registrations.forEach(Registration::close);
        registrations.clear();
    }

    private record NumberedRegistration(long number, HiddenMemory hidden) implements Registration {
        @Override
        public RemoteKey key() {
            return new RemoteKey(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
        }

        @Override
        public void close() {
            REGISTERED.remove(number);
            hidden.withdraw();
        }
    }

    /// Looks a key up.
    ///
    /// @throws TransportException if it is not, or no more, one of this process
    static RemoteMemory attach(RemoteKey key) {
        HiddenMemory memory = key.bytes().length == Long.BYTES
                ? REGISTERED.get(ByteBuffer.wrap(key.bytes()).getLong())
                : null;
        if (memory == null) {
            throw new TransportException("indirect: the key is not, or no more, that of any memory of this process");
        }
        return memory;
    }

    /// A peer's memory, which only endpoints look into, as far as its permit goes and until its registration ends.
    static final class HiddenMemory implements RemoteMemory {
        private static final int WITHDRAWN = Integer.MIN_VALUE;

        private final Memory memory;
        private final TargetAtomics atomics;
        private final Permit permit;
        /// How many operations are being carried out; negative once the registration has ended.
        private final AtomicInteger users = new AtomicInteger();

        HiddenMemory(Memory memory, TargetAtomics atomics, Permit permit) {
            this.memory = memory;
            this.atomics = atomics;
            this.permit = permit;
        }

        MemorySegment segment() {
            return memory.segment();
        }

        TargetAtomics atomics() {
            return atomics;
        }

        /// Begins to touch the memory.
        void enter(Right right, long offset, long length) {
            if (users.incrementAndGet() < 0) {
                exit();
                throw new AccessRefusedException("indirect: the target has ended the registration of the memory");
            }
            if (!permit.allows(right, offset, length)) {
                exit();
                throw new AccessRefusedException("indirect: the target does not allow " + right + " of " + length
                        + " bytes at offset " + offset);
            }
        }

        /// Has touched it.
        void exit() {
            users.decrementAndGet();
        }

        /// Waits for those that are inside.
        void withdraw() {
            users.getAndUpdate(count -> count | WITHDRAWN);
            while ((users.get() & ~WITHDRAWN) != 0) {
                Thread.onSpinWait();
            }
        }

        @Override
        public long byteSize() {
            return memory.segment().byteSize();
        }

        @Override
        public Optional<Memory> mapped() {
            return Optional.empty();
        }

        @Override
        public void close() {}
    }
}
