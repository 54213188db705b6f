package org.porthole.internal.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.porthole.internal.bootstrap.Clients.SECRET;
import static org.porthole.internal.bootstrap.Clients.get;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A job after it has been joined, jobs one after the other at one port, and jobs that are large.
class RendezvousJobTest {
    private static final int LARGEST = 1_000;

    private static List<RendezvousBootstrap> joined(Clients clients, int size, Bootstrap.AbortListener listener)
            throws InterruptedException {
        List<RendezvousBootstrap> all = clients.all(size);
        for (Future<List<String>> each : clients.exchangeAll(all, "a")) {
            get(each);
        }
        all.forEach(each -> each.joined(listener));
        return all;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void shouldTellAllOthersWhenARankEndsTheJob(int who) throws Exception {
        Set<String> told = ConcurrentHashMap.newKeySet();
        CountDownLatch all = new CountDownLatch(3);
        try (Clients clients = Clients.of(4)) {
            List<RendezvousBootstrap> ranks = joined(clients, 4, (rank, exitCode) -> {
                told.add(Thread.currentThread().threadId() + ": " + rank + " with " + exitCode);
                all.countDown();
            });

            ranks.get(who).abort(7);

            all.await();
            assertThat(told).hasSize(3).allMatch(each -> each.endsWith(": " + who + " with 7"));
        }
    }

    @Test
    void shouldNotWaitForARendezvousThatHasGone() throws Exception {
        try (Clients clients = Clients.of(2)) {
            List<RendezvousBootstrap> ranks = joined(clients, 2, (rank, exitCode) -> {
                throw new AssertionError("rank " + rank + " ends the job");
            });
            clients.server.close();

            ranks.getFirst().abort(7);
        }
    }

    @Test
    void shouldLeaveThePortAsSoonAsAllHaveJoined() throws Exception {
        try (Clients first = Clients.of(2)) {
            InetSocketAddress address = first.address();
            joined(first, 2, (_, _) -> {});
            RendezvousServer second = null;
            while (second == null) {
                try {
                    second = first.closing(RendezvousServer.at(address, 2, SECRET));
                } catch (org.porthole.JoinException e) {
                    assertThat(e).hasMessageContaining("cannot listen");
                }
            }
            List<Future<List<String>>> again = first.exchangeAll(first.all(2), "b");
            for (Future<List<String>> each : again) {
                assertThat(get(each)).containsExactly("b0", "b1");
            }
        }
    }

    /// A rank may have lost its connection before it knew that it was let in.
    @Test
    void shouldLetTheSameProcessComeAgain() throws Exception {
        byte[] instance = RendezvousWire.challenge();
        try (Clients clients = Clients.of(2)) {
            Future<List<String>> zero = clients.exchange(clients.client(0, 2), "a0");
            clients.closing(new Stranger(clients.address(), instance).join(1, 2, SECRET));
            Stranger again = clients.closing(new Stranger(clients.address(), instance).join(1, 2, SECRET));

            again.bring(new byte[] {'a', '1'});

            assertThat(get(zero)).containsExactly("a0", "a1");
        }
    }

    @Test
    void shouldLetMembersInThoughStrangersFillTheDoor() throws Exception {
        List<Socket> strangers = new ArrayList<>();
        try (Clients clients = Clients.of(2)) {
            for (int i = 0; i < 300; i++) {
                strangers.add(new Socket(
                        clients.address().getAddress(), clients.address().getPort()));
            }
            for (Future<List<String>> each : clients.exchangeAll(clients.all(2), "a")) {
                assertThat(get(each)).containsExactly("a0", "a1");
            }
        } finally {
            for (Socket each : strangers) {
                close(each);
            }
        }
    }

    private static void close(Socket socket) throws IOException {
        socket.close();
    }

    @Test
    void shouldLetAThousandRanksJoin() throws Exception {
        try (Clients clients = Clients.of(LARGEST)) {
            List<RendezvousBootstrap> all = clients.all(LARGEST);
            for (int round = 0; round < 3; round++) {
                int salt = round;
                List<Future<Boolean>> joining = all.stream()
                        .map(each -> clients.submit(() -> isWhole(each.exchange(part(salt, each.rank())), salt)))
                        .toList();
                for (Future<Boolean> each : joining) {
                    assertThat(get(each)).isTrue();
                }
            }
            all.forEach(each -> each.joined((_, _) -> {}));
        }
    }

    private static byte[] part(int round, int rank) {
        return ByteBuffer.allocate(300).putInt(round).putInt(rank).array();
    }

    private static boolean isWhole(List<byte[]> parts, int round) {
        return parts.size() == LARGEST
                && IntStream.range(0, LARGEST).allMatch(rank -> Arrays.equals(parts.get(rank), part(round, rank)));
    }
}
