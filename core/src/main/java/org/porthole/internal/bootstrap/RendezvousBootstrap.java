package org.porthole.internal.bootstrap;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
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
    private RendezvousConnection connection;

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

    /// Who meets on the loopback device is on this host.
    @Override
    public boolean isOneHost() {
        return address.getAddress() != null && address.getAddress().isLoopbackAddress();
    }

    @Override
    public String method() {
        return "rendezvous at " + RendezvousWire.text(address);
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
            connect();
            long leftNs = leftNs();
            // The server ends the wait at the deadline, for it knows who is missing; this is for one that has stopped.
            connection.timeout(millis(leftNs + TimeUnit.SECONDS.toNanos(5)));
            connection.out.writeLong(deadlineNs);
            connection.out.writeLong(leftNs);
            RendezvousWire.writeBytes(connection.out, mine);
            connection.out.flush();
            connection.requireOk();
            List<byte[]> all = new ArrayList<>(size);
            for (int peer = 0; peer < size; peer++) {
                all.add(RendezvousWire.readBytes(connection.in));
            }
            return all;
        } catch (SocketTimeoutException e) {
            throw new JoinException(
                    "rank " + rank + ": the other ranks did not come to the rendezvous at "
                            + RendezvousWire.text(address) + " within "
                            + TimeUnit.NANOSECONDS.toSeconds(deadlineNs) + " s (" + CoreOptions.JOIN_DEADLINE.key()
                            + ")",
                    e);
        } catch (IOException e) {
            throw new JoinException(
                    "rank " + rank + ": lost the rendezvous at " + RendezvousWire.text(address) + ": " + e, e);
        }
    }

    private long leftNs() {
        return deadlineNs == Long.MAX_VALUE ? Long.MAX_VALUE / 2 : deadlineNs - (System.nanoTime() - begin);
    }

    private static int millis(long ns) {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(1, TimeUnit.NANOSECONDS.toMillis(ns)));
    }

    /// Tries until the server is there: ranks start in any order.
    private void connect() {
        while (connection == null) {
            try {
                connection = RendezvousConnection.open(
                        address, RendezvousWire.Purpose.JOIN, rank, size, secret, millis(leftNs()));
            } catch (IOException e) {
                if (leftNs() <= RETRY_NS) {
                    throw new JoinException(
                            "rank " + rank + ": nobody answers as this job's rendezvous at "
                                    + RendezvousWire.text(address) + " within "
                                    + TimeUnit.NANOSECONDS.toSeconds(deadlineNs) + " s: " + e,
                            e);
                }
                LockSupport.parkNanos(RETRY_NS);
            }
        }
    }

    @Override
    public void awaitAllLeft() {}

    @Override
    public void close() {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (IOException e) {
            throw new JoinException(
                    "cannot close the connection to the rendezvous at " + RendezvousWire.text(address), e);
        } finally {
            if (server != null) {
                server.close();
            }
        }
    }
}
