package org.porthole.internal.bootstrap;

import org.porthole.ConfigurationException;
import org.porthole.config.Configuration;
import org.porthole.config.CoreOptions;
import org.porthole.config.RendezvousHost;

/// Chooses how this process finds its peers.
public final class Bootstraps {
    private Bootstraps() {}

    /// The way that the settings ask for: a rendezvous if rank and size are given, else a world of one.
    ///
    /// @param configuration the settings
    /// @return the bootstrap, to be closed
    /// @throws ConfigurationException if the settings do not fit together
    public static Bootstrap choose(Configuration configuration) {
        int rank = configuration.value(CoreOptions.RANK);
        int size = configuration.value(CoreOptions.SIZE);
        String address = configuration.value(CoreOptions.RENDEZVOUS);
        if (rank < 0 && size < 0) {
            return new SingletonBootstrap();
        }
        if (rank < 0 || size < 0) {
            throw new ConfigurationException(CoreOptions.RANK.key() + " and " + CoreOptions.SIZE.key()
                    + " go together; only " + (rank < 0 ? CoreOptions.SIZE.key() : CoreOptions.RANK.key()) + " is set");
        }
        if (rank >= size) {
            throw new ConfigurationException(
                    CoreOptions.RANK.key() + "=" + rank + " is not below " + CoreOptions.SIZE.key() + "=" + size);
        }
        if (size == 1) {
            return new SingletonBootstrap();
        }
        if (address.isEmpty()) {
            throw new ConfigurationException("a job of " + size + " ranks needs " + CoreOptions.RENDEZVOUS.key()
                    + "=host:port, or PORTHOLE_JOB_RENDEZVOUS");
        }
        byte[] secret = RendezvousWire.secret(configuration.value(CoreOptions.SECRET));
        long deadlineNs = configuration.value(CoreOptions.JOIN_DEADLINE);
        RendezvousServer server = rank == 0 && configuration.value(CoreOptions.RENDEZVOUS_HOST) == RendezvousHost.RANK0
                ? RendezvousServer.at(RendezvousWire.address(address), size, secret)
                : null;
        return new RendezvousBootstrap(rank, size, RendezvousWire.address(address), secret, deadlineNs, server);
    }
}
