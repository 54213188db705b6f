package org.porthole.internal.bootstrap;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.SequencedSet;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.porthole.JoinException;
import org.porthole.Rendezvous;
import org.porthole.config.CoreOptions;
import org.porthole.config.RendezvousHost;
import org.porthole.internal.bootstrap.RendezvousPeer.Greeting;
import org.porthole.internal.bootstrap.RendezvousWire.Purpose;

/// Serves the rendezvous: takes what each rank brings and gives everybody everything, round by round; afterwards it tells all ranks if one ends
/// the job. A stranger, who cannot prove the secret, costs a connection for at most [#STRANGER_NS] and reaches nothing.
///
/// **Threads.** Any; it serves all connections on one thread of its own.
public final class RendezvousServer implements Rendezvous {
    private static final System.Logger LOG = System.getLogger(RendezvousServer.class.getName());
    /// So many at a time, and two for each rank: more drive out the oldest.
    private static final int MOST_STRANGERS = 64;

    private static final long STRANGER_NS = TimeUnit.SECONDS.toNanos(5);
    private static final Duration LINGER = Duration.ofSeconds(2);

    private final ServerSocketChannel listener;
    private final InetSocketAddress address;
    private final Selector selector;
    private final int size;
    private final byte[] secret;
    private final Thread thread;
    private final RendezvousRounds rounds;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final boolean isLaunchers;
    private final Set<RendezvousPeer> peers = new HashSet<>();
    /// Those of them that have not proved to be members, in the order in which they came.
    private final SequencedSet<RendezvousPeer> strangers = new LinkedHashSet<>();
    private final RendezvousPeer[] members;
    private volatile int entered;
    private long closingUntil = Long.MAX_VALUE;
    private boolean closing;

    private RendezvousServer(
            ServerSocketChannel listener, Selector selector, int size, byte[] secret, boolean isLaunchers)
            throws IOException {
        this.listener = listener;
        this.selector = selector;
        this.size = size;
        this.secret = secret;
        this.isLaunchers = isLaunchers;
        address = (InetSocketAddress) listener.getLocalAddress();
        rounds = new RendezvousRounds(size);
        members = new RendezvousPeer[size];
        thread = Thread.ofPlatform().daemon().name("porthole-rendezvous").unstarted(this::run);
    }

    /// A rendezvous on a free port of the loopback interface.
    ///
    /// @param size how many ranks
    /// @return the server
    public static RendezvousServer onLoopback(int size) {
        if (size < 1 || size > CoreOptions.MAX_RANKS) {
            throw new IllegalArgumentException(
                    "a job of " + size + " ranks; 1 to " + CoreOptions.MAX_RANKS + " are possible");
        }
        byte[] secret = RendezvousWire.secret(JobSecret.fresh());
        return at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), size, secret, true);
    }

    /// Rank 0's own.
    static RendezvousServer at(InetSocketAddress address, int size, byte[] secret) {
        return at(address, size, secret, false);
    }

    private static RendezvousServer at(InetSocketAddress address, int size, byte[] secret, boolean isLaunchers) {
        ServerSocketChannel listener = null;
        Selector selector = null;
        try {
            listener = ServerSocketChannel.open();
            // Connections of an earlier job that are being forgotten do not count; another listener does.
            listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            listener.bind(address, 2 * size);
            listener.configureBlocking(false);
            selector = Selector.open();
            listener.register(selector, SelectionKey.OP_ACCEPT);
            RendezvousServer server = new RendezvousServer(listener, selector, size, secret, isLaunchers);
            server.thread.start();
            return server;
        } catch (IOException e) {
            closeQuietly(listener);
            closeQuietly(selector);
            throw new JoinException(
                    "cannot listen at the rendezvous address " + RendezvousWire.text(address) + ": " + e.getMessage()
                            + "; choose a free port of this host with " + CoreOptions.RENDEZVOUS.key(),
                    e);
        }
    }

    /// Where it listens.
    int port() {
        return address.getPort();
    }

    /// Where this process itself reaches it.
    InetSocketAddress loopbackAddress() {
        InetAddress bound = address.getAddress();
        return new InetSocketAddress(bound.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : bound, port());
    }

    @Override
    public Map<String, String> environment(int rank) {
        if (rank < 0 || rank >= size) {
            throw new IndexOutOfBoundsException("there is no rank " + rank + " in a job of " + size);
        }
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put(CoreOptions.RANK.environmentName(), Integer.toString(rank));
        environment.put(CoreOptions.SIZE.environmentName(), Integer.toString(size));
        environment.put(
                CoreOptions.RENDEZVOUS.environmentName(),
                address.getAddress().getHostAddress() + ":" + address.getPort());
        environment.put(
                CoreOptions.RENDEZVOUS_HOST.environmentName(),
                RendezvousHost.LAUNCHER.name().toLowerCase(Locale.ROOT));
        environment.put(CoreOptions.SECRET.environmentName(), new String(secret, StandardCharsets.UTF_8));
        environment.put(
                CoreOptions.LAUNCHER.environmentName(),
                Long.toString(ProcessHandle.current().pid()));
        return environment;
    }

    @Override
    public int joined() {
        return entered;
    }

    @Override
    public void ended(int rank, int exitCode) {
        Objects.checkIndex(rank, size);
        tasks.add(() -> {
            if (!rounds.hasEntered(rank)) {
                rounds.fail("rank " + rank + " ended with exit code " + exitCode + " before it joined");
            }
        });
        selector.wakeup();
    }

    private void run() {
        try (selector;
                listener) {
            while (!isDone()) {
                selector.select(this::serve, millisToNextDeadline());
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
                keepDeadlines(System.nanoTime());
                tellFailure();
            }
        } catch (IOException e) {
            LOG.log(Level.ERROR, "the rendezvous has broken down", e);
        } finally {
            List.copyOf(peers).forEach(this::drop);
        }
    }

    private boolean isDone() {
        return closing
                && (System.nanoTime() - closingUntil >= 0 || peers.stream().allMatch(this::needsNoMore));
    }

    private boolean needsNoMore(RendezvousPeer peer) {
        return peer.isStranger() || (peer.isIdle() && (peer.isWatcher() || rounds.isComplete()));
    }

    private void serve(SelectionKey key) {
        if (key.attachment() instanceof RendezvousPeer peer) {
            serve(key, peer);
        } else {
            accept();
        }
    }

    private void serve(SelectionKey key, RendezvousPeer peer) {
        try {
            if (key.isValid() && key.isWritable()) {
                peer.write();
            }
            if (key.isValid() && key.isReadable()) {
                peer.read();
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "somebody has left the rendezvous: {0}", e.toString());
            drop(peer);
        }
    }

    private void accept() {
        try {
            for (SocketChannel each = listener.accept(); each != null; each = listener.accept()) {
                welcome(each);
            }
        } catch (IOException e) {
            // One connection that broke off, or no more files: the others still come.
            LOG.log(Level.DEBUG, "the rendezvous accepted nothing", e);
        }
    }

    private void welcome(SocketChannel channel) throws IOException {
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            RendezvousPeer peer = new RendezvousPeer(channel, key, adapter, System.nanoTime());
            key.attach(peer);
            peers.add(peer);
            strangers.add(peer);
            if (strangers.size() > 2 * size + MOST_STRANGERS) {
                drop(strangers.getFirst());
            }
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private void drop(RendezvousPeer peer) {
        peer.close();
        peers.remove(peer);
        strangers.remove(peer);
        if (peer.isMember() && members[peer.rank()] == peer) {
            members[peer.rank()] = null;
            rounds.leave(peer.rank());
        }
    }

    /// What arrives.
    private final RendezvousPeer.Listener adapter = new RendezvousPeer.Listener() {
        @Override
        public void greeted(RendezvousPeer peer, Greeting greeting) throws IOException {
            onGreeting(peer, greeting);
        }

        @Override
        public void brought(RendezvousPeer peer, byte[] part, long deadlineNs, long leftNs) throws IOException {
            onPart(peer, part, deadlineNs, leftNs);
        }

        @Override
        public void joined(RendezvousPeer peer) throws IOException {
            rounds.stay(peer.rank());
            if (rounds.isComplete()) {
                onComplete();
            }
        }

        @Override
        public void aborts(RendezvousPeer peer, int exitCode) throws IOException {
            onAbort(peer, exitCode);
        }
    };

    private void onGreeting(RendezvousPeer peer, Greeting greeting) throws IOException {
        byte[] expected = RendezvousWire.proof(
                secret, greeting.purpose().letter, peer.challenge(), greeting.rank(), greeting.size());
        if (!MessageDigest.isEqual(greeting.proof(), expected)) {
            peer.sendLast(ByteBuffer.wrap(new byte[] {RendezvousWire.STRANGER}));
            return;
        }
        byte[] proof = RendezvousWire.proof(
                secret, RendezvousWire.SERVER, greeting.challenge(), greeting.rank(), greeting.size());
        if (greeting.purpose() == Purpose.JOIN) {
            String refusal = rounds.enter(greeting.rank(), greeting.size(), greeting.instance());
            if (!refusal.isEmpty()) {
                peer.sendLast(RendezvousWire.refusal(proof, refusal));
                return;
            }
            RendezvousPeer before = members[greeting.rank()];
            members[greeting.rank()] = peer;
            if (before != null) {
                // The same process, which gave up the connection that it had.
                drop(before);
            }
            entered = rounds.entered();
        }
        strangers.remove(peer);
        peer.admit(greeting.purpose(), greeting.rank());
        peer.send(ByteBuffer.allocate(1 + proof.length)
                .put(RendezvousWire.OK)
                .put(proof)
                .flip());
        if (closing && peer.isWatcher()) {
            sayGoodbye(peer);
        }
    }

    private void onPart(RendezvousPeer peer, byte[] part, long deadlineNs, long leftNs) throws IOException {
        if (!rounds.failure().isEmpty()) {
            peer.send(RendezvousWire.refusal(new byte[0], rounds.failure()));
            return;
        }
        rounds.bring(peer.rank(), part, deadlineNs, leftNs, System.nanoTime());
        peer.waits(true);
        if (rounds.isFull()) {
            answer(rounds.finish());
        }
    }

    private void answer(ByteBuffer bytes) {
        for (RendezvousPeer each : List.copyOf(peers)) {
            if (each.isWaiting()) {
                each.waits(false);
                sendTo(each, bytes);
            }
        }
    }

    private void sendTo(RendezvousPeer peer, ByteBuffer bytes) {
        try {
            peer.send(bytes);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "somebody has left the rendezvous: {0}", e.toString());
            drop(peer);
        }
    }

    private void tellFailure() {
        if (!rounds.failure().isEmpty()) {
            answer(RendezvousWire.refusal(new byte[0], rounds.failure()));
        }
    }

    /// Nobody is expected any more: the port at which rank 0 listens is free again. A launcher's is asked by those who watch it.
    private void onComplete() {
        if (!isLaunchers) {
            closeQuietly(listener);
        }
    }

    private void onAbort(RendezvousPeer peer, int exitCode) {
        ByteBuffer word = ByteBuffer.allocate(1 + 2 * Integer.BYTES)
                .put(RendezvousWire.ABORTED)
                .putInt(peer.rank())
                .putInt(exitCode)
                .flip();
        List<RendezvousPeer> all = new ArrayList<>(peers);
        all.remove(peer);
        // Whoever ends the job goes when it reads its own word: the others have been told then.
        all.add(peer);
        all.stream().filter(RendezvousPeer::isMember).forEach(each -> sendTo(each, word));
    }

    private void sayGoodbye(RendezvousPeer peer) {
        sendTo(peer, ByteBuffer.wrap(new byte[] {RendezvousWire.OK}));
    }

    private long millisToNextDeadline() {
        long now = System.nanoTime();
        long next = Math.min(rounds.deadlineAt(), closingUntil);
        if (!strangers.isEmpty()) {
            next = Math.min(next, strangers.getFirst().acceptedAt() + STRANGER_NS);
        }
        return next == Long.MAX_VALUE ? 0 : Deadline.millis(next - now + TimeUnit.MILLISECONDS.toNanos(1));
    }

    private void keepDeadlines(long now) {
        while (!strangers.isEmpty() && now - strangers.getFirst().acceptedAt() >= STRANGER_NS) {
            drop(strangers.getFirst());
        }
        if (rounds.deadlineAt() != Long.MAX_VALUE && now - rounds.deadlineAt() >= 0) {
            rounds.expire();
        }
    }

    /// Stops listening, lets members that are being answered have their answer, then drops everybody.
    @Override
    public void close() {
        tasks.add(() -> {
            closing = true;
            closingUntil = System.nanoTime() + LINGER.toNanos();
            closeQuietly(listener);
            rounds.fail("the rendezvous was closed");
            List.copyOf(peers).stream()
                    .filter(each -> each.isWatcher() || (each.isMember() && rounds.isComplete()))
                    .forEach(this::sayGoodbye);
        });
        selector.wakeup();
        try {
            thread.join(LINGER.multipliedBy(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            if (closeable != null) {
                closeable.close();
            }
        } catch (Exception e) {
            LOG.log(Level.DEBUG, "while closing the rendezvous", e);
        }
    }
}
