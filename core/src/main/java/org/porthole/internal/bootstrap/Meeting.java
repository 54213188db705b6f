package org.porthole.internal.bootstrap;

import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Supplier;
import org.porthole.ConfigurationException;
import org.porthole.JoinException;
import org.porthole.config.CoreOptions;
import org.porthole.config.Option;

/// How ranks meet once each knows its own number: at rank 0.
final class Meeting {
    private static final System.Logger LOG = System.getLogger(Meeting.class.getName());

    private Meeting() {}

    /// Does once for practice what the other ranks would wait for: code that runs for the first time takes many times as long as the second time.
    ///
    /// @param isFirst whether this is rank 0, who invites
    static void rehearse(boolean isFirst) {
        try {
            String secret = JobSecret.fresh();
            int port = 1;
            if (isFirst) {
                try (RendezvousServer trial = RendezvousServer.onLoopback(1)) {
                    port = trial.port();
                }
            }
            var _ = Invitation.of(Invitation.here(secret, port, false).word()).places();
        } catch (JoinException e) {
            LOG.log(Level.DEBUG, "meeting was not rehearsed", e); // the true one will say it
        }
    }

    /// Through a process manager: rank 0 publishes where it listens and a fresh secret, the others read that, and all take leave of the manager
    /// before anything else happens. Closes the manager.
    ///
    /// @param manager  knows who is who
    /// @param around   the settings
    /// @param deadline when to give up
    /// @param method   for diagnostics
    /// @return the way to the peers
    static Bootstrap through(LauncherExchange manager, Surroundings around, Deadline deadline, String method) {
        RendezvousServer server = null;
        try (manager) {
            int rank = manager.rank();
            int size = manager.size();
            requireSize(around, rank, size);
            if (size == 1) {
                return new SingletonBootstrap(method);
            }
            boolean oneHost = manager.isOneHost();
            if (rank == 0) {
                String secret = JobSecret.fresh();
                server = RendezvousServer.at(
                        new InetSocketAddress(
                                oneHost ? InetAddress.getLoopbackAddress() : null, Math.max(0, port(around, 0))),
                        size,
                        RendezvousWire.secret(secret));
                manager.publish(Invitation.here(secret, server.port(), oneHost).word());
            }
            manager.fence();
            Invitation invitation = Invitation.of(manager.read(0));
            List<InetSocketAddress> places = rank == 0 ? List.of(server.loopbackAddress()) : invitation.places();
            return new RendezvousBootstrap(
                    new RendezvousBootstrap.Seat(rank, size, method, oneHost, invitation.secret()),
                    () -> places,
                    deadline,
                    server);
        } catch (RuntimeException e) {
            if (server != null) {
                server.close();
            }
            throw e;
        }
    }

    /// At an address that follows from what all ranks know.
    ///
    /// @param seat   who this process is
    /// @param own    where rank 0 may listen, best first: the first that is free is taken
    /// @param places where the others look for it
    static Bootstrap at(
            RendezvousBootstrap.Seat seat,
            List<InetSocketAddress> own,
            Supplier<List<InetSocketAddress>> places,
            Deadline deadline) {
        if (seat.size() == 1) {
            return new SingletonBootstrap(seat.method());
        }
        if (seat.rank() != 0) {
            return new RendezvousBootstrap(seat, places, deadline, null);
        }
        RendezvousServer server = listen(own, seat);
        return new RendezvousBootstrap(seat, () -> List.of(server.loopbackAddress()), deadline, server);
    }

    private static RendezvousServer listen(List<InetSocketAddress> own, RendezvousBootstrap.Seat seat) {
        JoinException failure = null;
        for (InetSocketAddress each : own) {
            try {
                return RendezvousServer.at(each, seat.size(), RendezvousWire.secret(seat.secret()));
            } catch (JoinException e) {
                failure = e;
            }
        }
        throw failure;
    }

    /// The port that the settings ask for, or else `otherwise`.
    static int port(Surroundings around, int otherwise) {
        int port = around.configuration().value(CoreOptions.RENDEZVOUS_PORT);
        return port < 0 ? otherwise : port;
    }

    /// Refuses numbers that cannot be, or are not what the settings say.
    static void requireSize(Surroundings around, int rank, int size) {
        if (size < 1 || size > CoreOptions.MAX_RANKS || rank < 0 || rank >= size) {
            throw new JoinException("the launcher says that this is rank " + rank + " of " + size + "; 1 to "
                    + CoreOptions.MAX_RANKS + " ranks are possible");
        }
        requireSame(around, CoreOptions.SIZE, size);
        requireSame(around, CoreOptions.RANK, rank);
    }

    private static void requireSame(Surroundings around, Option<Integer> option, int said) {
        int set = around.configuration().value(option);
        if (set >= 0 && set != said) {
            throw new ConfigurationException(option.key() + "=" + set + " is set, but the launcher says " + said
                    + ": let the launcher decide, or choose " + CoreOptions.METHOD.key() + "=settings");
        }
    }
}
