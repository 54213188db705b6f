package org.porthole.internal.bootstrap;

import java.net.InetSocketAddress;
import java.util.List;
import org.porthole.ConfigurationException;
import org.porthole.config.Configuration;
import org.porthole.config.CoreOptions;
import org.porthole.config.JoinMethod;
import org.porthole.config.RendezvousHost;

/// Whoever sets Porthole's own variables: `porthole run`, a script, ssh.
final class SettingsLauncher implements Launcher {
    @Override
    public JoinMethod method() {
        return JoinMethod.SETTINGS;
    }

    @Override
    public String rankVariable(Surroundings around) {
        return "";
    }

    @Override
    public Finding look(Surroundings around) {
        int rank = around.configuration().value(CoreOptions.RANK);
        int size = around.configuration().value(CoreOptions.SIZE);
        if (rank < 0) {
            return Finding.none(CoreOptions.RANK.key() + " is not set");
        }
        return Finding.of("rank " + rank + (size < 0 ? "" : " of " + size) + ", from " + CoreOptions.RANK.key());
    }

    @Override
    public Bootstrap open(Surroundings around, Deadline deadline) {
        Configuration configuration = around.configuration();
        int rank = configuration.value(CoreOptions.RANK);
        int size = configuration.value(CoreOptions.SIZE);
        String text = configuration.value(CoreOptions.RENDEZVOUS);
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
        if (text.isEmpty()) {
            throw new ConfigurationException("a job of " + size + " ranks needs " + CoreOptions.RENDEZVOUS.key()
                    + "=host:port, or PORTHOLE_JOB_RENDEZVOUS");
        }
        InetSocketAddress address = RendezvousWire.address(text);
        String secret = JobSecret.of(around, text);
        boolean oneHost = address.getAddress() != null && address.getAddress().isLoopbackAddress();
        var seat = new RendezvousBootstrap.Seat(
                rank, size, "rendezvous at " + RendezvousWire.text(address), oneHost, secret);
        if (configuration.value(CoreOptions.RENDEZVOUS_HOST) == RendezvousHost.LAUNCHER) {
            return new RendezvousBootstrap(seat, () -> List.of(RendezvousWire.again(address)), deadline, null);
        }
        return Meeting.at(seat, List.of(address), () -> List.of(RendezvousWire.again(address)), deadline);
    }
}
