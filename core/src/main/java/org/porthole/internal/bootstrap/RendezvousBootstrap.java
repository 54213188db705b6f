package org.porthole.internal.bootstrap;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.porthole.JoinException;
import org.porthole.config.CoreOptions;

/// Finds the peers through a [RendezvousServer], at rank 0 or at the launcher.
final class RendezvousBootstrap implements Bootstrap {
    private static final long RETRY_NS = 20_000_000;

    private final int rank;
    private final int size;
    private final InetSocketAddress address;
    private final byte[] secret;
    private final long deadlineNs;
    private final long begin = System.nanoTime();
    private final RendezvousServer server;
    private Socket socket;
    private DataInputStream in;
    private DataOutputStream out;

    /// Connects at the first exchange.
    ///
    /// @param server this process's own server, closed with this object; null if another process serves
    RendezvousBootstrap(
            int rank, int size, InetSocketAddress address, byte[] secret, long deadlineNs, RendezvousServer server) {
        this.rank = rank;
        this.size = size;
        this.address = address;
        this.secret = secret;
        this.deadlineNs = deadlineNs;
        this.server = server;
    }

    @Override
    public String method() {
        return "rendezvous at " + address;
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public List<byte[]> exchange(byte[] mine) {
        try {
            if (socket == null) {
                connect();
            }
            // A little longer than the server's own deadline, which knows who is missing.
            socket.setSoTimeout(millis(leftNs() + TimeUnit.SECONDS.toNanos(5)));
            RendezvousWire.writeBytes(out, mine);
            out.flush();
            requireOk();
            List<byte[]> all = new ArrayList<>(size);
            for (int peer = 0; peer < size; peer++) {
                all.add(RendezvousWire.readBytes(in));
            }
            return all;
        } catch (SocketTimeoutException e) {
            throw new JoinException(
                    "rank " + rank + ": the other ranks did not come to the rendezvous at " + address + " within "
                            + TimeUnit.NANOSECONDS.toSeconds(deadlineNs) + " s (" + CoreOptions.JOIN_DEADLINE.key()
                            + ")",
                    e);
        } catch (IOException e) {
            throw new JoinException("rank " + rank + ": lost the rendezvous at " + address + ": " + e, e);
        }
    }

    private long leftNs() {
        return deadlineNs == Long.MAX_VALUE ? Long.MAX_VALUE / 2 : deadlineNs - (System.nanoTime() - begin);
    }

    private static int millis(long ns) {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(1, TimeUnit.NANOSECONDS.toMillis(ns)));
    }

    /// Tries until the server is there: ranks start in any order.
    private void connect() throws IOException {
        for (; ; ) {
            Socket attempt = new Socket();
            try {
                attempt.setTcpNoDelay(true);
                attempt.connect(new InetSocketAddress(address.getHostString(), address.getPort()), millis(leftNs()));
                attempt.setSoTimeout(millis(leftNs()));
                socket = attempt;
                in = new DataInputStream(attempt.getInputStream());
                out = new DataOutputStream(new BufferedOutputStream(attempt.getOutputStream()));
                greet();
                return;
            } catch (JoinException e) {
                attempt.close();
                throw e;
            } catch (IOException e) {
                attempt.close();
                if (leftNs() <= RETRY_NS) {
                    throw new JoinException(
                            "rank " + rank + ": nobody answers as this job's rendezvous at " + address + " within "
                                    + TimeUnit.NANOSECONDS.toSeconds(deadlineNs) + " s: " + e,
                            e);
                }
                LockSupport.parkNanos(RETRY_NS);
            }
        }
    }

    private void greet() throws IOException {
        if (in.readInt() != RendezvousWire.MAGIC) {
            throw new JoinException(
                    "rank " + rank + ": what listens at " + address + " is not a rendezvous of this version");
        }
        byte[] theirs = in.readNBytes(RendezvousWire.CHALLENGE_BYTES);
        byte[] challenge = RendezvousWire.challenge();
        out.writeInt(RendezvousWire.MAGIC);
        out.writeInt(rank);
        out.writeInt(size);
        out.write(challenge);
        out.write(RendezvousWire.proof(secret, RendezvousWire.CLIENT, theirs, rank, size));
        out.flush();
        requireOk();
        byte[] proof = in.readNBytes(RendezvousWire.PROOF_BYTES);
        if (!MessageDigest.isEqual(proof, RendezvousWire.proof(secret, RendezvousWire.SERVER, challenge, rank, size))) {
            throw new JoinException(
                    "rank " + rank + ": the rendezvous at " + address + " does not know the job's secret");
        }
    }

    private void requireOk() throws IOException {
        if (in.readByte() != RendezvousWire.OK) {
            throw new JoinException("cannot join the job at " + address + ": " + in.readUTF());
        }
    }

    @Override
    public void awaitAllLeft() {}

    @Override
    public void close() {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            throw new JoinException("cannot close the connection to the rendezvous at " + address, e);
        } finally {
            if (server != null) {
                server.close();
            }
        }
    }
}
