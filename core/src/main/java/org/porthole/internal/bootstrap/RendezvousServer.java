package org.porthole.internal.bootstrap;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.StringJoiner;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.porthole.JoinException;
import org.porthole.Rendezvous;
import org.porthole.config.CoreOptions;
import org.porthole.config.RendezvousHost;
import org.porthole.internal.bootstrap.RendezvousWire.Purpose;

/// Serves the rendezvous: takes what each rank brings and gives everybody everything, round by round. A stranger, who cannot prove the secret,
/// costs one thread for at most [#STRANGER_MS] and reaches nothing.
///
/// **Threads.** Any; each connection is served by a platform thread. (Virtual ones leave a poller in the kernel for good, for which the JVM waits
/// 0.3 s when it exits.)
public final class RendezvousServer implements Rendezvous {
    private static final System.Logger LOG = System.getLogger(RendezvousServer.class.getName());
    private static final int STRANGER_MS = 5_000;
    private static final int LINGER_S = 2;
    private static final int STACK = 256 * 1024;
    private static final int SECRET_BYTES = 16;

    private final ServerSocket listener;
    private final int size;
    private final byte[] secret;
    private final Thread acceptor;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final Set<Socket> watchers = new HashSet<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final boolean[] joined;
    private final boolean[] ended;
    private byte[][] collecting;
    private byte[][] finished;
    private int collected;
    private int rounds;
    private int members;
    private String failure;
    private boolean closing;

    private RendezvousServer(ServerSocket listener, int size, byte[] secret) {
        this.listener = listener;
        this.size = size;
        this.secret = secret;
        joined = new boolean[size];
        ended = new boolean[size];
        collecting = new byte[size][];
        acceptor = Thread.ofPlatform().daemon().name("porthole-rendezvous").start(this::accept);
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
        byte[] secret = RendezvousWire.secret(HexFormat.of().formatHex(RendezvousWire.challenge(), 0, SECRET_BYTES));
        return at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), size, secret);
    }

    static RendezvousServer at(InetSocketAddress address, int size, byte[] secret) {
        ServerSocket listener = null;
        try {
            listener = new ServerSocket();
            listener.setReuseAddress(true);
            listener.bind(address, 2 * size);
            return new RendezvousServer(listener, size, secret);
        } catch (IOException e) {
            closeQuietly(listener);
            throw new JoinException(
                    "cannot listen at the rendezvous address " + RendezvousWire.text(address) + ": " + e.getMessage()
                            + "; choose a free port of this host with " + CoreOptions.RENDEZVOUS.key(),
                    e);
        }
    }

    @Override
    public Map<String, String> environment(int rank) {
        if (rank < 0 || rank >= size) {
            throw new IndexOutOfBoundsException("there is no rank " + rank + " in a job of " + size);
        }
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put(CoreOptions.RANK.environmentName(), Integer.toString(rank));
        environment.put(CoreOptions.SIZE.environmentName(), Integer.toString(size));
        InetSocketAddress at = (InetSocketAddress) listener.getLocalSocketAddress();
        environment.put(
                CoreOptions.RENDEZVOUS.environmentName(), at.getAddress().getHostAddress() + ":" + at.getPort());
        environment.put(
                CoreOptions.RENDEZVOUS_HOST.environmentName(),
                RendezvousHost.LAUNCHER.name().toLowerCase(java.util.Locale.ROOT));
        environment.put(
                CoreOptions.SECRET.environmentName(), new String(secret, java.nio.charset.StandardCharsets.UTF_8));
        environment.put(
                CoreOptions.LAUNCHER.environmentName(),
                Long.toString(ProcessHandle.current().pid()));
        return environment;
    }

    @Override
    public int joined() {
        lock.lock();
        try {
            int count = 0;
            for (boolean one : joined) {
                count += one ? 1 : 0;
            }
            return count;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void ended(int rank, int exitCode) {
        lock.lock();
        try {
            if (!joined[Objects.checkIndex(rank, size)]) {
                fail("rank " + rank + " ended with exit code " + exitCode + " before it joined");
            }
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                connections.add(socket);
                Thread.ofPlatform()
                        .daemon()
                        .name("porthole-rendezvous-peer")
                        .stackSize(STACK)
                        .start(() -> serve(socket));
            } catch (IOException e) {
                // Closed, or one connection that broke off: the others still come.
                LOG.log(Level.DEBUG, "the rendezvous accepted nothing", e);
            }
        }
    }

    private void serve(Socket socket) {
        try (socket;
                DataInputStream in = new DataInputStream(socket.getInputStream());
                DataOutputStream out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()))) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(STRANGER_MS);
            Greeting greeting = greet(in, out);
            socket.setSoTimeout(0);
            String refusal = refusal(greeting);
            if (!refusal.isEmpty()) {
                refuse(out, refusal);
            } else if (greeting.purpose == Purpose.WATCH) {
                serveWatcher(greeting, socket, in, out);
            } else {
                serveMember(greeting, in, out);
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "somebody has left the rendezvous: {0}", e.toString());
        } finally {
            connections.remove(socket);
        }
    }

    /// What a client says of itself.
    private final class Greeting {
        final Purpose purpose;
        final int rank;
        final int theirSize;
        final byte[] theirChallenge;
        final boolean knowsSecret;

        Greeting(DataInputStream in, byte[] challenge) throws IOException {
            purpose = Purpose.of(in.readInt());
            rank = in.readInt();
            theirSize = in.readInt();
            theirChallenge = in.readNBytes(RendezvousWire.CHALLENGE_BYTES);
            byte[] proof = in.readNBytes(RendezvousWire.PROOF_BYTES);
            byte[] expected = RendezvousWire.proof(secret, purpose.letter, challenge, rank, theirSize);
            knowsSecret = MessageDigest.isEqual(proof, expected);
        }
    }

    private Greeting greet(DataInputStream in, DataOutputStream out) throws IOException {
        byte[] challenge = RendezvousWire.challenge();
        out.writeInt(RendezvousWire.MAGIC);
        out.write(challenge);
        out.flush();
        return new Greeting(in, challenge);
    }

    /// Why a client cannot be let in, which all ranks are told unless it is a stranger; empty if it can, and has been.
    private String refusal(Greeting greeting) {
        int rank = greeting.rank;
        String refusal;
        if (!greeting.knowsSecret) {
            return "the secret is not this job's (" + CoreOptions.SECRET.environmentName() + ")";
        } else if (greeting.theirSize != size) {
            refusal = "rank " + rank + " says that the job has " + greeting.theirSize
                    + " ranks, the rendezvous was opened for " + size;
        } else if (rank < 0 || rank >= size) {
            refusal = "there is no rank " + rank + " in a job of " + size;
        } else if (greeting.purpose == Purpose.JOIN && !join(rank)) {
            refusal = "two processes say that they are rank " + rank;
        } else {
            return "";
        }
        fail(refusal);
        return refusal;
    }

    private static void refuse(DataOutputStream out, String reason) throws IOException {
        out.writeByte(RendezvousWire.REFUSED);
        out.writeUTF(reason);
        out.flush();
    }

    private void welcome(Greeting greeting, DataOutputStream out) throws IOException {
        out.writeByte(RendezvousWire.OK);
        out.write(RendezvousWire.proof(secret, RendezvousWire.SERVER, greeting.theirChallenge, greeting.rank, size));
        out.flush();
    }

    private void serveMember(Greeting greeting, DataInputStream in, DataOutputStream out) throws IOException {
        int rank = greeting.rank;
        try {
            welcome(greeting, out);
            for (; ; ) {
                long deadlineNs = in.readLong();
                long leftNs = in.readLong();
                byte[][] all = exchange(rank, RendezvousWire.readBytes(in), deadlineNs, leftNs);
                if (all == null) {
                    refuse(out, failure);
                    continue;
                }
                out.writeByte(RendezvousWire.OK);
                for (byte[] each : all) {
                    RendezvousWire.writeBytes(out, each);
                }
                out.flush();
            }
        } finally {
            gone(rank);
        }
    }

    /// Keeps the connection until either side ends.
    private void serveWatcher(Greeting greeting, Socket socket, DataInputStream in, DataOutputStream out)
            throws IOException {
        lock.lock();
        try {
            welcome(greeting, out);
            if (closing) {
                sayGoodbye(socket);
            }
            watchers.add(socket);
        } finally {
            lock.unlock();
        }
        try {
            int word = in.read();
            LOG.log(Level.DEBUG, "the watch of rank {0} has ended: {1}", greeting.rank, word);
        } finally {
            lock.lock();
            try {
                watchers.remove(socket);
            } finally {
                lock.unlock();
            }
        }
    }

    private static void sayGoodbye(Socket watcher) {
        try {
            watcher.getOutputStream().write(RendezvousWire.OK);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a watcher has gone: {0}", e.toString());
        }
    }

    private boolean join(int rank) {
        lock.lock();
        try {
            boolean first = !joined[rank];
            joined[rank] = true;
            members += first ? 1 : 0;
            return first;
        } finally {
            lock.unlock();
        }
    }

    /// Adds one rank's part to the round; returns all parts when it is full, or null if it never can be.
    private byte[][] exchange(int rank, byte[] mine, long deadlineNs, long leftNs) {
        lock.lock();
        try {
            if (failure != null) {
                return null;
            }
            int round = rounds;
            collecting[rank] = mine;
            failIfEnded();
            if (++collected == size) {
                finished = collecting;
                collecting = new byte[size][];
                collected = 0;
                rounds++;
                changed.signalAll();
                return finished;
            }
            long left = leftNs;
            while (rounds == round && failure == null) {
                left = await(left);
                if (left <= 0 && rounds == round) {
                    fail("rank" + missing() + " did not join within " + TimeUnit.NANOSECONDS.toSeconds(deadlineNs)
                            + " s (" + CoreOptions.JOIN_DEADLINE.key() + ")");
                }
            }
            return rounds == round ? null : finished;
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // the callers loop
    private long await(long left) {
        try {
            return changed.awaitNanos(left);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private String missing() {
        List<Integer> missing = new ArrayList<>();
        for (int rank = 0; rank < size; rank++) {
            if (collecting[rank] == null) {
                missing.add(rank);
            }
        }
        StringJoiner text = new StringJoiner(", ", missing.size() == 1 ? " " : "s ", "");
        missing.forEach(rank -> text.add(rank.toString()));
        return text.toString();
    }

    private void fail(String reason) {
        lock.lock();
        try {
            if (failure == null) {
                failure = reason;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// A member's connection ended; that is an error if a round is under way or to come, which the others then wait for in vain.
    private void gone(int rank) {
        lock.lock();
        try {
            ended[rank] = true;
            members--;
            failIfEnded();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void failIfEnded() {
        for (int rank = 0; rank < size; rank++) {
            if (ended[rank]
                    && collecting[rank] == null
                    && Arrays.stream(collecting).anyMatch(Objects::nonNull)) {
                fail("rank " + rank + " ended while the others were joining");
            }
        }
    }

    /// Stops listening, lets members that are being answered have their answer, then drops everybody.
    @Override
    public void close() {
        closeQuietly(listener);
        lock.lock();
        try {
            closing = true;
            fail("the rendezvous was closed");
            watchers.forEach(RendezvousServer::sayGoodbye);
            long left = TimeUnit.SECONDS.toNanos(LINGER_S);
            while (members > 0 && left > 0) {
                left = await(left);
            }
        } finally {
            lock.unlock();
        }
        connections.forEach(RendezvousServer::closeQuietly);
        try {
            // The port is free only when nobody sits in accept any more.
            acceptor.join(Duration.ofSeconds(LINGER_S));
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
