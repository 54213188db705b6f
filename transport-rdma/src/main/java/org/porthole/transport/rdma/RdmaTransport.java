package org.porthole.transport.rdma;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.NoOpIdleStrategy;
import org.porthole.TransportException;
import org.porthole.config.CoreOptions;
import org.porthole.spi.Capabilities;
import org.porthole.spi.Endpoint;
import org.porthole.spi.Memory;
import org.porthole.spi.Permit;
import org.porthole.spi.ProcessMemory;
import org.porthole.spi.Reach;
import org.porthole.spi.Registration;
import org.porthole.spi.TargetAtomics;
import org.porthole.spi.Transport;
import org.porthole.spi.TransportContext;
import org.porthole.spi.Waiting;
import org.porthole.transport.rdma.RdmaDialer.Agreed;

/// The RDMA transport of one rank.
///
/// Each rank that reaches for another has a queue pair of its own to it, made when the first memory is attached.
final class RdmaTransport implements Transport {
    private static final System.Logger LOG = System.getLogger(RdmaTransport.class.getName());
    private static final long LATENCY_NS = 2_000;
    private static final long BYTES_PER_SECOND = 10_000_000_000L;
    private static final SecureRandom RANDOM = new SecureRandom();

    /// Bits of a key that find its registration; the others are random.
    private static final int SLOT_BITS = 20;

    /// How long a connection from a rank may outlast the one to it.
    private static final long SUSPICION_NS = TimeUnit.SECONDS.toNanos(2);

    private final TransportContext context;
    private final RdmaDevice device;
    /// How many bytes one registration takes.
    private final long span;
    private final RdmaCache cache;
    private final RdmaControlAgent control;
    private final RdmaAddress address;
    private final RdmaHandshake handshake;
    private final long connectNs;
    private final long reconnectNs;
    private final RdmaDialer dialer;
    private final RdmaProgressAgent agent;
    private final AgentRunner runner;
    private final AgentRunner controlRunner;

    private volatile RdmaRegistration[] registrations = {};
    private volatile RdmaConnection[] connections = {};
    private final Map<RdmaOrigin, RdmaEndpoint> endpoints = new ConcurrentHashMap<>();
    /// Ended from the other side; their memory is freed with the transport, when no thread can be about to use it.
    private final List<RdmaTarget> ended = new ArrayList<>();

    /// Ranks that cannot be reached though a connection from them is still open, with since when and why.
    private final Map<Integer, Suspicion> suspicions = new ConcurrentHashMap<>();

    private final RdmaMenders menders = new RdmaMenders();

    private final RdmaAttendance attendance = new RdmaAttendance(System::nanoTime);

    /// A hint only: it may miss some.
    private long arrived;
    private volatile boolean closed;

    private record Suspicion(long sinceNs, String cause) {}

    RdmaTransport(TransportContext context) {
        this.context = context;
        connectNs = context.configuration().value(RdmaOptions.CONNECT_DEADLINE);
        reconnectNs = context.configuration().value(RdmaOptions.RECONNECT);
        handshake = new RdmaHandshake(context.configuration().value(CoreOptions.SECRET), context.size());
        device = open(context);
        span = device.limits().span(context.configuration().value(RdmaOptions.REGISTRATION));
        cache = new RdmaCache(
                device::registerOwn,
                context.configuration().value(RdmaOptions.CACHE_FROM),
                context.configuration().value(RdmaOptions.CACHE_ENTRIES),
                context.configuration().value(RdmaOptions.CACHE_BYTES));
        dialer = new RdmaDialer(device, handshake, context.rank());
        control = new RdmaControlAgent(this, "porthole-rdma-control-" + context.rank());
        byte[] nonce = new byte[RdmaAddress.NONCE];
        RANDOM.nextBytes(nonce);
        address = new RdmaAddress(nonce, control.port(), device.port().isEthernet(), RdmaAddress.here(device.gid()));
        agent = new RdmaProgressAgent(this, attendance, device, "porthole-rdma-" + context.rank());
        runner = start(agent);
        controlRunner = start(control);
    }

    private static RdmaDevice open(TransportContext context) {
        try {
            return new RdmaDevice(
                    RdmaPorts.choose(
                            context.configuration().value(RdmaOptions.DEVICE),
                            context.configuration().value(RdmaOptions.GID)),
                    context.configuration().value(RdmaOptions.PROVIDER));
        } catch (IllegalArgumentException e) {
            throw new TransportException("rdma: " + e.getMessage(), e);
        }
    }

    private static AgentRunner start(Agent agent) {
        AgentRunner runner = new AgentRunner(NoOpIdleStrategy.INSTANCE, RdmaTransport::report, null, agent);
        AgentRunner.startOnThread(
                runner,
                task -> Thread.ofPlatform().daemon().name(agent.roleName()).unstarted(task));
        return runner;
    }

    private static void report(Throwable t) {
        LOG.log(Level.ERROR, "the progress of the RDMA transport failed", t);
    }

    int rank() {
        return context.rank();
    }

    int size() {
        return context.size();
    }

    Waiting waiting() {
        return context.waiting();
    }

    RdmaHandshake handshake() {
        return handshake;
    }

    RdmaCache cache() {
        return cache;
    }

    RdmaControlAgent control() {
        return control;
    }

    byte[] nonce() {
        return address.nonce();
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(true, false, true, device.hasAtomics());
    }

    @Override
    public byte[] address() {
        return address.encode();
    }

    @Override
    public Reach reach(byte[] peerAddress) {
        try {
            RdmaAddress peer = RdmaAddress.decode(peerAddress);
            return peer.isEthernet() == address.isEthernet()
                    ? new Reach.Reachable(LATENCY_NS, BYTES_PER_SECOND)
                    : new Reach.Unreachable(
                            "its adapter is on another kind of fabric",
                            "choose " + RdmaOptions.DEVICE.key() + " alike on all ranks");
        } catch (TransportException e) {
            return new Reach.Unreachable(e.getMessage(), "run the same version of Porthole on all ranks");
        }
    }

    @Override
    public Endpoint connect(int peer, byte[] peerAddress) {
        return new RdmaEndpoint(this, peer, RdmaAddress.decode(peerAddress));
    }

    /// Agrees with a rank on a queue pair.
    ///
    /// @throws TransportException if it is not found
    RdmaOrigin open(RdmaEndpoint endpoint, RdmaAddress peer) {
        RdmaBuffer buffer = null;
        Agreed agreed = null;
        try {
            long session = RANDOM.nextLong();
            buffer = new RdmaBuffer(device, RdmaOrigin.BUFFER);
            agreed = dialer.agree(buffer, peer, session, RdmaHandshake.NEW, connectNs, connectNs);
            return adopt(endpoint, agreed, buffer, session);
        } catch (IOException e) {
            if (agreed != null) {
                agreed.abandon();
            }
            close(buffer);
            throw new TransportException("rdma: rank " + endpoint.peer() + " cannot be reached: " + e.getMessage(), e);
        }
    }

    private static void close(RdmaBuffer buffer) {
        try {
            if (buffer != null) {
                buffer.close();
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a buffer was not closed", e);
        }
    }

    private RdmaOrigin adopt(RdmaEndpoint endpoint, Agreed agreed, RdmaBuffer buffer, long session) throws IOException {
        RdmaOrigin origin;
        synchronized (this) {
            if (closed) {
                throw new IOException("this transport has been closed");
            }
            origin = new RdmaOrigin(this, agreed.queue(), buffer, agreed.socket(), endpoint.peer(), session);
            endpoints.put(origin, endpoint);
            add(origin);
        }
        control.watch(origin);
        return origin;
    }

    /// What is done when there is another queue pair, and nobody posts.
    @FunctionalInterface
    interface Resumption {
        void run() throws IOException;
    }

    /// A connection's queue pair is in error.
    void mend(RdmaOrigin origin) {
        RdmaEndpoint endpoint = endpoints.get(origin);
        if (endpoint != null && !closed) {
            String name = "porthole-rdma-mender-" + rank() + "-" + origin.peer;
            menders.start(name, new RdmaMender(this, dialer, endpoint, origin, reconnectNs));
            LOG.log(Level.DEBUG, "rdma: {0} looks for rank {1}", name, origin.peer);
        }
    }

    boolean isClosed() {
        return closed;
    }

    /// How many connections there are, from this rank and to it.
    int connectionCount() {
        return connections.length;
    }

    // By the control agent.

    private RdmaQueue queueFor(RdmaBuffer buffer, RdmaPath there) throws IOException {
        RdmaQueue queue = new RdmaQueue(device, buffer, RdmaTarget.SENDS, RdmaWire.CREDITS, 0, RdmaWire.SLOT);
        try {
            queue.connect(there);
            queue.postReceives();
            return queue;
        } catch (IOException e) {
            queue.close();
            throw e;
        }
    }

    /// Makes a queue pair for a member.
    RdmaTarget admit(SocketChannel socket, int peer, long session, RdmaPath there) throws IOException {
        RdmaBuffer buffer = new RdmaBuffer(device, RdmaTarget.BUFFER);
        try {
            RdmaTarget target = new RdmaTarget(this, queueFor(buffer, there), buffer, socket, peer, session);
            add(target);
            return target;
        } catch (IOException e) {
            close(buffer);
            throw e;
        }
    }

    /// Makes another queue pair for a connection of a member whose own is in error.
    ///
    /// @return the connection; null if there is none
    RdmaTarget renew(SocketChannel socket, int peer, long session, RdmaPath there) throws IOException {
        for (RdmaConnection each : connections) {
            if (each instanceof RdmaTarget target && target.isSession(peer, session)) {
                target.renew(queueFor(target.buffer, there), socket);
                return target;
            }
        }
        return null;
    }

    boolean isSuspicious() {
        return !suspicions.isEmpty();
    }

    /// Tells of ranks that seem to be gone.
    void check(long now) {
        suspicions.forEach((peer, suspicion) -> {
            if (now - suspicion.sinceNs > SUSPICION_NS && suspicions.remove(peer, suspicion)) {
                context.failures().peerGone(peer, suspicion.cause);
            }
        });
    }

    // By any thread.

    long arrived() {
        return arrived;
    }

    /// A connection has completed something.
    void noteArrival() {
        arrived++;
    }

    private void add(RdmaConnection connection) {
        synchronized (this) {
            RdmaConnection[] more = Arrays.copyOf(connections, connections.length + 1);
            more[more.length - 1] = connection;
            connections = more;
        }
        wakeAgent();
    }

    /// There is a queue pair that the agent does not look at in its sleep.
    void wakeAgent() {
        agent.wakeup();
    }

    private synchronized void remove(RdmaConnection connection) {
        connections = Arrays.stream(connections)
                .filter(each -> !each.equals(connection))
                .toArray(RdmaConnection[]::new);
        if (connection instanceof RdmaTarget target) {
            ended.add(target);
        }
    }

    /// A connection has ended without being closed here.
    void lost(RdmaConnection connection, String cause) {
        remove(connection);
        int peer = connection.peer;
        if (connection instanceof RdmaOrigin origin) {
            RdmaEndpoint endpoint = endpoints.remove(origin);
            if (endpoint != null) {
                endpoint.fail(cause);
            }
        }
        if (closed) {
            return;
        }
        Suspicion suspicion = suspicions.get(peer);
        if (connection instanceof RdmaTarget target) {
            if (!target.isBye() || suspicion != null) {
                suspicions.remove(peer);
                context.failures().peerGone(peer, suspicion == null ? cause : suspicion.cause);
            }
        } else if (hasTargetFor(peer)) {
            // What it sent before it went is still to be received.
            suspicions.putIfAbsent(peer, new Suspicion(System.nanoTime(), cause));
            control.wakeup();
        } else {
            context.failures().peerGone(peer, cause);
        }
    }

    private boolean hasTargetFor(int peer) {
        return Arrays.stream(connections).anyMatch(each -> each instanceof RdmaTarget && each.peer == peer);
    }

    /// An endpoint has closed, or has no use for a connection any more.
    void closed(RdmaEndpoint endpoint, RdmaOrigin origin) {
        endpoints.remove(origin, endpoint);
        remove(origin);
    }

    @Override
    public void enter() {
        attendance.enter();
    }

    @Override
    public boolean poll() {
        long before = arrived;
        driveAll();
        return arrived != before;
    }

    /// Takes what is complete on every connection.
    void driveAll() {
        for (RdmaConnection each : connections) {
            each.drive();
        }
    }

    /// Lets the device's channel tell of the next completion of every connection.
    void armAll() {
        for (RdmaConnection each : connections) {
            each.arm();
        }
    }

    @Override
    public void leave(boolean sleeps) {
        if (attendance.leave(sleeps)) {
            agent.takeOver();
        }
    }

    @Override
    public Memory allocate(long byteSize, String label) {
        return new ProcessMemory(byteSize, label);
    }

    @Override
    public synchronized Registration register(Memory memory, TargetAtomics atomics, Permit permit) {
        if (closed) {
            throw new TransportException("rdma: this transport has been closed");
        }
        RdmaRegistration[] all = registrations;
        int slot = 0;
        while (slot < all.length && all[slot] != null) {
            slot++;
        }
        if (slot >= 1 << SLOT_BITS) {
            throw new TransportException("rdma: " + slot + " memories are shared already");
        }
        RdmaRegistration[] more = Arrays.copyOf(all, Math.max(all.length, slot + 1));
        RdmaRegistration registration;
        try {
            registration = registration(slot, memory, atomics, permit);
        } catch (TransportException e) {
            if (cache.size() == 0) {
                throw e;
            }
            cache.clear(); // may be what keeps it from being locked
            registration = registration(slot, memory, atomics, permit);
        }
        more[slot] = registration;
        registrations = more;
        return registration;
    }

    private RdmaRegistration registration(int slot, Memory memory, TargetAtomics atomics, Permit permit) {
        return new RdmaRegistration(
                device, span, (RANDOM.nextLong() << SLOT_BITS) | slot, memory, atomics, permit, this::withdraw);
    }

    private synchronized void withdraw(RdmaRegistration registration) {
        RdmaRegistration[] left = registrations.clone();
        left[(int) registration.number() & ((1 << SLOT_BITS) - 1)] = null;
        registrations = left;
    }

    /// What a key stands for; null if it is none of this rank's.
    RdmaRegistration registration(long key) {
        RdmaRegistration[] all = registrations;
        int slot = (int) key & ((1 << SLOT_BITS) - 1);
        RdmaRegistration found = slot < all.length ? all[slot] : null;
        return found != null && found.number() == key ? found : null;
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        agent.wakeToClose();
        runner.close();
        control.wakeToClose();
        controlRunner.close();
        for (RdmaConnection each : connections) {
            if (each instanceof RdmaOrigin origin && endpoints.get(origin) != null) {
                endpoints.get(origin).close();
            } else {
                each.close();
            }
        }
        ended.forEach(RdmaTarget::close);
        menders.awaitEnd();
        for (RdmaRegistration each : registrations) {
            if (each != null) {
                each.close();
            }
        }
        cache.close();
        device.close();
    }
}
