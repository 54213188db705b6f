package org.porthole.internal.local;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.porthole.TransportException;
import org.porthole.spi.Capabilities;
import org.porthole.spi.Endpoint;
import org.porthole.spi.LoadStoreEndpoint;
import org.porthole.spi.MappedRemoteMemory;
import org.porthole.spi.Memory;
import org.porthole.spi.Permit;
import org.porthole.spi.ProcessMemory;
import org.porthole.spi.Reach;
import org.porthole.spi.Registration;
import org.porthole.spi.RemoteKey;
import org.porthole.spi.RemoteMemory;
import org.porthole.spi.TargetAtomics;
import org.porthole.spi.Transport;

/// The in-process transport: a key is a number in a table of this process, and a peer's memory is the memory itself.
///
/// Peers cannot die alone here; [org.porthole.internal.LocalJobs] tells of bodies that threw.
final class InProcessTransport implements Transport {
    /// Tells this process from every other, so that a stranger's address is not taken for ours.
    private static final byte[] PROCESS = bytes(UUID.randomUUID());

    private static final Map<Long, Memory> REGISTERED = new ConcurrentHashMap<>();
    private static final AtomicLong NEXT_KEY = new AtomicLong();
    private static final long LATENCY_NS = 10;
    private static final long BYTES_PER_SECOND = 20_000_000_000L;

    private final Set<Registration> registrations = ConcurrentHashMap.newKeySet();

    private static byte[] bytes(UUID id) {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(true, true, true);
    }

    @Override
    public byte[] address() {
        return PROCESS.clone();
    }

    @Override
    public Reach reach(byte[] peerAddress) {
        return Arrays.equals(peerAddress, PROCESS)
                ? new Reach.Reachable(LATENCY_NS, BYTES_PER_SECOND)
                : new Reach.Unreachable(
                        "it is another process", "allow a transport that reaches other processes, such as shm");
    }

    @Override
    public Endpoint connect(int peer, byte[] peerAddress) {
        if (reach(peerAddress) instanceof Reach.Unreachable no) {
            throw new TransportException("inproc: rank " + peer + " cannot be reached: " + no.cause());
        }
        return new InProcessEndpoint();
    }

    @Override
    public Memory allocate(long byteSize, String label) {
        return new ProcessMemory(byteSize, label);
    }

    @Override
    public Registration register(Memory memory, TargetAtomics atomics, Permit permit) {
        Registration registration = new InProcessRegistration(NEXT_KEY.incrementAndGet());
        REGISTERED.put(((InProcessRegistration) registration).number(), memory);
        registrations.add(registration);
        return registration;
    }

    @Override
    public void close() {
        registrations.forEach(Registration::close);
        registrations.clear();
    }

    private record InProcessRegistration(long number) implements Registration {
        @Override
        public RemoteKey key() {
            return new RemoteKey(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
        }

        @Override
        public void close() {
            REGISTERED.remove(number);
        }
    }

    private static final class InProcessEndpoint extends LoadStoreEndpoint {
        @Override
        public RemoteMemory attach(RemoteKey key) {
            Memory memory = key.bytes().length == Long.BYTES
                    ? REGISTERED.get(ByteBuffer.wrap(key.bytes()).getLong())
                    : null;
            if (memory == null) {
                throw new TransportException("inproc: the key is not, or no more, that of any memory of this process");
            }
            return new MappedRemoteMemory(new Borrowed(memory));
        }

        @Override
        public void close() {}
    }

    /// A peer's memory, which is not ours to free.
    private record Borrowed(Memory memory) implements Memory {
        @Override
        public java.lang.foreign.MemorySegment segment() {
            return memory.segment();
        }

        @Override
        public void park(long offset, int expected, long timeoutNs) {
            memory.park(offset, expected, timeoutNs);
        }

        @Override
        public boolean isParkFencing() {
            return memory.isParkFencing();
        }

        @Override
        public boolean fencePeers() {
            return memory.fencePeers();
        }

        @Override
        public void unpark(long offset) {
            memory.unpark(offset);
        }

        @Override
        public void close() {}
    }
}
