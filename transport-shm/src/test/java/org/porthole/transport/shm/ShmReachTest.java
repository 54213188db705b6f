package org.porthole.transport.shm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.porthole.TransportException;
import org.porthole.config.Configuration;
import org.porthole.spi.Availability;
import org.porthole.spi.Reach;
import org.porthole.spi.Scope;
import org.porthole.spi.TransportContext;

/// Who can be reached, and why the others cannot.
@EnabledOnOs(OS.LINUX)
class ShmReachTest {
    private static final long SEED = 4711;

    private final ShmTransport transport = new ShmTransport(
            new TransportContext(0, 2, Configuration.load(Map.of(), Map.of()), (rank, cause) -> {}, awaited -> {}));
    private final ShmAddress mine = ShmAddress.decode(transport.address());

    @AfterEach
    void close() {
        transport.close();
    }

    private void requireUnreachable(ShmAddress address, String... words) {
        requireUnreachable(address.encode(), words);
    }

    private void requireUnreachable(byte[] address, String... words) {
        assertThat(transport.reach(address)).isInstanceOfSatisfying(Reach.Unreachable.class, no -> {
            assertThat(no.cause()).isNotBlank();
            assertThat(words).allMatch(no.cause()::contains, "is in \"" + no.cause() + '"');
            assertThat(no.remedy()).isNotBlank();
        });
    }

    @Test
    void shouldBeAvailableHere() {
        ShmTransportProvider provider = new ShmTransportProvider();

        assertThat(provider.availability()).isEqualTo(new Availability.Available());
        assertThat(provider.scope()).isEqualTo(Scope.HOST);
        assertThat(provider.name()).isEqualTo("shm");
    }

    @Test
    void shouldReachItself() {
        assertThat(transport.reach(transport.address())).isInstanceOf(Reach.Reachable.class);
    }

    @Test
    void shouldReachAnotherTransportOfThisProcess() {
        try (ShmTransport other = new ShmTransport(new TransportContext(
                1, 2, Configuration.load(Map.of(), Map.of()), (rank, cause) -> {}, awaited -> {}))) {
            assertThat(transport.reach(other.address())).isInstanceOf(Reach.Reachable.class);
            assertThat(other.address()).isNotEqualTo(transport.address());
        }
    }

    @Test
    void shouldNotReachWhatHasClosed() {
        transport.close();
        transport.close();

        requireUnreachable(mine, "/proc/" + ProcessHandle.current().pid());
    }

    @Test
    void shouldNotReachOtherHosts() {
        requireUnreachable(
                new ShmAddress(new UUID(1, 2), mine.startTime(), mine.beacon(), mine.nonce()),
                "another host",
                "boot id");
    }

    @Test
    void shouldNotReachProcessesThatHaveEnded() throws IOException, InterruptedException {
        Process child = new ProcessBuilder("true").start();
        child.waitFor();
        ShmAddress ended = of(child.pid());

        requireUnreachable(ended, "process " + child.pid(), "is not visible here", "ended", "PID namespace");
        assertThatExceptionOfType(TransportException.class)
                .isThrownBy(() -> transport.connect(1, ended.encode()))
                .withMessageContaining(Long.toString(child.pid()));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 1L << 32, Long.MAX_VALUE})
    void shouldNotReachProcessesThatAreNone(long process) {
        requireUnreachable(of(process), "process " + process, "is not visible here");
    }

    private ShmAddress of(long process) {
        ShmFile.Name beacon = mine.beacon();
        return new ShmAddress(
                mine.kernel(),
                mine.startTime(),
                new ShmFile.Name(process, beacon.descriptor(), beacon.byteSize(), beacon.inode()),
                mine.nonce());
    }

    @Test
    void shouldNotTakeAnotherProcessForThePeer() {
        requireUnreachable(
                new ShmAddress(mine.kernel(), mine.startTime(), mine.beacon(), mine.nonce() + 1),
                "is another process",
                "PID namespace");
        requireUnreachable(
                new ShmAddress(mine.kernel(), mine.startTime() + 1, mine.beacon(), mine.nonce()), "is another process");
        ShmFile.Name beacon = mine.beacon();
        requireUnreachable(
                new ShmAddress(
                        mine.kernel(),
                        mine.startTime(),
                        new ShmFile.Name(beacon.process(), beacon.descriptor(), beacon.byteSize(), beacon.inode() + 1),
                        mine.nonce()),
                "is not the file that its owner announced");
    }

    @Test
    void shouldNotReadPastTheEndOfABeacon() {
        try (ShmFile tiny = ShmFile.create(1, "tiny")) {
            requireUnreachable(new ShmAddress(mine.kernel(), mine.startTime(), tiny.name(), 0));
        }
    }

    @Test
    void shouldNotReachGarbage() {
        Random random = new Random(SEED);
        for (int length = 0; length < 128; length++) {
            byte[] garbage = new byte[length];
            random.nextBytes(garbage);

            requireUnreachable(garbage);
            assertThatExceptionOfType(TransportException.class)
                    .as("%d bytes, seed %d", length, SEED)
                    .isThrownBy(() -> transport.connect(1, garbage));
        }
    }
}
