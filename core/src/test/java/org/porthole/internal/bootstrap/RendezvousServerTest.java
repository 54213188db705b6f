package org.porthole.internal.bootstrap;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.porthole.internal.bootstrap.Clients.SECRET;
import static org.porthole.internal.bootstrap.Clients.failure;
import static org.porthole.internal.bootstrap.Clients.get;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.porthole.JoinException;
import org.porthole.Rendezvous;
import org.porthole.config.Configuration;

/// Strangers, addresses, launchers.
class RendezvousServerTest {
    private static final long SEED = 4711;

    @Test
    void shouldNotMindStrangers() throws Exception {
        Random random = new Random(SEED);
        byte[] noise = new byte[64 << 10];
        random.nextBytes(noise);
        byte[] greeting = ByteBuffer.allocate(128)
                .putInt(RendezvousWire.MAGIC)
                .putInt(1)
                .putInt(2)
                .array();
        try (Clients clients = Clients.of(2)) {
            InetSocketAddress address = clients.address();
            new Stranger(address).close();
            for (byte[] bytes : List.of("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII), greeting, new byte[3])) {
                clients.closing(new Stranger(address).say(bytes));
            }
            try (Stranger loud = new Stranger(address)) {
                loud.say(noise);
            } catch (IOException e) {
                assertThat(e).as("a stranger may be cut off").isNotNull();
            }
            assertThat(clients.server.joined()).isZero();

            for (Future<List<String>> each : clients.exchangeAll(clients.all(2), "a")) {
                assertThat(get(each)).containsExactly("a0", "a1");
            }
        }
    }

    @Test
    void shouldTellThoseWhoWaitWhenItCloses() throws Exception {
        try (Clients clients = Clients.of(2)) {
            RendezvousBootstrap client = clients.client(0, 2);
            Future<?> waiting = clients.exchange(client, "a");
            while (clients.server.joined() == 0) {
                Thread.onSpinWait();
            }

            Thread closing = Thread.ofVirtual().start(clients.server::close);

            assertThat(failure(waiting)).isInstanceOf(JoinException.class).hasMessageContaining("rendezvous");
            client.close();
            closing.join();
        }
    }

    @Test
    void shouldSayWhatToDoWhenTheAddressIsInUse() throws Exception {
        try (ServerSocket other = new ServerSocket()) {
            other.bind(Clients.anyPort());
            InetSocketAddress address = (InetSocketAddress) other.getLocalSocketAddress();

            assertThatExceptionOfType(JoinException.class)
                    .isThrownBy(() -> RendezvousServer.at(address, 2, SECRET))
                    .withMessageContainingAll(
                            Integer.toString(address.getPort()), "choose a free port", "porthole.job.rendezvous");
        }
    }

    @Test
    void shouldGiveEachJobASecretOfItsOwn() {
        try (Rendezvous one = Rendezvous.open(1);
                Rendezvous other = Rendezvous.open(1)) {
            String secret = one.environment(0).get("PORTHOLE_JOB_SECRET");

            assertThat(secret).matches("[0-9a-f]{32}");
            assertThat(other.environment(0)).doesNotContainEntry("PORTHOLE_JOB_SECRET", secret);
        }
    }

    @Test
    void shouldLetRanksJoinByTheirEnvironment() throws Exception {
        try (RendezvousServer launcher = RendezvousServer.onLoopback(2);
                Clients clients = Clients.of(1)) {
            Map<String, String> environment = launcher.environment(1);
            assertThat(environment)
                    .containsEntry("PORTHOLE_JOB_RANK", "1")
                    .containsEntry("PORTHOLE_JOB_SIZE", "2")
                    .containsEntry("PORTHOLE_JOB_RENDEZVOUS_HOST", "launcher")
                    .containsEntry(
                            "PORTHOLE_JOB_LAUNCHER",
                            Long.toString(ProcessHandle.current().pid()));

            Bootstrap zero = clients.closing(Bootstraps.choose(Configuration.load(Map.of(), launcher.environment(0))));
            Bootstrap one = clients.closing(Bootstraps.choose(Configuration.load(Map.of(), environment)));

            for (Future<List<String>> each : clients.exchangeAll(List.of(zero, one), "a")) {
                assertThat(get(each)).containsExactly("a0", "a1");
            }
            assertThat(launcher.joined()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1025})
    void shouldRefuseImpossibleSizes(int size) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Rendezvous.open(size).close())
                .withMessageContaining(Integer.toString(size));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 2})
    void shouldRefuseTheEnvironmentOfNoRank(int rank) {
        try (Rendezvous rendezvous = Rendezvous.open(2)) {
            assertThatExceptionOfType(RuntimeException.class)
                    .isThrownBy(() -> rendezvous.environment(rank))
                    .withMessageContaining(Integer.toString(rank));
        }
    }
}
