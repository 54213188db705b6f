package org.porthole.internal.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.porthole.internal.bootstrap.Clients.SECRET;
import static org.porthole.internal.bootstrap.Clients.failure;
import static org.porthole.internal.bootstrap.Clients.get;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.porthole.JoinException;

/// Ranks that are missing or die: the others are told which.
class RendezvousFailureTest {
    private static final long SHORT_NS = Duration.ofMillis(200).toNanos();

    @Test
    void shouldNameTheRankThatEndedBeforeItBroughtAnything() throws Exception {
        try (Clients clients = Clients.of(3)) {
            List<Future<List<String>>> waiting =
                    clients.exchangeAll(List.of(clients.client(0, 3), clients.client(2, 3)), "a");

            new Stranger(clients.address()).join(1, 3, SECRET).close();

            for (Future<?> each : waiting) {
                assertThat(failure(each))
                        .isInstanceOf(JoinException.class)
                        .hasMessageContaining("rank 1 ended while the others were joining");
            }
        }
    }

    @Test
    void shouldNameTheRankThatEndedBetweenRounds() throws Exception {
        try (Clients clients = Clients.of(3)) {
            List<RendezvousBootstrap> all = clients.all(3);
            for (Future<List<String>> each : clients.exchangeAll(all, "a")) {
                assertThat(get(each)).containsExactly("a0", "a1", "a2");
            }

            all.get(2).close();

            for (Future<?> each : clients.exchangeAll(all.subList(0, 2), "b")) {
                assertThat(failure(each))
                        .isInstanceOf(JoinException.class)
                        .hasMessageContaining("rank 2 ended while the others were joining");
            }
        }
    }

    @Test
    void shouldNameTheRankThatEndedAfterItsPart() throws Exception {
        try (Clients clients = Clients.of(3)) {
            List<RendezvousBootstrap> others = List.of(clients.client(0, 3), clients.client(2, 3));
            try (Stranger dying = new Stranger(clients.address()).join(1, 3, SECRET)) {
                dying.bring(new byte[] {'a', '1'});
            }

            for (Future<List<String>> each : clients.exchangeAll(others, "a")) {
                assertThat(get(each)).containsExactly("a0", "a1", "a2");
            }
            for (Future<?> each : clients.exchangeAll(others, "b")) {
                assertThat(failure(each))
                        .isInstanceOf(JoinException.class)
                        .hasMessageContaining("rank 1 ended while the others were joining");
            }
        }
    }

    @Test
    void shouldLetRanksGoOneByOneAfterTheLastRound() throws Exception {
        try (Clients clients = Clients.of(3)) {
            List<RendezvousBootstrap> all = clients.all(3);
            for (Future<List<String>> each : clients.exchangeAll(all, "a")) {
                get(each);
            }
            all.get(0).close();
            all.get(2).close();

            assertThat(clients.server.joined()).isEqualTo(3);
        }
    }

    @Test
    void shouldNameTheRankThatSpeaksNonsense() throws Exception {
        try (Clients clients = Clients.of(2)) {
            Future<?> waiting = clients.exchange(clients.client(0, 2), "a");

            Stranger mad = clients.closing(new Stranger(clients.address()).join(1, 2, SECRET));
            mad.say(ByteBuffer.allocate(20).putInt(16, Integer.MAX_VALUE).array());

            assertThat(failure(waiting)).isInstanceOf(JoinException.class).hasMessageContaining("rank 1 ended");
        }
    }

    @Test
    void shouldNameTheRanksThatAreMissingAtTheDeadline() throws Exception {
        try (Clients clients = Clients.of(4, SHORT_NS)) {
            assertThat(failure(clients.exchange(clients.client(2, 4), "a")))
                    .isInstanceOf(JoinException.class)
                    .hasMessageContainingAll("ranks 0, 1, 3 did not join", "porthole.job.deadline");
        }
        try (Clients clients = Clients.of(2, SHORT_NS)) {
            assertThat(failure(clients.exchange(clients.client(1, 2), "a")))
                    .isInstanceOf(JoinException.class)
                    .hasMessageContaining("rank 0 did not join");
        }
    }

    @Test
    void shouldNameTheMissingByTheDeadlineOfWhoHasTheShortest() throws Exception {
        try (Clients clients = Clients.of(3)) {
            Future<?> patient = clients.exchange(clients.client(0, 3), "a");

            Future<?> hasty = clients.exchange(clients.client(1, 3, SECRET, SHORT_NS), "a");

            for (Future<?> each : List.of(patient, hasty)) {
                assertThat(failure(each))
                        .isInstanceOf(JoinException.class)
                        .hasMessageContainingAll("rank 2 did not join within 0 s", "porthole.job.deadline");
            }
        }
    }

    /// The clients' deadlines are far beyond that of the test.
    @Test
    void shouldNotWaitForARankThatEndedBeforeItJoined() throws Exception {
        try (Clients clients = Clients.of(3, Long.MAX_VALUE)) {
            Future<?> early = clients.exchange(clients.client(0, 3), "a");

            clients.server.ended(2, 0);

            Future<?> late = clients.exchange(clients.client(1, 3), "a");
            for (Future<?> each : List.of(early, late)) {
                assertThat(failure(each))
                        .isInstanceOf(JoinException.class)
                        .hasMessageContaining("rank 2 ended with exit code 0 before it joined");
            }
        }
    }

    @Test
    void shouldNotMindARankThatEndsAfterItJoined() throws Exception {
        try (Clients clients = Clients.of(2)) {
            List<RendezvousBootstrap> all = clients.all(2);
            for (String round : List.of("a", "b")) {
                for (Future<List<String>> each : clients.exchangeAll(all, round)) {
                    assertThat(get(each)).containsExactly(round + 0, round + 1);
                }
                clients.server.ended(1, 0);
            }
        }
    }

    /// Or the job of two would have one rank that has joined, and one that was told that it cannot.
    @Test
    void shouldFailForAllRanksOrNone() throws Exception {
        try (Clients clients = Clients.of(2, SHORT_NS)) {
            assertThat(failure(clients.exchange(clients.client(0, 2), "a"))).isInstanceOf(JoinException.class);

            assertThat(failure(clients.exchange(clients.client(1, 2), "a"))).isInstanceOf(JoinException.class);
        }
    }
}
