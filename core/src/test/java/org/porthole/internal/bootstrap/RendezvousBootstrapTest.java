package org.porthole.internal.bootstrap;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.porthole.internal.bootstrap.Clients.SECRET;
import static org.porthole.internal.bootstrap.Clients.failure;
import static org.porthole.internal.bootstrap.Clients.get;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.porthole.ConfigurationException;
import org.porthole.JoinException;

/// Ranks that find each other, and what stands in their way.
class RendezvousBootstrapTest {
    private static final long SHORT_NS = Duration.ofMillis(200).toNanos();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void shouldGiveEveryRankEverything(int size) throws Exception {
        try (Clients clients = Clients.of(size)) {
            List<RendezvousBootstrap> all = clients.all(size);
            for (String round : List.of("", "a", "b".repeat(1000))) {
                List<String> expected =
                        all.stream().map(client -> round + client.rank()).toList();
                for (Future<List<String>> each : clients.exchangeAll(all, round)) {
                    assertThat(get(each)).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void shouldCarryTheLargestPart() throws Exception {
        String largest = "x".repeat(RendezvousWire.MAX_BYTES - 1);
        try (Clients clients = Clients.of(2)) {
            for (Future<List<String>> each : clients.exchangeAll(clients.all(2), largest)) {
                assertThat(get(each)).containsExactly(largest + 0, largest + 1);
            }
        }
    }

    @Test
    void shouldRefuseAStrangersSecret() throws Exception {
        try (Clients clients = Clients.of(2)) {
            RendezvousBootstrap stranger = clients.client(1, 2, RendezvousWire.secret("hunter3"));

            assertThat(failure(clients.exchange(stranger, "a")))
                    .isInstanceOf(JoinException.class)
                    .hasMessageContainingAll("secret", "PORTHOLE_JOB_SECRET")
                    .hasMessageNotContaining("hunter");
            assertThat(clients.server.joined()).isZero();
            for (Future<List<String>> each : clients.exchangeAll(clients.all(2), "a")) {
                assertThat(get(each)).containsExactly("a0", "a1");
            }
        }
    }

    @Test
    void shouldRefuseAServerThatDoesNotKnowTheSecret() throws Exception {
        byte[] agreement = ByteBuffer.allocate(64)
                .putInt(RendezvousWire.MAGIC)
                .position(4 + RendezvousWire.CHALLENGE_BYTES)
                .put(RendezvousWire.OK)
                .array();

        assertThat(joinAt(agreement, Clients.PATIENCE_NS)).hasMessageContainingAll("does not know the job's secret");
    }

    @Test
    void shouldTellEveryRankOfAnotherSize() throws Exception {
        try (Clients clients = Clients.of(2)) {
            Future<?> zero = clients.exchange(clients.client(0, 2), "a");

            Future<?> one = clients.exchange(clients.client(1, 3), "a");

            for (Future<?> each : List.of(zero, one)) {
                assertThat(failure(each))
                        .isInstanceOf(JoinException.class)
                        .hasMessageContainingAll("rank 1 says that the job has 3 ranks", "opened for 2");
            }
        }
    }

    @Test
    void shouldTellEveryRankOfADuplicate() throws Exception {
        try (Clients clients = Clients.of(3)) {
            for (Future<?> each : clients.exchangeAll(List.of(clients.client(1, 3), clients.client(1, 3)), "a")) {
                assertThat(failure(each))
                        .isInstanceOf(JoinException.class)
                        .hasMessageContaining("two processes say that they are rank 1");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 2})
    void shouldRefuseARankThatIsNone(int rank) throws Exception {
        try (Clients clients = Clients.of(2)) {
            assertThat(failure(clients.exchange(clients.client(rank, 2), "a")))
                    .isInstanceOf(JoinException.class)
                    .hasMessageContaining("there is no rank " + rank + " in a job of 2");
        }
    }

    @Test
    void shouldWaitForTheServer() throws Exception {
        InetSocketAddress address = freeAddress();
        try (Clients clients = Clients.of(1);
                RendezvousBootstrap early = Clients.at(address, 0, 1, SECRET, Clients.PATIENCE_NS)) {
            Future<List<String>> waiting = clients.exchange(early, "a");

            clients.closing(RendezvousServer.at(address, 1, SECRET));

            assertThat(get(waiting)).containsExactly("a");
        }
    }

    private static InetSocketAddress freeAddress() throws IOException {
        try (ServerSocket once = new ServerSocket()) {
            once.setReuseAddress(true);
            once.bind(Clients.anyPort());
            return (InetSocketAddress) once.getLocalSocketAddress();
        }
    }

    @Test
    void shouldSayThatNobodyAnswers() throws Exception {
        InetSocketAddress address = freeAddress();
        try (RendezvousBootstrap alone = Clients.at(address, 1, 2, SECRET, SHORT_NS)) {
            assertThatExceptionOfType(JoinException.class)
                    .isThrownBy(() -> alone.exchange(new byte[1]))
                    .withMessageContainingAll("rank 1", "nobody answers", Integer.toString(address.getPort()));
        }
    }

    @Test
    void shouldSayThatAnotherProtocolAnswers() throws Exception {
        assertThat(joinAt("SSH-2.0-OpenSSH_9.6\r\n".getBytes(US_ASCII), Clients.PATIENCE_NS))
                .hasMessageContainingAll("rank 1", "is not a rendezvous of this version");
    }

    @Test
    void shouldNotTrustWhatIsSilent() throws Exception {
        assertThat(joinAt(new byte[0], SHORT_NS)).hasMessageContainingAll("rank 1", "nobody answers");
        assertThat(joinAt(new byte[2], SHORT_NS)).hasMessageContainingAll("rank 1", "nobody answers");
    }

    /// What a rank gets that finds something which says `greeting` and then no more.
    private static Throwable joinAt(byte[] greeting, long deadlineNs) throws Exception {
        try (ServerSocket listener = new ServerSocket()) {
            listener.bind(Clients.anyPort());
            InetSocketAddress address = (InetSocketAddress) listener.getLocalSocketAddress();
            try (Clients clients = Clients.of(1)) {
                Thread.ofVirtual().start(() -> greet(listener, greeting, clients));
                RendezvousBootstrap client = clients.closing(Clients.at(address, 1, 2, SECRET, deadlineNs));
                Throwable failure = failure(clients.exchange(client, "a"));
                assertThat(failure).isInstanceOf(JoinException.class);
                return failure;
            }
        }
    }

    private static void greet(ServerSocket listener, byte[] greeting, Clients clients) {
        try {
            Socket socket = clients.closing(listener.accept());
            socket.getOutputStream().write(greeting);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:1", "127.0.0.1:65535", "[0:0:0:0:0:0:0:1]:7", "no.such.host:80"})
    void shouldShowAnAddressAsItWasGiven(String text) {
        assertThat(RendezvousWire.text(RendezvousWire.address(text))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", ":1", "localhost:", "localhost:port", "localhost:65536", "localhost:-1"})
    void shouldRefuseWhatIsNoAddress(String text) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> RendezvousWire.address(text))
                .withMessageContainingAll('"' + text + '"', "host:port", "porthole.job.rendezvous");
    }
}
