package org.porthole.internal.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.porthole.internal.bootstrap.Clients.SECRET;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.porthole.internal.bootstrap.LauncherWatch.Member;

/// What a rank takes for its launcher's end. The launcher's process is one that does nothing but live.
class LauncherWatchTest {
    private final CountDownLatch gone = new CountDownLatch(1);
    private Process process;

    @BeforeEach
    void startProcess() throws IOException {
        process = new ProcessBuilder("sleep", "1000").start();
    }

    @AfterEach
    void endProcess() {
        process.destroyForcibly();
    }

    private LauncherWatch watch(int port) {
        String text = new String(SECRET, StandardCharsets.UTF_8);
        String address = InetAddress.getLoopbackAddress().getHostAddress() + ":" + port;
        return new LauncherWatch(process.pid(), new Member(1, 2, port == 0 ? "" : address, text), gone::countDown);
    }

    private boolean isGone() {
        return gone.getCount() == 0;
    }

    @Test
    void shouldTakeTheEndOfTheConnectionForThatOfTheLauncher() throws Exception {
        try (Relay relay = new Relay();
                RendezvousServer launcher = RendezvousServer.at(Clients.anyPort(), 2, SECRET)) {
            Thread watching = Thread.ofVirtual().start(watch(relay.port())::run);

            relay.carryTheGreeting(launcher);
            assertThat(isGone()).isFalse();
            relay.cut();

            watching.join();
            assertThat(isGone()).isTrue();
        }
    }

    @Test
    void shouldNotMindARendezvousThatCloses() throws Exception {
        try (Relay relay = new Relay();
                Clients clients = Clients.of(2)) {
            Thread watching = Thread.ofVirtual().start(watch(relay.port())::run);
            relay.carryTheGreeting(clients.server);

            clients.server.close();
            relay.carryTheRest();

            watching.join();
            assertThat(isGone()).isFalse();
        }
    }

    @Test
    void shouldLetGoWhenThisProcessEnds() throws Exception {
        try (Relay relay = new Relay();
                Clients clients = Clients.of(2)) {
            LauncherWatch watch = watch(relay.port());
            Thread watching = Thread.ofVirtual().start(watch::run);
            relay.carryTheGreeting(clients.server);

            watch.close();

            watching.join();
            assertThat(isGone()).isFalse();
        }
    }

    @Test
    void shouldTakeAClosedPortForTheEndOfTheLauncher() throws Exception {
        int port;
        try (ServerSocket once = new ServerSocket()) {
            once.bind(Clients.anyPort());
            port = once.getLocalPort();
        }

        watch(port).run();

        assertThat(isGone()).isTrue();
    }

    @Test
    void shouldConnectAgainWhenTheGreetingBreaksOff() throws Exception {
        try (Relay relay = new Relay();
                Clients clients = Clients.of(2)) {
            Thread watching = Thread.ofVirtual().start(watch(relay.port())::run);

            relay.dropOne();
            relay.carryTheGreeting(clients.server);
            assertThat(isGone()).isFalse();
            relay.cut();

            watching.join();
            assertThat(isGone()).isTrue();
        }
    }

    @Test
    void shouldAskForTheProcessWhereNobodyListens() throws Exception {
        watch(0).run();
        assertThat(isGone()).isFalse();

        process.destroyForcibly();

        gone.await();
    }

    @Test
    void shouldNoticeThatThereIsNoSuchProcess() throws Exception {
        process.destroyForcibly().waitFor();

        watch(0).run();

        assertThat(isGone()).isTrue();
    }

    /// Stands between a watch and a rendezvous, so that a test can cut the line.
    private static final class Relay implements AutoCloseable {
        private static final int WELCOME = Integer.BYTES + RendezvousWire.CHALLENGE_BYTES;
        private static final int GREETING = RendezvousWire.GREETING_BYTES;
        private static final int ANSWER = 1 + RendezvousWire.PROOF_BYTES;

        private final ServerSocket listener = new ServerSocket();
        private Socket watch;
        private Socket rendezvous;

        Relay() throws IOException {
            listener.bind(Clients.anyPort());
        }

        int port() {
            return listener.getLocalPort();
        }

        void dropOne() throws IOException {
            listener.accept().close();
        }

        void carryTheGreeting(RendezvousServer launcher) throws IOException {
            watch = listener.accept();
            var address = RendezvousWire.address(launcher.environment(0).get("PORTHOLE_JOB_RENDEZVOUS"));
            rendezvous = new Socket(address.getAddress(), address.getPort());
            carry(rendezvous, watch, WELCOME);
            carry(watch, rendezvous, GREETING);
            carry(rendezvous, watch, ANSWER);
        }

        private static void carry(Socket from, Socket to, int bytes) throws IOException {
            to.getOutputStream().write(from.getInputStream().readNBytes(bytes));
        }

        void carryTheRest() throws IOException {
            rendezvous.getInputStream().transferTo(watch.getOutputStream());
            watch.close();
        }

        void cut() throws IOException {
            watch.close();
            rendezvous.close();
        }

        @Override
        public void close() throws IOException {
            listener.close();
            if (watch != null) {
                cut();
            }
        }
    }
}
