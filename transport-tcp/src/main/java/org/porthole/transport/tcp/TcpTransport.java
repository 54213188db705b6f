package org.porthole.transport.tcp;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
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
import org.porthole.transport.tcp.TcpDialer.Met;

/// The TCP transport of one rank.
///
/// Each rank that reaches for another has a connection of its own to it, made when the first memory is attached.
final class TcpTransport implements Transport {
    private static final System.Logger LOG = System.getLogger(TcpTransport.class.getName());
    private static final long LATENCY_NS = 20_000;
    private static final long BYTES_PER_SECOND = 1_000_000_000L;
    private static final SecureRandom RANDOM = new SecureRandom();

    /// With more connections than this, a thread that waits leaves all but its own to the agent, which need not look at each.
    private static final int MOST_POLLED = 16;

    /// Besides one for each rank of the job.
    private static final int MOST_ARRIVALS = 64;
    private static final long HANDSHAKE_NS = TimeUnit.SECONDS.toNanos(5);
    /// So many looks at connections go by between two at those that expect nothing. A power of two.
    private static final int LOOKS = 16;
    /// How long a connection from a rank may outlast the one to it.
    private static final long SUSPICION_NS = TimeUnit.SECONDS.toNanos(2);

    private static final long OFTEN_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int PROBES = 3;
    /// A thread that goes from wait to wait is back before this.
    private static final long BACK_NS = 20_000;

    private static final VarHandle DRIVERS = drivers();

    private final TransportContext context;
    private final TcpPlatform platform;
    private final List<TcpListener> listeners;
    private final TcpPoller poller;
    private final List<TcpPoller.Watch> listening = new ArrayList<>();
    private final TcpAddress address;
    private final TcpHandshake handshake;
    private final TcpDialer dialer;
    private final TcpRefusals refusals;
    private final long heartbeatNs;
    private final long connectNs;
    private final long reconnectNs;
    private final Arena buffers = Arena.ofShared();
    private final AgentRunner runner;
    private final TcpProgressAgent agent;

    private final TcpRegistrations registrations = new TcpRegistrations();
    private volatile TcpConnection[] connections = {};
    private final Map<TcpOrigin, TcpEndpoint> endpoints = new ConcurrentHashMap<>();
    private final Set<TcpArrival> arrivals = ConcurrentHashMap.newKeySet();
    /// Ranks that cannot be reached though a connection from them is still open, with since when and why.
    private final Map<Integer, Suspicion> suspicions = new ConcurrentHashMap<>();

    @SuppressWarnings("UnusedVariable") // changed by its VarHandle
    private volatile int drivers;
    /// When the last of them left.
    private volatile long leftNs = System.nanoTime() - BACK_NS;

    private volatile boolean handedOver;

    /// A hint only: it may miss some.
    private long arrived;

    /// The same.
    private int looks;
    private long checkedNs = System.nanoTime();
    private volatile boolean closed;

    /// What is done about peers to or from which a connection was cut.
    private final Map<Integer, TcpRecovery> recoveries = new ConcurrentHashMap<>();
    /// Connections from peers, that are cut included.
    private final Map<Integer, TcpTarget> targets = new ConcurrentHashMap<>();
    private final Map<Integer, TcpAddress> peers = new ConcurrentHashMap<>();

    private record Suspicion(long sinceNs, String cause) {}

    private static VarHandle drivers() {
        try {
            return MethodHandles.lookup().findVarHandle(TcpTransport.class, "drivers", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    TcpTransport(TransportContext context) {
        this.context = context;
        heartbeatNs = context.configuration().value(TcpOptions.HEARTBEAT);
        connectNs = context.configuration().value(TcpOptions.CONNECT_DEADLINE);
        reconnectNs = context.configuration().value(TcpOptions.RECONNECT);
        handshake = new TcpHandshake(context.configuration().value(CoreOptions.SECRET), context.size());
        TcpTls tls = TcpTls.choose(context.configuration());
        refusals = new TcpRefusals(line -> LOG.log(Level.WARNING, "tcp: rank {0} {1}", context.rank(), line));
        platform = platform();
        TcpInterfaces interfaces = TcpInterfaces.choose(context.configuration().value(TcpOptions.INTERFACE));
        listeners = TcpPorts.of(context.configuration().value(TcpOptions.PORTS)).listen(platform, interfaces.bound());
        byte[] nonce = new byte[TcpAddress.NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        address = new TcpAddress(
                TcpAddress.thisHost(context.configuration().value(CoreOptions.HOST)),
                nonce,
                listeners.getFirst().port(),
                tls != null,
                interfaces.advertised());
        dialer = new TcpDialer(platform, tls, handshake, address, context.rank());
        try {
            poller = platform.poller();
            for (TcpListener each : listeners) {
                listening.add(poller.watch(each, () -> accept(each)));
            }
        } catch (IOException e) {
            listeners.forEach(TcpListener::close);
            throw new TransportException("tcp: cannot watch sockets: " + e.getMessage(), e);
        }
        agent = new TcpProgressAgent(this, poller, "porthole-tcp-" + context.rank());
        runner = new AgentRunner(NoOpIdleStrategy.INSTANCE, TcpTransport::report, null, agent);
        AgentRunner.startOnThread(
                runner,
                task -> Thread.ofPlatform().daemon().name(agent.roleName()).unstarted(task));
    }

    private TcpPlatform platform() {
        TcpIo io = context.configuration().value(TcpOptions.IO);
        Throwable cause = io == TcpIo.NIO ? null : EpollPlatform.unavailability();
        if (io == TcpIo.EPOLL && cause != null) {
            throw new TransportException(
                    "tcp: epoll cannot be used: " + cause.getMessage() + "; " + TcpOptions.IO.key()
                            + "=nio works anywhere",
                    cause);
        }
        return io == TcpIo.NIO || cause != null
                ? new NioPlatform(heartbeatNs)
                : new EpollPlatform(heartbeatNs, context.configuration().value(TcpOptions.CONGESTION));
    }

    private static void report(Throwable t) {
        LOG.log(Level.ERROR, "the progress of the TCP transport failed", t);
    }

    int rank() {
        return context.rank();
    }

    Waiting waiting() {
        return context.waiting();
    }

    TcpHandshake handshake() {
        return handshake;
    }

    byte[] nonce() {
        return address.nonce();
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(true, false, true);
    }

    @Override
    public byte[] address() {
        return address.encode();
    }

    @Override
    public Reach reach(byte[] peerAddress) {
        try {
            TcpAddress peer = TcpAddress.decode(peerAddress);
            if (peer.tls() != address.tls()) {
                return new Reach.Unreachable(
                        peer.tls() ? "it requires TLS, which is off here" : "TLS is off there, and required here",
                        "set " + TcpOptions.TLS.key() + " alike on all ranks");
            }
            return dialer.candidates(peer).isEmpty()
                    ? new Reach.Unreachable(
                            "it listens only where its own host can connect: " + peer.addresses(),
                            "choose another " + TcpOptions.INTERFACE.key() + " there")
                    : new Reach.Reachable(LATENCY_NS, BYTES_PER_SECOND);
        } catch (TransportException e) {
            return new Reach.Unreachable(e.getMessage(), "run the same version of Porthole on all ranks");
        }
    }

    @Override
    public Endpoint connect(int peer, byte[] peerAddress) {
        TcpAddress there = TcpAddress.decode(peerAddress);
        peers.put(peer, there);
        return new TcpEndpoint(this, peer, there);
    }

    /// Connects to a rank: to the first of its addresses where it is found.
    ///
    /// @throws TransportException if it is found at none
    TcpOrigin open(TcpEndpoint endpoint, TcpAddress peer) {
        List<String> refusals = new ArrayList<>();
        for (InetAddress each : dialer.candidates(peer)) {
            InetSocketAddress at = new InetSocketAddress(each, peer.port());
            try {
                return adopt(endpoint, dialer.connect(at, peer, 1, connectNs).socket());
            } catch (IOException e) {
                refusals.add(at + ": " + e.getMessage());
            }
        }
        throw new TransportException(
                "tcp: rank " + endpoint.peer() + " cannot be reached: " + String.join("; ", refusals));
    }

    /// Looks for a peer again, and goes on with the connection to it.
    ///
    /// @param origin the connection; null if it is only to be seen whether the peer is there
    /// @param leftNs how long at most
    /// @throws java.net.ConnectException if it is nowhere: it has ended
    /// @throws TcpProtocolException      if what is there is not the peer, or will not go on
    void reach(int peer, TcpOrigin origin, long leftNs) throws IOException {
        TcpAddress there = peers.get(peer);
        if (there == null) {
            throw new IOException("this rank has no way to it");
        }
        IOException failure = null;
        for (InetAddress each : dialer.candidates(there)) {
            InetSocketAddress at = new InetSocketAddress(each, there.port());
            try {
                Met met = dialer.connect(
                        at, there, origin == null ? 0 : origin.firstAwaited(), Math.min(leftNs, connectNs));
                if (origin == null) {
                    met.socket().close();
                } else {
                    goOn(origin, met.socket(), met.first());
                }
                return;
            } catch (IOException e) {
                if (failure == null || failure instanceof ConnectException) {
                    failure = e;
                }
            }
        }
        throw failure == null ? new IOException("it has no address that this rank can reach") : failure;
    }

    /// @param first the request to go on with
    private void goOn(TcpConnection connection, TcpSocket socket, long first) throws IOException {
        while (!connection.seize()) {
            Thread.onSpinWait();
        }
        try {
            synchronized (this) {
                if (closed || (connection instanceof TcpOrigin && !endpoints.containsKey(connection))) {
                    socket.close();
                    return;
                }
                connection.cut();
                remove(connection);
                switch (connection) {
                    case TcpOrigin origin -> origin.repeatFrom(first);
                    case TcpTarget target -> target.repeatFrom(first);
                    default -> throw new IllegalStateException("a connection of a third kind");
                }
                connection.goOn(socket);
                // Before anybody can find it cut again.
                TcpRecovery recovery = recoveries.get(connection.peer);
                if (recovery != null) {
                    recovery.remove(connection);
                }
            }
        } finally {
            connection.release();
        }
        LOG.log(
                Level.INFO,
                "tcp: rank {0} goes on with a connection {1} rank {2} that was cut",
                rank(),
                connection instanceof TcpOrigin ? "to" : "from",
                connection.peer);
        connection.drive(true);
    }

    void recovered(TcpRecovery recovery, int peer) {
        recoveries.remove(peer, recovery);
    }

    private TcpOrigin adopt(TcpEndpoint endpoint, TcpSocket socket) throws IOException {
        TcpOrigin origin;
        synchronized (this) {
            if (closed) {
                throw new IOException("this transport has been closed");
            }
            origin = new TcpOrigin(
                    this,
                    socket,
                    endpoint.peer(),
                    buffers.allocate(TcpConnection.STAGED, Long.BYTES),
                    buffers.allocate(TcpOrigin.RING, Long.BYTES));
            endpoints.put(origin, endpoint);
            add(origin);
        }
        return origin;
    }

    // By the agent.

    private void accept(TcpListener listener) {
        try {
            for (TcpSocket socket = listener.accept(); socket != null; socket = listener.accept()) {
                if (arrivals.size() >= MOST_ARRIVALS + context.size()) {
                    // A member needs a moment only; so who has taken longest is no member, or will have to try again.
                    arrivals.stream()
                            .min(Comparator.comparingLong(TcpArrival::begunNs))
                            .ifPresent(oldest -> oldest.refuse("gave way to others: too many connections at once"));
                }
                begin(socket);
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "tcp: a connection could not be accepted: {0}", e.getMessage());
        }
    }

    private void begin(TcpSocket wire) {
        TcpSocket socket = wire;
        try {
            socket = dialer.secured(wire, false);
            TcpArrival arrival = new TcpArrival(this, socket);
            arrival.watchedBy(poller.watch(wire, arrival::drive));
            arrivals.add(arrival);
        } catch (IOException e) {
            tellRefused(wire.peer(), "did not get to the end of the handshake: " + e.getMessage());
            socket.close();
        }
    }

    void refused(TcpArrival arrival, String who, String why) {
        arrivals.remove(arrival);
        tellRefused(who, why);
    }

    private void tellRefused(String who, String why) {
        refusals.tell(System.nanoTime(), "refused " + who + ", which " + why);
    }

    /// With which request a peer may begin that wants the answer to one: 0 if it wants nothing; negative if it wants to go on with what there is not.
    long beginning(int peer, long wanted) {
        TcpTarget before = targets.get(peer);
        if (wanted <= 0 || before == null) {
            return wanted == 0 || wanted == 1 ? wanted : -1;
        }
        return before.beginning(wanted);
    }

    /// @param first the first request that is to come; 0 if none will
    void admit(TcpArrival arrival, TcpSocket socket, int peer, long first) {
        arrivals.remove(arrival);
        if (first == 0) {
            socket.close();
            return;
        }
        try {
            TcpTarget before = targets.get(peer);
            if (before != null) {
                goOn(before, socket, first);
                return;
            }
            synchronized (this) {
                if (closed) {
                    socket.close();
                    return;
                }
                TcpTarget target = new TcpTarget(
                        this,
                        socket,
                        peer,
                        buffers.allocate(TcpConnection.STAGED, Long.BYTES),
                        buffers.allocate(TcpTarget.OUT, Long.BYTES));
                targets.put(peer, target);
                add(target);
            }
        } catch (IOException e) {
            socket.close();
            LOG.log(Level.WARNING, "tcp: a connection cannot be watched: {0}", e.getMessage());
        }
    }

    long arrived() {
        return arrived;
    }

    /// A connection has received something.
    void noteArrival() {
        arrived++;
    }

    /// How long the agent may sleep.
    long untilCheckNs() {
        return suspicions.isEmpty() && arrivals.isEmpty() ? Math.min(heartbeatNs, TimeUnit.HOURS.toNanos(1)) : OFTEN_NS;
    }

    /// Looks after what takes time: strangers that do not speak, hosts that do not answer, ranks that seem to be gone.
    void check() {
        long now = System.nanoTime();
        refusals.check(now);
        arrivals.forEach(each -> {
            if (each.isLate(now, HANDSHAKE_NS)) {
                each.refuse("did not prove to be a member in time");
            }
        });
        suspicions.forEach((peer, suspicion) -> {
            if (now - suspicion.sinceNs > SUSPICION_NS && suspicions.remove(peer, suspicion)) {
                context.failures().peerGone(peer, suspicion.cause);
            }
        });
        if (now - checkedNs > heartbeatNs) {
            checkedNs = now;
            for (TcpConnection each : connections) {
                each.checkSilence(TimeUnit.NANOSECONDS.toMillis(PROBES * heartbeatNs));
            }
        }
    }

    // By any thread.

    synchronized void add(TcpConnection connection) throws IOException {
        connection.watchedBy(poller.watch(connection.socket.wire(), () -> {
            // An agent that lost its core in the middle would keep those who wait from driving.
            if (!isDriven()) {
                connection.drive(true);
            }
        }));
        TcpConnection[] more = Arrays.copyOf(connections, connections.length + 1);
        more[more.length - 1] = connection;
        connections = more;
    }

    private synchronized void remove(TcpConnection connection) {
        connections = Arrays.stream(connections)
                .filter(each -> !each.equals(connection))
                .toArray(TcpConnection[]::new);
    }

    /// A connection has ended without being closed here. It may be gone on with.
    void lost(TcpConnection connection, String cause, boolean forGood) {
        remove(connection);
        if (forGood || reconnectNs == 0 || closed || !recover(connection, cause)) {
            gone(connection, cause);
        }
    }

    private boolean recover(TcpConnection connection, String cause) {
        synchronized (recoveries) {
            TcpRecovery recovery = recoveries.get(connection.peer);
            if (recovery != null && recovery.add(connection, cause)) {
                return true;
            }
            if (closed) {
                return false;
            }
            LOG.log(Level.INFO, "tcp: rank {0} looks for rank {1} again: {2}", rank(), connection.peer, cause);
            TcpRecovery another = new TcpRecovery(this, connection.peer, reconnectNs);
            recoveries.put(connection.peer, another);
            boolean added = another.add(connection, cause);
            another.start();
            return added;
        }
    }

    /// A connection has ended, and will not be gone on with.
    void gone(TcpConnection connection, String cause) {
        int peer = connection.peer;
        targets.remove(peer, connection);
        if (connection instanceof TcpOrigin origin) {
            TcpEndpoint endpoint = endpoints.remove(origin);
            if (endpoint != null) {
                endpoint.fail(cause);
            }
        }
        if (closed) {
            return;
        }
        if (cause.contains("protocol")) {
            LOG.log(Level.WARNING, "tcp: rank {0} has cut the connection of rank {1}: {2}", rank(), peer, cause);
        }
        Suspicion suspicion = suspicions.get(peer);
        if (connection instanceof TcpTarget target) {
            if (!target.isBye() || suspicion != null) {
                suspicions.remove(peer);
                context.failures().peerGone(peer, suspicion == null ? cause : suspicion.cause);
            }
        } else if (hasTargetFor(peer)) {
            // What it sent before it went is still to be received.
            suspicions.putIfAbsent(peer, new Suspicion(System.nanoTime(), cause));
            poller.wakeup();
        } else {
            context.failures().peerGone(peer, cause);
        }
    }

    private boolean hasTargetFor(int peer) {
        return Arrays.stream(connections).anyMatch(each -> each instanceof TcpTarget && each.peer == peer);
    }

    /// An endpoint has closed.
    void closed(TcpEndpoint endpoint, TcpOrigin origin) {
        endpoints.remove(origin, endpoint);
        remove(origin);
        TcpRecovery recovery = recoveries.get(endpoint.peer());
        if (recovery != null) {
            recovery.remove(origin);
        }
    }

    @Override
    public void enter() {
        DRIVERS.getAndAdd(this, 1);
    }

    @Override
    public boolean poll() {
        long before = arrived;
        if (isPolled()) {
            driveAll();
        }
        return arrived != before;
    }

    /// Lets every connection send and receive what it can. Those from which nothing is to come are looked at now and then, for each look is a system
    /// call.
    void driveAll() {
        boolean all = (++looks & (LOOKS - 1)) == 0;
        for (TcpConnection each : connections) {
            if (all || each.isExpecting()) {
                each.drive(true);
            }
        }
    }

    @Override
    public void leave(boolean sleeps) {
        if ((int) DRIVERS.getAndAdd(this, -1) == 1) {
            leftNs = System.nanoTime();
            handedOver = sleeps || agent.isNeeded();
            if (handedOver) {
                agent.takeOver();
            }
        }
    }

    /// Whether there are so few connections that looking at each costs less than asking the system which is ready.
    boolean isPolled() {
        return connections.length <= MOST_POLLED;
    }

    /// Whether threads that wait drive all connections, or did until now and may be back.
    boolean isDriven() {
        return isPolled() && (drivers > 0 || (!handedOver && !isLeft()));
    }

    /// Whether threads that wait have been away for longer than those that are soon back.
    boolean isLeft() {
        return drivers == 0 && System.nanoTime() - leftNs > BACK_NS;
    }

    @Override
    public Memory allocate(long byteSize, String label) {
        return new ProcessMemory(byteSize, label);
    }

    @Override
    public synchronized Registration register(Memory memory, TargetAtomics atomics, Permit permit) {
        if (closed) {
            throw new TransportException("tcp: this transport has been closed");
        }
        return registrations.register(memory, atomics, permit);
    }

    TcpRegistrations registrations() {
        return registrations;
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        endRecoveries();
        agent.wakeToClose();
        runner.close();
        registrations.close();
    }

    private void endRecoveries() {
        List<TcpRecovery> all;
        synchronized (recoveries) {
            all = List.copyOf(recoveries.values());
        }
        all.forEach(TcpRecovery::close);
        try {
            for (TcpRecovery each : all) {
                each.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// By the agent, at its end.
    void end() {
        for (TcpConnection each : connections) {
            each.close();
        }
        arrivals.forEach(TcpArrival::close);
        for (int i = 0; i < listening.size(); i++) {
            listening.get(i).end(listeners.get(i)::close);
        }
        buffers.close();
    }
}
