package org.porthole.transport.rdma;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.Agent;
import org.porthole.TransportException;

/// Agrees with peers on queue pairs, and notices when they end.
///
/// **Threads.** Its own; any for [#watch(RdmaConnection)], [#wakeup()] and [#wakeToClose()].
final class RdmaControlAgent implements Agent {
    private static final System.Logger LOG = System.getLogger(RdmaControlAgent.class.getName());
    private static final long HANDSHAKE_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long OFTEN_MS = 100;
    /// Besides one for each rank of the job.
    private static final int MOST_ARRIVALS = 64;

    private final RdmaTransport transport;
    private final String name;
    private final Selector selector;
    private final ServerSocketChannel listener;
    private final Set<RdmaArrival> arrivals = new HashSet<>();
    private volatile boolean closing;
    private final Queue<RdmaConnection> toWatch = new ConcurrentLinkedQueue<>();

    RdmaControlAgent(RdmaTransport transport, String name) {
        this.transport = transport;
        this.name = name;
        try {
            selector = Selector.open();
            listener = ServerSocketChannel.open();
            listener.bind(new InetSocketAddress(0));
            listener.configureBlocking(false);
            SelectionKey ignored = listener.register(selector, SelectionKey.OP_ACCEPT);
        } catch (IOException e) {
            throw new TransportException("rdma: cannot listen for peers: " + e.getMessage(), e);
        }
    }

    int port() {
        return listener.socket().getLocalPort();
    }

    void watch(RdmaConnection connection) {
        toWatch.add(connection);
        selector.wakeup();
    }

    /// Lets go of sockets that have been closed, and looks after suspicions.
    void wakeup() {
        selector.wakeup();
    }

    /// Ends the sleep for good; the runner must be closed next.
    void wakeToClose() {
        closing = true;
        selector.wakeup();
    }

    @Override
    public int doWork() throws IOException {
        if (closing) {
            return 0;
        }
        int ready = selector.select(arrivals.isEmpty() && !transport.isSuspicious() ? 0 : OFTEN_MS);
        begin();
        Iterator<SelectionKey> keys = selector.selectedKeys().iterator();
        while (keys.hasNext()) {
            SelectionKey key = keys.next();
            keys.remove();
            if (!key.isValid()) {
                continue;
            }
            switch (key.attachment()) {
                case null -> accept();
                case RdmaArrival arrival -> hear(arrival, key);
                case RdmaConnection connection -> connection.hear((SocketChannel) key.channel());
                default -> throw new IllegalStateException("a key of " + key.attachment());
            }
        }
        long now = System.nanoTime();
        arrivals.removeIf(each -> each.isLate(now, HANDSHAKE_NS));
        transport.check(now);
        return ready;
    }

    private void begin() throws IOException {
        for (RdmaConnection each = toWatch.poll(); each != null; each = toWatch.poll()) {
            if (each.isOpen()) {
                SocketChannel socket = each.socket();
                socket.configureBlocking(false);
                SelectionKey ignored = socket.register(selector, SelectionKey.OP_READ, each);
            }
        }
    }

    private void accept() throws IOException {
        for (SocketChannel socket = listener.accept(); socket != null; socket = listener.accept()) {
            if (arrivals.size() >= MOST_ARRIVALS + transport.size()) {
                socket.close();
                continue;
            }
            try {
                socket.configureBlocking(false);
                RdmaArrival arrival = new RdmaArrival(transport, socket);
                SelectionKey ignored = socket.register(selector, SelectionKey.OP_READ, arrival);
                arrivals.add(arrival);
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "rdma: a connection ended at once", e);
                socket.close();
            }
        }
    }

    private void hear(RdmaArrival arrival, SelectionKey key) {
        RdmaConnection admitted = arrival.hear();
        if (arrival.isDecided()) {
            arrivals.remove(arrival);
        }
        if (admitted != null) {
            key.attach(admitted);
        }
    }

    @Override
    public void onClose() {
        arrivals.forEach(RdmaArrival::close);
        try {
            listener.close();
            selector.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "rdma: a listener was not closed", e);
        }
    }

    @Override
    public String roleName() {
        return name;
    }
}
