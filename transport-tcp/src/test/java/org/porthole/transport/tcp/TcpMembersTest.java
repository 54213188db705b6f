package org.porthole.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.porthole.TransportException;
import org.porthole.config.Configuration;
import org.porthole.config.CoreOptions;
import org.porthole.spi.Awaited;
import org.porthole.spi.Endpoint;
import org.porthole.spi.Memory;
import org.porthole.spi.Registration;
import org.porthole.spi.RemoteMemory;
import org.porthole.spi.TargetAtomics;
import org.porthole.spi.TransportContext;
import org.porthole.testkit.LeakCheck;

/// Who is let in, and what members that lie can do.
@ExtendWith(LeakCheck.class)
@SuppressWarnings("EnumOrdinal") // verdicts travel so
class TcpMembersTest {
    private static final int GUARD = 0x5a;

    /// Says how many handshakes are tried: `-Dporthole.test.handshakes=N`.
    private static final int HANDSHAKES = Integer.getInteger("porthole.test.handshakes", 100_000);

    private final LogCapture log = LogCapture.of(TcpTransport.class);
    private final BlockingQueue<String> gone = new LinkedBlockingQueue<>();
    private final TcpTransport target = open(1, 2, "right");
    private final Memory memory = target.allocate(64, "test");
    private final Registration registration = target.register(memory, TargetAtomics.of(memory));

    @AfterEach
    void close() {
        target.close();
        memory.close();
        log.close();
    }

    private TcpTransport open(int rank, int size, String secret) {
        Configuration configuration = Configuration.load(Map.of(), Map.of())
                .with(CoreOptions.SECRET, secret)
                .with(TcpOptions.CONNECT_DEADLINE, "5s");
        return new TcpTransport(new TransportContext(
                rank, size, configuration, (peer, cause) -> gone.add(peer + ": " + cause), TcpMembersTest::await));
    }

    private static void await(Awaited awaited) {
        while (!awaited.isReady()) {
            awaited.checkPeers();
            awaited.park(1_000_000);
        }
    }

    private void requireService() {
        try (TcpTransport member = open(0, 2, "right");
                Endpoint endpoint = member.connect(1, target.address());
                RemoteMemory remote = endpoint.attach(registration.key())) {
            endpoint.put(remote, 8, MemorySegment.ofArray(new long[] {77}), 0, 8);
            endpoint.flush();
            assertThat(memory.segment().get(ValueLayout.JAVA_LONG, 8)).isEqualTo(77);
        }
    }

    private Socket dial() throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(
                InetAddress.getLoopbackAddress(),
                TcpAddress.decode(target.address()).port()));
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static void requireClosed(Socket socket) throws IOException {
        try {
            while (socket.getInputStream().read() >= 0) {}
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("reset");
        }
    }

    @Test
    void shouldAdmitMembers() {
        requireService();
        assertThat(gone).isEmpty();
    }

    @Test
    void shouldRefuseAWrongSecret() {
        try (TcpTransport stranger = open(0, 2, "wrong");
                Endpoint endpoint = stranger.connect(1, target.address())) {
            assertThatThrownBy(() -> endpoint.attach(registration.key()))
                    .isInstanceOf(TransportException.class)
                    .hasMessageContaining("does not know the job's secret");
        }
        requireService();
    }

    @Test
    void shouldRefuseAnotherNonce() {
        TcpAddress address = TcpAddress.decode(target.address());
        byte[] other = new TcpAddress(
                        address.host(),
                        new byte[TcpAddress.NONCE_BYTES],
                        address.port(),
                        address.tls(),
                        address.addresses())
                .encode();
        try (TcpTransport stranger = open(0, 2, "right");
                Endpoint endpoint = stranger.connect(1, other)) {
            assertThatThrownBy(() -> endpoint.attach(registration.key())).isInstanceOf(TransportException.class);
        }
        requireService();
    }

    @Test
    void shouldRefuseAJobOfAnotherSize() {
        try (TcpTransport stranger = open(2, 3, "right");
                Endpoint endpoint = stranger.connect(1, target.address())) {
            assertThatThrownBy(() -> endpoint.attach(registration.key()))
                    .isInstanceOf(TransportException.class)
                    .hasMessageContaining("size");
        }
        requireService();
    }

    @Test
    void shouldRefuseAnotherVersion() throws IOException {
        try (Socket socket = dial()) {
            byte[] greeting = socket.getInputStream().readNBytes(TcpHandshake.GREETING);
            byte[] hello = new TcpHandshake("right", 2)
                    .hello(greeting, TcpAddress.decode(target.address()).nonce(), 0, 1);
            hello[4]++;
            socket.getOutputStream().write(hello);
            byte[] welcome = socket.getInputStream().readNBytes(TcpHandshake.WELCOME);
            assertThat(ByteBuffer.wrap(welcome).order(ByteOrder.LITTLE_ENDIAN).getInt())
                    .isEqualTo(TcpHandshake.Verdict.OTHER_VERSION.ordinal());
            requireClosed(socket);
        }
        requireService();
    }

    @Test
    void shouldSurviveStrangersThatSendGarbage() throws IOException {
        Random random = new Random(1);
        for (int round = 0; round < 100; round++) {
            try (Socket socket = dial()) {
                byte[] garbage = new byte[random.nextInt(2000)];
                random.nextBytes(garbage);
                socket.getOutputStream().write(garbage);
                if (garbage.length >= TcpHandshake.HELLO) {
                    requireClosed(socket);
                }
            } catch (IOException e) {
                assertThat(e).message().containsAnyOf("reset", "Broken pipe");
            }
        }
        requireService();
        assertThat(gone).isEmpty();
    }

    private byte[] nonce() {
        return TcpAddress.decode(target.address()).nonce();
    }

    private static int verdict(Socket socket) throws IOException {
        byte[] welcome = socket.getInputStream().readNBytes(TcpHandshake.WELCOME);
        return ByteBuffer.wrap(welcome).order(ByteOrder.LITTLE_ENDIAN).getInt();
    }

    @Test
    void shouldRefuseAHandshakeThatHasBeenRecorded() throws IOException {
        TcpHandshake handshake = new TcpHandshake("right", 2);
        byte[] recorded;
        try (Socket member = dial()) {
            recorded = handshake.hello(member.getInputStream().readNBytes(TcpHandshake.GREETING), nonce(), 0, 1);
            member.getOutputStream().write(recorded);
            assertThat(verdict(member)).isEqualTo(TcpHandshake.Verdict.ADMITTED.ordinal());
        }
        assertThat(gone.poll()).isNull();
        try (Socket stranger = dial()) {
            assertThat(stranger.getInputStream().readNBytes(TcpHandshake.GREETING))
                    .hasSize(TcpHandshake.GREETING);
            stranger.getOutputStream().write(recorded);
            assertThat(verdict(stranger)).isEqualTo(TcpHandshake.Verdict.NO_MEMBER.ordinal());
            requireClosed(stranger);
        }
        log.awaitLine("which does not know the job's secret, or means another process");
        requireService();
    }

    /// Strangers say nothing, or one byte after the other, and stay. They are more than may be there at once: those that came first give way.
    @Test
    void shouldLetMembersInThoughStrangersHoldTheDoor() throws IOException {
        List<Socket> strangers = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                Socket stranger = dial();
                strangers.add(stranger);
                if (i % 2 == 0) {
                    stranger.getOutputStream().write('P');
                }
            }
            requireService();
            for (Socket first : strangers.subList(0, 100)) {
                requireClosed(first);
            }
            requireService();
            // Ten lines for a hundred and more strangers.
            assertThat(log.lines())
                    .hasSize(TcpRefusals.MOST_LINES)
                    .allMatch(line -> line.contains("gave way to others"));
            // The others are given up in time.
            for (Socket last : strangers) {
                requireClosed(last);
            }
            requireService();
            assertThat(gone).isEmpty();
        } finally {
            for (Socket each : strangers) {
                each.close();
            }
        }
    }

    @Test
    void shouldSayOneLineOfAStranger() throws IOException {
        try (Socket scanner = dial()) {
            scanner.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            requireClosed(scanner);
        }
        log.awaitLine("refused");
        assertThat(log.lines())
                .singleElement()
                .asString()
                .matches("tcp: rank 1 refused /.*:\\d+, which does not speak this protocol");
    }

    /// Of a handshake in which anything has been changed nothing is taken.
    @Test
    void shouldAdmitNoHandshakeThatHasBeenChanged() {
        long seed = Long.getLong("porthole.test.seed", new SecureRandom().nextLong());
        Random random = new Random(seed);
        TcpHandshake handshake = new TcpHandshake("right", 2);
        byte[] greeting = handshake.greeting();
        byte[] hello = handshake.hello(greeting, nonce(), 0, 1);
        byte[] welcome = handshake.welcome(TcpHandshake.Verdict.ADMITTED, 1, nonce(), greeting, hello);
        assertThat(handshake.judge(greeting, nonce(), hello)).isEqualTo(TcpHandshake.Verdict.ADMITTED);
        assertThat(handshake.wrong(welcome, nonce(), greeting, hello)).isEmpty();
        for (int i = 0; i < HANDSHAKES; i++) {
            byte[] changed = changed(hello, random);
            assertThat(handshake.judge(greeting, nonce(), changed) == TcpHandshake.Verdict.ADMITTED)
                    .as("seed %d", seed)
                    .isEqualTo(Arrays.equals(changed, hello));
            byte[] answer = changed(welcome, random);
            assertThat(handshake.wrong(answer, nonce(), greeting, hello).isEmpty())
                    .as("seed %d", seed)
                    .isEqualTo(Arrays.equals(answer, welcome));
        }
    }

    private static byte[] changed(byte[] bytes, Random random) {
        byte[] changed = bytes.clone();
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            int at = random.nextInt(changed.length);
            switch (random.nextInt(3)) {
                case 0 -> changed[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
                case 1 -> changed[at] = (byte) random.nextInt();
                default -> {
                    int from = random.nextInt(changed.length);
                    int length = Math.min(changed.length - Math.max(at, from), 1 + random.nextInt(8));
                    System.arraycopy(bytes, from, changed, at, length);
                }
            }
        }
        return changed;
    }

    @Test
    void shouldDecodeNoAddressThatHasBeenChanged() {
        long seed = Long.getLong("porthole.test.seed", new SecureRandom().nextLong());
        Random random = new Random(seed);
        byte[] address = target.address();
        for (int i = 0; i < HANDSHAKES; i++) {
            byte[] changed = Arrays.copyOf(changed(address, random), address.length - random.nextInt(2));
            if (!Arrays.equals(changed, address)) {
                assertThatThrownBy(() -> TcpAddress.decode(changed))
                        .as("seed %d", seed)
                        .isInstanceOf(TransportException.class);
            }
        }
    }

    /// The same by sockets, of which a part comes in pieces.
    @Test
    void shouldSurviveHandshakesThatHaveBeenChanged() throws IOException {
        Random random = new Random(11);
        TcpHandshake handshake = new TcpHandshake("right", 2);
        for (int i = 0; i < 300; i++) {
            try (Socket socket = dial()) {
                byte[] hello =
                        handshake.hello(socket.getInputStream().readNBytes(TcpHandshake.GREETING), nonce(), 0, 1);
                hello[random.nextInt(16)] ^= (byte) (1 + random.nextInt(255));
                int cut = random.nextInt(hello.length);
                socket.getOutputStream().write(hello, 0, cut);
                socket.getOutputStream().write(hello, cut, hello.length - cut);
                assertThat(verdict(socket)).isNotEqualTo(TcpHandshake.Verdict.ADMITTED.ordinal());
            } catch (IOException | BufferUnderflowException e) {
                assertThat(e).isNotNull(); // it was cut while it spoke
            }
        }
        requireService();
        assertThat(gone).isEmpty();
    }

    /// A member that has been admitted, and then says what it likes.
    private TcpSocket introduced() throws IOException {
        TcpSocket socket = new EpollPlatform(1_000_000_000L, "auto")
                .connect(
                        new InetSocketAddress(
                                InetAddress.getLoopbackAddress(),
                                TcpAddress.decode(target.address()).port()),
                        5_000_000_000L);
        TcpHandshake handshake = new TcpHandshake("right", 2);
        byte[] greeting = receive(socket, TcpHandshake.GREETING);
        byte[] hello = handshake.hello(greeting, nonce(), 0, 1);
        send(socket, hello);
        assertThat(handshake.wrong(receive(socket, TcpHandshake.WELCOME), nonce(), greeting, hello))
                .isEmpty();
        return socket;
    }

    private static void send(TcpSocket socket, byte[] bytes) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(Math.max(1, bytes.length));
            copy.copyFrom(MemorySegment.ofArray(bytes));
            for (long sent = 0; sent < bytes.length; ) {
                sent += socket.send(copy, sent, bytes.length - sent);
            }
        }
    }

    private static byte[] receive(TcpSocket socket, int length) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment in = arena.allocate(length);
            for (int received = 0; received < length; ) {
                int count = socket.receive(in, received, length - received);
                if (count < 0) {
                    throw new IOException("closed");
                }
                received += count;
                LockSupport.parkNanos(10_000);
            }
            return in.toArray(ValueLayout.JAVA_BYTE);
        }
    }

    private byte[] request(int kind, int type, int op, long key, long offset, long length) {
        return ByteBuffer.allocate(TcpWire.REQUEST + 4096)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) kind)
                .put((byte) type)
                .put((byte) op)
                .putLong(TcpWire.KEY, key)
                .putLong(TcpWire.OFFSET, offset)
                .putLong(TcpWire.LENGTH, length)
                .array();
    }

    private void requireCut(byte[] request, String cause) throws IOException, InterruptedException {
        memory.segment().fill((byte) GUARD);
        TcpSocket socket = introduced();
        try {
            send(socket, request);
            assertThat(gone.poll(20, TimeUnit.SECONDS))
                    .contains("0: it broke the protocol")
                    .contains(cause);
        } catch (IOException e) {
            assertThat(gone.poll(20, TimeUnit.SECONDS))
                    .contains("0: it broke the protocol")
                    .contains(cause);
        } finally {
            socket.close();
        }
        assertThat(memory.segment().toArray(ValueLayout.JAVA_BYTE)).containsOnly(GUARD);
    }

    @Test
    void shouldCutMembersThatLie() throws IOException, InterruptedException {
        long key = ByteBuffer.wrap(registration.key().bytes()).getLong();
        long size = memory.segment().byteSize();
        requireCut(request(TcpWire.PUT, 0, 0, key + 1, 0, 8), "a key");
        requireCut(request(TcpWire.PUT, 0, 0, ~key, 0, 8), "a key");
        requireCut(request(TcpWire.PUT, 0, 0, key, size - 7, 8), "8 bytes at offset");
        requireCut(request(TcpWire.PUT, 0, 0, key, -1, 8), "8 bytes at offset");
        requireCut(request(TcpWire.PUT, 0, 0, key, Long.MAX_VALUE, 8), "8 bytes at offset");
        requireCut(request(TcpWire.PUT, 0, 0, key, 0, 1 << 20), "1048576 bytes at offset");
        requireCut(request(TcpWire.PUT, 0, 0, key, 0, -1), "a length");
        requireCut(request(TcpWire.GET, 0, 0, key, 0, Long.MIN_VALUE), "a length");
        requireCut(request(TcpWire.GET, 0, 0, key, 1, size), "bytes at offset");
        requireCut(request(TcpWire.FETCH, 3, 0, key, 4, 8), "an atomic");
        requireCut(request(TcpWire.FETCH, 5, 0, key, 8, 8), "an atomic on DOUBLE");
        requireCut(request(TcpWire.FETCH, 3, 99, key, 8, 8), "an operator");
        requireCut(request(TcpWire.EXCHANGE, 3, 0, key, 8, 8), "an atomic");
        requireCut(request(TcpWire.ACCUMULATE, 4, 5, key, 8, 8), "OR on FLOAT");
        requireCut(request(TcpWire.ACCUMULATE, 77, 0, key, 8, 8), "a data type");
        requireCut(request(TcpWire.SIGNAL, 3, 0, key, 4, 8), "a signal");
        requireCut(request(TcpWire.SIGNAL, 3, 9, key, 8, 8), "a signal");
        requireCut(request(99, 0, 0, key, 8, 8), "kind 99");
        requireService();
    }

    @Test
    void shouldSurviveAnyBytesOfAMember() throws IOException, InterruptedException {
        long key = ByteBuffer.wrap(registration.key().bytes()).getLong();
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            TcpSocket socket = introduced();
            try {
                for (int i = 0; i < 20; i++) {
                    byte[] bytes = request(
                            1 + random.nextInt(10),
                            random.nextInt(7),
                            random.nextInt(10),
                            random.nextInt(8) == 0 ? random.nextLong() : key,
                            random.nextInt(80) - 4,
                            random.nextInt(8) == 0 ? random.nextLong() : random.nextInt(70));
                    send(socket, bytes);
                }
            } catch (IOException e) {
                assertThat(e).isNotNull(); // it was cut while it spoke
            } finally {
                socket.close();
            }
        }
        requireService();
    }
}
