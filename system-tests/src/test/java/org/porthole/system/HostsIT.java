package org.porthole.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Six ranks on three hosts, two on each: shared memory inside a host, TCP between hosts.
@Tag("netns")
@Timeout(60)
class HostsIT {
    private static final String MAIN = HostsProgram.class.getName();
    private static final int RANKS = 6;
    private static final int LOST_HOST = 3;
    private static final int LOST_PACKETS = 30;
    /// Longer than the tests, so that only the loss itself ends a wait; and lost hosts are noticed after some seconds.
    private static final Map<String, String> PATIENT =
            Map.of("PORTHOLE_WAIT_DEADLINE", "300s", "PORTHOLE_TCP_HEARTBEAT", "1s", "PORTHOLE_TCP_RECONNECT", "2s");

    private static final Map<String, String> RECONNECTING =
            Map.of("PORTHOLE_WAIT_DEADLINE", "300s", "PORTHOLE_TCP_HEARTBEAT", "1s", "PORTHOLE_TCP_RECONNECT", "60s");

    @TempDir
    private Path folder;

    private Hosts hosts;

    @BeforeEach
    void make() {
        hosts = Hosts.open(3);
    }

    @AfterEach
    void remove() {
        hosts.close();
    }

    private static boolean areNeighbours(int rank, int peer) {
        return rank / 2 == peer / 2;
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "fd77::/16", "eth0", "10.77.0.0/24"})
    void shouldCountExactlyByBothTransports(String interfaceOption) throws InterruptedException {
        Map<String, String> environment =
                Map.of("PORTHOLE_WAIT_DEADLINE", "40s", "PORTHOLE_TCP_INTERFACE", interfaceOption);
        List<Launched> ranks = hosts.startJob(2, environment, "exec", "--main", MAIN, "count");
        hosts.awaitSuccess();
        for (int rank = 0; rank < RANKS; rank++) {
            assertThat(Examples.complaints(ranks.get(rank))).isEmpty();
            assertThat(ranks.get(rank).out()).contains("done");
            for (int peer = 0; peer < RANKS; peer++) {
                String transport = peer == rank ? "self" : areNeighbours(rank, peer) ? "shm" : "tcp";
                assertThat(ranks.get(rank).out()).contains(peer + " by " + transport);
            }
        }
        hosts.requireNobody();
    }

    @ParameterizedTest
    @MethodSource("org.porthole.system.Examples#all")
    void shouldRunExample(List<String> example) throws InterruptedException {
        List<Launched> ranks =
                hosts.startJob(2, Map.of("PORTHOLE_WAIT_DEADLINE", "40s"), Examples.words(example, folder, "exec"));
        hosts.awaitSuccess();
        assertThat(ranks.getFirst().out()).anyMatch(line -> line.startsWith(example.getFirst() + ": "));
    }

    @ParameterizedTest
    @CsvSource({"wait, down", "wait, silent", "work, down", "work, silent", "work, deaf"})
    void shouldTellEverybodyOfAHostThatIsLost(String what, String how) throws InterruptedException {
        List<Launched> ranks = hosts.startJob(2, PATIENT, "exec", "--main", MAIN, what);
        for (Launched each : ranks) {
            each.awaitLines(1, "ready"::equals);
        }
        cut(how);
        for (int rank = 0; rank < RANKS; rank++) {
            ranks.get(rank).feed("");
            requireTold(rank, ranks.get(rank));
        }
        hosts.awaitSuccess();
        hosts.requireNobody();
    }

    private void cut(String how) {
        switch (how) {
            case "reset" -> hosts.resetConnections(LOST_HOST);
            case "silent" -> hosts.disconnect(LOST_HOST);
            case "deaf" -> hosts.deafen(LOST_HOST);
            case "unrouted" -> hosts.loseRoutes(LOST_HOST);
            case "down" -> hosts.takeDown(LOST_HOST);
            default -> throw new IllegalArgumentException(how);
        }
    }

    private void mend(String how) {
        switch (how) {
            case "silent" -> hosts.connect(LOST_HOST);
            case "deaf" -> hosts.mendPackets(LOST_HOST);
            case "unrouted" -> hosts.findRoutes(LOST_HOST);
            case "down" -> hosts.takeUp(LOST_HOST);
            default -> {
                // A reset ends by itself.
            }
        }
    }

    private void requireTold(int rank, Launched launched) throws InterruptedException {
        String line = launched.awaitLines(1, each -> each.startsWith("failed ")).getFirst();
        String lost = rank / 2 == LOST_HOST - 1 ? "[0-3]" : "[45]";
        assertThat(line).as(() -> hosts.report()).matches("failed " + lost + ": rank " + lost + " failed: .*");
    }

    /// What was cut while the ranks lived goes on, and all that was done was done once.
    @ParameterizedTest
    @ValueSource(strings = {"reset", "silent", "deaf", "unrouted", "down"})
    void shouldGoOnWithWhatWasCut(String how) throws InterruptedException {
        List<Launched> ranks = hosts.startJob(2, RECONNECTING, "exec", "--main", MAIN, "toll");
        for (Launched each : ranks) {
            List<String> ignored = each.awaitLines(1, "ready"::equals);
        }
        cut(how);
        assertThat(ranks.getLast().awaitErrors(1, line -> line.contains("looks for rank")))
                .isNotEmpty();
        mend(how);
        assertThat(ranks.getLast().awaitErrors(1, line -> line.contains("that was cut")))
                .isNotEmpty();
        requireToll(ranks);
    }

    private void requireToll(List<Launched> ranks) throws InterruptedException {
        for (Launched each : ranks) {
            Launched ignored = each.feed("");
        }
        hosts.awaitSuccess();
        for (Launched each : ranks) {
            assertThat(each.out()).as(() -> hosts.report()).contains("done");
        }
        hosts.requireNobody();
    }

    /// A packet in twenty is lost, and nothing else.
    @Test
    void shouldLoseNoOperationWherePacketsAreLost() throws InterruptedException {
        List<Launched> ranks = hosts.startJob(2, RECONNECTING, "exec", "--main", MAIN, "toll");
        for (Launched each : ranks) {
            List<String> ignored = each.awaitLines(1, "ready"::equals);
        }
        hosts.losePackets(LOST_HOST, 5);
        while (hosts.lostPackets(LOST_HOST) < LOST_PACKETS) {
            Thread.onSpinWait();
        }
        requireToll(ranks);
    }

    @Test
    void shouldTellOfAHostThatCannotBeReachedFromTheStart() throws InterruptedException {
        hosts.disconnect(LOST_HOST);
        List<Launched> ranks =
                hosts.startJob(2, Map.of("PORTHOLE_JOB_DEADLINE", "5s"), "exec", "--main", MAIN, "count");
        for (int rank = 0; rank < RANKS; rank++) {
            assertThat(ranks.get(rank).exitCode()).as(() -> hosts.report()).isNotZero();
        }
        assertThat(ranks.get(0).err()).anyMatch(line -> line.contains("4, 5"));
        assertThat(ranks.get(5).err()).anyMatch(line -> line.contains("rendezvous at 10.77.0.1:" + Hosts.PORT));
    }
}
