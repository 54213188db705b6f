package org.porthole.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.porthole.TransportException;
import org.porthole.config.Configuration;
import org.porthole.config.CoreOptions;
import org.porthole.spi.Endpoint;
import org.porthole.spi.Memory;
import org.porthole.spi.Reach;
import org.porthole.spi.Registration;
import org.porthole.spi.RemoteMemory;
import org.porthole.spi.TargetAtomics;
import org.porthole.testkit.LeakCheck;

/// Where a rank listens, and where it is found.
@ExtendWith(LeakCheck.class)
class TcpAddressesTest {
    private static final Configuration PLAIN = Configuration.load(Map.of(), Map.of());
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private static void requireService(TcpTransport target, byte[] address) {
        try (TcpTransport origin = TcpRank.open(0, PLAIN);
                Memory memory = target.allocate(64, "test");
                Registration registration = target.register(memory, TargetAtomics.of(memory));
                Endpoint endpoint = origin.connect(1, address);
                RemoteMemory remote = endpoint.attach(registration.key())) {
            assertThat(origin.reach(address)).isInstanceOf(Reach.Reachable.class);
            endpoint.put(remote, 8, MemorySegment.ofArray(new long[] {77}), 0, 8);
            endpoint.flush();
            assertThat(memory.segment().get(ValueLayout.JAVA_LONG, 8)).isEqualTo(77);
        }
    }

    private static void requireIpv6() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("::1"))) {
            assertThat(socket.getLocalPort()).isPositive();
        } catch (IOException e) {
            assumeThat(e).as("this host has an IPv6 loopback address").isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void shouldServeByIpv6(String io) {
        requireIpv6();
        Configuration configuration = PLAIN.with(TcpOptions.INTERFACE, "::1").with(TcpOptions.IO, io);
        try (TcpTransport target = TcpRank.open(1, configuration)) {
            assertThat(TcpAddress.decode(target.address()).addresses()).containsExactly(InetAddress.ofLiteral("::1"));
            requireService(target, target.address());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void shouldListenAtSeveralAddressesAndOnePort(String io) {
        requireIpv6();
        Configuration configuration =
                PLAIN.with(TcpOptions.INTERFACE, "127.0.0.1,::1").with(TcpOptions.IO, io);
        try (TcpTransport target = TcpRank.open(1, configuration)) {
            TcpAddress address = TcpAddress.decode(target.address());
            assertThat(address.addresses()).containsExactly(LOOPBACK, InetAddress.ofLiteral("::1"));
            for (InetAddress each : address.addresses()) {
                requireService(target, with(address, List.of(each)));
            }
        }
    }

    private static byte[] with(TcpAddress address, List<InetAddress> addresses) {
        return new TcpAddress(address.host(), address.nonce(), address.port(), address.tls(), addresses).encode();
    }

    /// At the first address nobody listens, at the second somebody else does.
    @Test
    void shouldTakeTheFirstAddressWhereTheRankIsFound() throws IOException, InterruptedException {
        InetAddress nobody = InetAddress.ofLiteral("127.0.0.7");
        InetAddress another = InetAddress.ofLiteral("127.0.0.8");
        try (TcpTransport target = TcpRank.open(1, PLAIN.with(TcpOptions.INTERFACE, "127.0.0.1"))) {
            TcpAddress address = TcpAddress.decode(target.address());
            try (ServerSocket stranger = new ServerSocket(address.port(), 1, another)) {
                Thread answers = Thread.ofVirtual().start(() -> {
                    try (Socket socket = stranger.accept()) {
                        socket.getOutputStream().write(new byte[TcpHandshake.GREETING]);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
                requireService(target, with(address, List.of(nobody, another, LOOPBACK)));
                answers.join();
            }
        }
    }

    @Test
    void shouldNameEveryAddressWhereARankIsNotFound() {
        try (TcpTransport target = TcpRank.open(1, PLAIN.with(TcpOptions.INTERFACE, "127.0.0.1"));
                TcpTransport origin = TcpRank.open(0, PLAIN)) {
            TcpAddress address = TcpAddress.decode(target.address());
            byte[] wrong =
                    with(address, List.of(InetAddress.ofLiteral("127.0.0.7"), InetAddress.ofLiteral("127.0.0.8")));
            try (Memory memory = target.allocate(64, "test");
                    Registration registration = target.register(memory, TargetAtomics.of(memory));
                    Endpoint endpoint = origin.connect(1, wrong)) {
                assertThatThrownBy(() -> endpoint.attach(registration.key()))
                        .isInstanceOf(TransportException.class)
                        .hasMessageContainingAll("rank 1 cannot be reached", "/127.0.0.7:", "/127.0.0.8:", "refused");
            }
        }
    }

    @Test
    void shouldNotLookForRanksOfOtherHostsOnLoopback() {
        try (TcpTransport here = TcpRank.open(0, PLAIN.with(CoreOptions.HOST, "here"));
                TcpTransport there = TcpRank.open(
                        1, PLAIN.with(CoreOptions.HOST, "there").with(TcpOptions.INTERFACE, "127.0.0.1"))) {
            assertThat(here.reach(there.address()))
                    .isInstanceOfSatisfying(
                            Reach.Unreachable.class,
                            no -> assertThat(no.cause() + no.remedy())
                                    .contains("only where its own host can connect", "porthole.tcp.interface"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void shouldStayInsideARangeOfPortsAndSayWhenItIsExhausted(String io) throws IOException {
        int first = freePorts();
        Configuration configuration = PLAIN.with(TcpOptions.PORTS, first + "-" + (first + 1))
                .with(TcpOptions.INTERFACE, "127.0.0.1")
                .with(TcpOptions.IO, io);
        List<TcpTransport> ranks = new ArrayList<>();
        try {
            ranks.add(TcpRank.open(0, configuration));
            ranks.add(TcpRank.open(1, configuration));
            assertThat(ranks)
                    .extracting(each -> TcpAddress.decode(each.address()).port())
                    .containsExactly(first, first + 1);
            assertThatThrownBy(() -> TcpRank.open(0, configuration))
                    .isInstanceOf(TransportException.class)
                    .hasMessageContainingAll(
                            "tcp: none of the ports " + first + "-" + (first + 1)
                                    + " can be listened at on [/127.0.0.1] (",
                            "in use): every rank on a host needs one that nobody else uses; widen porthole.tcp.ports");
        } finally {
            ranks.forEach(TcpTransport::close);
        }
    }

    /// Two neighbours that were free a moment ago, below those that the system gives out.
    private static int freePorts() throws IOException {
        for (int port = 20_000; port < 30_000; port += 2) {
            try (ServerSocket one = new ServerSocket(port, 1, LOOPBACK);
                    ServerSocket two = new ServerSocket(port + 1, 1, LOOPBACK)) {
                return one.getLocalPort() + 1 == two.getLocalPort() ? port : 0;
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("in use");
            }
        }
        throw new IOException("no two ports are free");
    }
}
