package org.porthole.internal.bootstrap;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.porthole.JoinException;
import org.porthole.internal.bootstrap.RendezvousConnection.StrangerException;

/// Finds the peers through a [RendezvousServer], at rank 0 or at the launcher.
final class RendezvousBootstrap implements Bootstrap {
    private static final long RETRY_NS = 20_000_000;
    /// How long one of several places may take to answer.
    private static final int ONE_OF_SEVERAL_MS = 1_000;

    private final byte[] instance = RendezvousWire.challenge();
    private final Seat seat;
    private final Supplier<List<InetSocketAddress>> places;
    private final Deadline deadline;
    private final RendezvousServer server;
    private InetSocketAddress address;
    private RendezvousConnection connection;
    private JobWatch watch;

    /// Who a process is.
    ///
    /// @param rank    its rank
    /// @param size    how many there are
    /// @param method  how it knows, for diagnostics
    /// @param oneHost whether all ranks run on one host
    /// @param secret  the job's
    record Seat(int rank, int size, String method, boolean oneHost, String secret) {
        /// Shows no secret.
        @Override
        public String toString() {
            return "rank " + rank + " of " + size + " by " + method;
        }
    }

    /// Connects at the first exchange.
    ///
    /// @param seat     who this process is
    /// @param places   where to look for the server, best first; asked anew at each attempt
    /// @param deadline when to give up
    /// @param server   this process's own server, closed with this object; null if another process serves
    RendezvousBootstrap(
            Seat seat, Supplier<List<InetSocketAddress>> places, Deadline deadline, RendezvousServer server) {
        this.seat = seat;
        this.places = places;
        this.deadline = deadline;
        this.server = server;
    }

    @Override
    public boolean isOneHost() {
        return seat.oneHost();
    }

    @Override
    public String method() {
        return seat.method();
    }

    @Override
    public int rank() {
        return seat.rank();
    }

    @Override
    public int size() {
        return seat.size();
    }

    @Override
    public String secret() {
        return seat.secret();
    }

    @Override
    public List<byte[]> exchange(byte[] mine) {
        try {
            connect();
            long leftNs = deadline.leftNs();
            // The server ends the wait at the deadline, for it knows who is missing; this is for one that has stopped.
            connection.timeout(Deadline.millis(leftNs + TimeUnit.SECONDS.toNanos(5)));
            connection.out.writeByte(RendezvousWire.PART);
            connection.out.writeLong(deadline.totalNs());
            connection.out.writeLong(leftNs);
            RendezvousWire.writeBytes(connection.out, mine);
            connection.out.flush();
            connection.requireOk();
            List<byte[]> all = new ArrayList<>(seat.size());
            for (int peer = 0; peer < seat.size(); peer++) {
                all.add(RendezvousWire.readBytes(connection.in));
            }
            return all;
        } catch (SocketTimeoutException e) {
            throw new JoinException(
                    "rank " + seat.rank() + ": the other ranks did not come to the rendezvous at "
                            + RendezvousWire.text(address) + " within " + deadline.text(),
                    e);
        } catch (IOException e) {
            throw new JoinException(
                    "rank " + seat.rank() + ": lost the rendezvous at " + RendezvousWire.text(address) + ": " + e, e);
        }
    }

    /// Tries until the server is there: ranks start in any order.
    private void connect() {
        while (connection == null) {
            List<InetSocketAddress> all = places.get();
            Exception failure = null;
            for (InetSocketAddress each : all) {
                try {
                    int mostMs = all.size() == 1 ? Integer.MAX_VALUE : ONE_OF_SEVERAL_MS;
                    connection = RendezvousConnection.open(
                            each,
                            RendezvousWire.Purpose.JOIN,
                            seat.rank(),
                            seat.size(),
                            RendezvousWire.secret(seat.secret()),
                            instance,
                            Math.min(mostMs, deadline.leftMs()),
                            deadline.leftMs());
                    address = each;
                    return;
                } catch (StrangerException e) {
                    if (all.size() == 1) {
                        throw new JoinException(e.getMessage(), e);
                    }
                    // Somebody else may have the same address or port; the job's own server is then at another.
                    failure = e;
                } catch (IOException e) {
                    failure = e;
                }
            }
            if (deadline.leftNs() <= RETRY_NS) {
                throw nobody(all, failure);
            }
            LockSupport.parkNanos(RETRY_NS);
        }
    }

    private JoinException nobody(List<InetSocketAddress> all, Exception failure) {
        List<String> texts = all.stream().map(RendezvousWire::text).toList();
        return new JoinException(
                "rank " + seat.rank() + ": nobody answers as this job's rendezvous at " + String.join(", ", texts)
                        + " within " + deadline.text() + ": " + failure,
                failure);
    }

    @Override
    public void joined(AbortListener listener) {
        watch = JobWatch.start(connection, seat.rank(), listener);
    }

    @Override
    public void abort(int exitCode) {
        if (watch != null) {
            watch.abort(exitCode);
        }
    }

    @Override
    public void awaitAllLeft() {}

    @Override
    public void close() {
        try {
            if (watch != null) {
                watch.close();
            }
            if (connection != null) {
                connection.cut();
            }
        } finally {
            if (server != null) {
                server.close();
            }
        }
    }
}
