package org.porthole.internal.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.porthole.internal.bootstrap.Clients.get;

import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.porthole.ConfigurationException;
import org.porthole.config.Configuration;

/// Which way a process joins, from its environment.
class BootstrapsTest {
    private static Configuration configuration(String rank, String size, String rendezvous) {
        Map<String, String> environment = new TreeMap<>();
        environment.put("PORTHOLE_JOB_RANK", rank);
        environment.put("PORTHOLE_JOB_SIZE", size);
        environment.put("PORTHOLE_JOB_RENDEZVOUS", rendezvous);
        environment.put("PORTHOLE_JOB_SECRET", "hunter2");
        environment.put("PORTHOLE_JOB_DEADLINE", "20s");
        return Configuration.load(Map.of(), environment);
    }

    private static ServerSocket listener() throws Exception {
        ServerSocket listener = new ServerSocket();
        listener.setReuseAddress(true);
        listener.bind(Clients.anyPort());
        return listener;
    }

    private static String text(ServerSocket listener) {
        InetSocketAddress at = (InetSocketAddress) listener.getLocalSocketAddress();
        return at.getAddress().getHostAddress() + ":" + at.getPort();
    }

    @ParameterizedTest
    @CsvSource({"'', ''", "0, 1"})
    void shouldBeAWorldOfOne(String rank, String size) {
        try (Bootstrap bootstrap = Bootstraps.choose(configuration(rank, size, ""))) {
            assertThat(bootstrap).isInstanceOf(SingletonBootstrap.class);
            assertThat(bootstrap.rank()).isZero();
            assertThat(bootstrap.size()).isOne();
            assertThat(bootstrap.exchange(new byte[] {7})).containsExactly(new byte[] {7});
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, '', '', only porthole.job.rank is set",
        "'', 2, '', only porthole.job.size is set",
        "2, 2, 'localhost:1', porthole.job.rank=2 is not below porthole.job.size=2",
        "1, 1, '', porthole.job.rank=1 is not below porthole.job.size=1",
        "0, 2, '', PORTHOLE_JOB_RENDEZVOUS",
        "1, 2, '', PORTHOLE_JOB_RENDEZVOUS",
        "0, 2, 'localhost', host:port",
        "1, 2, 'localhost', host:port",
    })
    void shouldRefuseSettingsThatDoNotFit(String rank, String size, String rendezvous, String message) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Bootstraps.choose(configuration(rank, size, rendezvous)))
                .withMessageContaining(message);
    }

    @Test
    void shouldLetRankZeroServe() throws Exception {
        String address;
        try (ServerSocket once = listener()) {
            address = text(once);
        }
        try (Clients clients = Clients.of(1)) {
            Bootstrap one = clients.closing(Bootstraps.choose(configuration("1", "2", address)));
            Future<List<String>> waiting = clients.exchange(one, "one");
            Bootstrap zero = clients.closing(Bootstraps.choose(configuration("0", "2", address)));

            assertThat(get(clients.exchange(zero, "zero"))).containsExactly("zero", "one");
            assertThat(get(waiting)).containsExactly("zero", "one");
            assertThat(one.method()).contains("rendezvous", address.substring(address.indexOf(':')));
            // The server waits for those who have not left.
            one.close();
        }
    }

    @Test
    void shouldStopServingWhenRankZeroCloses() throws Exception {
        String address;
        try (ServerSocket once = listener()) {
            address = text(once);
        }
        Bootstraps.choose(configuration("0", "2", address)).close();

        try (ServerSocket again = new ServerSocket()) {
            again.setReuseAddress(true);
            again.bind(RendezvousWire.address(address));
            assertThat(again.isBound()).isTrue();
        }
    }
}
