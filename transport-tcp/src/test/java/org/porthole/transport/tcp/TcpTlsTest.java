package org.porthole.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.porthole.ConfigurationException;
import org.porthole.TransportException;
import org.porthole.config.Configuration;
import org.porthole.config.CoreOptions;
import org.porthole.config.Option;
import org.porthole.spi.Endpoint;
import org.porthole.spi.Memory;
import org.porthole.spi.Reach;
import org.porthole.spi.Registration;
import org.porthole.spi.RemoteMemory;
import org.porthole.spi.TargetAtomics;
import org.porthole.testkit.LeakCheck;

/// Who is let in by TLS, what is said to the others, and that what is sent cannot be read on the way.
@ExtendWith(LeakCheck.class)
class TcpTlsTest {
    private static final Configuration PLAIN = Configuration.load(Map.of(), Map.of())
            .with(TcpOptions.INTERFACE, "127.0.0.1")
            .with(CoreOptions.SECRET, "right");
    private static final Configuration SECURE = Certificates.tls(PLAIN, Certificates.RANK);

    private final LogCapture log = LogCapture.of(TcpTransport.class);

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        log.close();
    }

    /// A rank that others reach.
    private static final class Target implements AutoCloseable {
        final TcpTransport transport;
        final Memory memory;
        final Registration registration;

        Target(Configuration configuration) {
            transport = TcpRank.open(1, configuration);
            memory = transport.allocate(1 << 20, "test");
            registration = transport.register(memory, TargetAtomics.of(memory));
        }

        int port() {
            return TcpAddress.decode(transport.address()).port();
        }

        void serve(Configuration configuration) {
            try (TcpTransport origin = TcpRank.open(0, configuration)) {
                serve(origin, transport.address());
            }
        }

        void serve(TcpTransport origin, byte[] address) {
            byte[] bytes = new byte[(1 << 20) - 5];
            new Random(7).nextBytes(bytes);
            try (Endpoint endpoint = origin.connect(1, address);
                    RemoteMemory remote = endpoint.attach(registration.key())) {
                endpoint.put(remote, 3, MemorySegment.ofArray(bytes), 0, bytes.length);
                byte[] back = new byte[bytes.length];
                endpoint.get(remote, 3, MemorySegment.ofArray(back), 0, back.length);
                endpoint.flush();
                assertThat(back).isEqualTo(bytes);
                assertThat(memory.segment().get(ValueLayout.JAVA_BYTE, 3)).isEqualTo(bytes[0]);
            }
        }

        @Override
        public void close() {
            registration.close();
            memory.close();
            transport.close();
        }
    }

    private void requireRefused(Target target, Configuration configuration, String... words) {
        try (TcpTransport origin = TcpRank.open(0, configuration);
                Endpoint endpoint = origin.connect(1, target.transport.address())) {
            assertThatThrownBy(() -> endpoint.attach(target.registration.key()))
                    .isInstanceOf(TransportException.class)
                    .hasMessageContainingAll(words);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {Certificates.RANK, Certificates.RSA})
    void shouldAdmitThoseForWhomAnAnchorVouches(String name) {
        try (Target target = new Target(SECURE)) {
            target.serve(Certificates.tls(PLAIN, name));
        }
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void shouldRefuseACertificateThatNoAnchorVouchesFor() {
        try (Target target = new Target(SECURE)) {
            requireRefused(
                    target,
                    Certificates.tls(PLAIN, Certificates.STRANGER),
                    "it refuses the TLS handshake (certificate_",
                    "porthole.tcp.tls.trust");
            log.awaitLine("rank 1 refused /127.0.0.1:");
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .contains("it shows no certificate that an anchor in porthole.tcp.tls.trust vouches for");
            target.serve(SECURE);
        }
    }

    @Test
    void shouldNotSpeakToATargetThatNoAnchorVouchesFor() {
        try (Target target = new Target(SECURE.with(
                        TcpOptions.TLS_CERTIFICATE,
                        Certificates.certificate(Certificates.STRANGER).toString())
                .with(
                        TcpOptions.TLS_KEY,
                        Certificates.key(Certificates.STRANGER).toString()))) {
            requireRefused(target, SECURE, "its certificate is not accepted: ", "(porthole.tcp.tls.trust)");
        }
    }

    /// Ranks refuse to start with one, so that this takes the engine alone.
    @Test
    void shouldRefuseACertificateThatHasExpired() throws Exception {
        try (Target target = new Target(SECURE);
                Socket socket = TlsStranger.connect(target.port(), Certificates.EXPIRED)) {
            requireClosed(socket);
            log.awaitLine("its certificate is not accepted: NotAfter: ");
            target.serve(SECURE);
        }
    }

    @Test
    void shouldRefuseWhoShowsNoCertificate() throws Exception {
        try (Target target = new Target(SECURE);
                Socket socket = TlsStranger.connect(target.port(), null)) {
            requireClosed(socket);
            log.awaitLine("it shows no certificate that an anchor in porthole.tcp.tls.trust vouches for");
            target.serve(SECURE);
        }
    }

    private static void requireClosed(Socket socket) {
        assertThatThrownBy(() -> {
                    InputStream in = socket.getInputStream();
                    while (in.read() >= 0) {}
                    throw new SocketException("closed");
                })
                .isInstanceOf(IOException.class);
    }

    @Test
    void shouldAskForTheSecretInsideTls() {
        try (Target target = new Target(SECURE)) {
            requireRefused(target, SECURE.with(CoreOptions.SECRET, "wrong"), "does not know the job's secret");
            target.serve(SECURE);
        }
    }

    @Test
    void shouldFindOutBeforeConnectingThatOneSideDoesNotSpeakTls() {
        try (Target secure = new Target(SECURE);
                Target plain = new Target(PLAIN)) {
            assertThat(plain.transport.reach(secure.transport.address()))
                    .isEqualTo(new Reach.Unreachable(
                            "it requires TLS, which is off here", "set porthole.tcp.tls alike on all ranks"));
            assertThat(secure.transport.reach(plain.transport.address()))
                    .isEqualTo(new Reach.Unreachable(
                            "TLS is off there, and required here", "set porthole.tcp.tls alike on all ranks"));
        }
    }

    @Test
    void shouldSayThatAPlainPeerDoesNotSpeakTls() {
        try (Target plain = new Target(PLAIN)) {
            requireRefused(plain, SECURE, "it does not speak TLS: porthole.tcp.tls must be the same on all ranks");
        }
        try (Target secure = new Target(SECURE);
                Socket socket = dial(secure.port())) {
            socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            requireClosed(socket);
            log.awaitLine("it does not speak TLS: porthole.tcp.tls must be the same on all ranks");
            secure.serve(SECURE);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Socket dial(int port) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
        socket.setSoTimeout(10_000);
        return socket;
    }

    @Test
    void shouldGoOnAfterGarbageInsteadOfTls() throws IOException {
        Random random = new Random(3);
        try (Target target = new Target(SECURE)) {
            for (int i = 0; i < 60; i++) {
                byte[] garbage = new byte[1 + random.nextInt(3000)];
                random.nextBytes(garbage);
                if (i % 2 == 0) { // a head that looks right
                    garbage[0] = 22;
                    if (garbage.length > 3) {
                        garbage[1] = 3;
                        garbage[2] = 3;
                        garbage[3] = 1;
                    }
                }
                try (Socket socket = dial(target.port())) {
                    socket.getOutputStream().write(garbage);
                }
            }
            target.serve(SECURE);
        }
    }

    /// A relay in the middle sees all that goes by.
    @Test
    void shouldSendNothingThatCanBeRead() throws Exception {
        byte[] word = "the word that must not be seen".getBytes(StandardCharsets.US_ASCII);
        byte[] repeated = new byte[word.length * 100];
        for (int i = 0; i < repeated.length; i++) {
            repeated[i] = word[i % word.length];
        }
        for (Configuration configuration : List.of(PLAIN, SECURE)) {
            try (Target target = new Target(configuration);
                    Relay relay = new Relay(target.port());
                    TcpTransport origin = TcpRank.open(0, configuration)) {
                TcpAddress to = TcpAddress.decode(target.transport.address());
                byte[] through = new TcpAddress(to.host(), to.nonce(), relay.port(), to.tls(), to.addresses()).encode();
                try (Endpoint endpoint = origin.connect(1, through);
                        RemoteMemory remote = endpoint.attach(target.registration.key())) {
                    endpoint.put(remote, 0, MemorySegment.ofArray(repeated), 0, repeated.length);
                    endpoint.flush();
                }
                assertThat(relay.seen().contains(new String(word, StandardCharsets.ISO_8859_1)))
                        .isEqualTo(configuration == PLAIN);
            }
        }
    }

    /// Somebody in the middle who has a certificate of the job's authority speaks TLS with both sides, and hands on what they say.
    @Test
    void shouldBindTheProofToTheConnection() throws Exception {
        try (Target target = new Target(SECURE);
                ServerSocket middle = TlsStranger.listen(Certificates.RSA)) {
            Thread relay = Thread.ofPlatform().daemon().start(() -> TlsStranger.relayOnce(middle, target.port()));
            TcpAddress to = TcpAddress.decode(target.transport.address());
            byte[] through =
                    new TcpAddress(to.host(), to.nonce(), middle.getLocalPort(), true, to.addresses()).encode();
            try (TcpTransport origin = TcpRank.open(0, SECURE);
                    Endpoint endpoint = origin.connect(1, through)) {
                assertThatThrownBy(() -> endpoint.attach(target.registration.key()))
                        .isInstanceOf(TransportException.class)
                        .hasMessageContaining("does not know the job's secret");
            }
            relay.join();
        }
    }

    // Files.

    private void requireMisconfigured(Configuration configuration, String... words) {
        assertThatThrownBy(() -> TcpRank.open(0, configuration))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll(words);
    }

    private Configuration with(Option<String> option, String text) throws IOException {
        return SECURE.with(
                option, Files.writeString(folder.resolve("file.pem"), text).toString());
    }

    @Test
    void shouldSayWhichFileIsMissing() {
        for (Option<String> each : List.of(TcpOptions.TLS_CERTIFICATE, TcpOptions.TLS_KEY, TcpOptions.TLS_TRUST)) {
            String file = folder.resolve("nothing.pem").toString();
            requireMisconfigured(SECURE.with(each, file), each.key() + ": " + file + " does not exist");
            requireMisconfigured(
                    SECURE.with(each, ""), each.key() + " names no file, and porthole.tcp.tls=required needs one");
            requireMisconfigured(SECURE.with(each, folder.toString()), each.key() + ": " + folder + " cannot be read");
        }
    }

    @Test
    void shouldSayWhatAFileDoesNotHold() throws IOException {
        requireMisconfigured(
                with(TcpOptions.TLS_CERTIFICATE, "hello"), "porthole.tcp.tls.certificate: ", " holds no certificate");
        requireMisconfigured(with(TcpOptions.TLS_TRUST, ""), "porthole.tcp.tls.trust: ", " holds no certificate");
        requireMisconfigured(with(TcpOptions.TLS_KEY, "hello"), "porthole.tcp.tls.key: ", "holds no private key");
        requireMisconfigured(
                with(TcpOptions.TLS_KEY, Certificates.pem("PRIVATE KEY", new byte[40])), "holds a key that is damaged");
        requireMisconfigured(
                with(TcpOptions.TLS_KEY, Certificates.pem("EC PRIVATE KEY", new byte[40])),
                "holds a key of kind EC; PKCS #8 without encryption is needed: openssl pkcs8 -topk8 -nocrypt -in ");
        requireMisconfigured(
                with(TcpOptions.TLS_KEY, Certificates.pem("ENCRYPTED PRIVATE KEY", new byte[40])), "of kind ENCRYPTED");
    }

    @Test
    void shouldSayThatAKeyBelongsToAnotherCertificate() {
        for (String other : List.of(Certificates.STRANGER, Certificates.RSA)) {
            requireMisconfigured(
                    SECURE.with(TcpOptions.TLS_KEY, Certificates.key(other).toString()),
                    "porthole.tcp.tls.key: " + Certificates.key(other) + " is not the key of the first certificate in "
                            + Certificates.certificate(Certificates.RANK) + " (CN=rank)");
        }
    }

    @Test
    void shouldSayThatACertificateIsNotValidNow() {
        requireMisconfigured(
                Certificates.tls(PLAIN, Certificates.EXPIRED), "holds a certificate that expired on ", ": renew it");
        requireMisconfigured(
                Certificates.tls(PLAIN, Certificates.EARLY), "that is valid only from ", "is the clock right?");
    }
}
