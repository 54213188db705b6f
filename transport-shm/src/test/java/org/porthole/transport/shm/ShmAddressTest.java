package org.porthole.transport.shm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.porthole.TransportException;

@EnabledOnOs(OS.LINUX)
class ShmAddressTest {
    private static final long SEED = 4711;
    private static final ShmAddress ADDRESS =
            new ShmAddress(new UUID(1, -2), 3L << 40, new ShmFile.Name(4711, 17, 5L << 32, -6), Long.MIN_VALUE);

    @Test
    void shouldReadWhatItWrote() {
        assertThat(ShmAddress.decode(ADDRESS.encode())).isEqualTo(ADDRESS);
    }

    @Test
    void shouldRefuseOtherLengths() {
        byte[] whole = ADDRESS.encode();
        for (int length = 0; length <= whole.length + 8; length++) {
            byte[] other = Arrays.copyOf(whole, length);
            if (length != whole.length) {
                assertThatExceptionOfType(TransportException.class)
                        .isThrownBy(() -> ShmAddress.decode(other))
                        .withMessageContainingAll(length + " bytes", Integer.toString(whole.length));
            }
        }
    }

    @Test
    void shouldTakeAnyBytesOfTheRightLength() {
        byte[] bytes = new byte[ADDRESS.encode().length];
        new Random(SEED).nextBytes(bytes);

        assertThat(ShmAddress.decode(bytes).encode()).isEqualTo(bytes);
    }

    @Test
    void shouldKnowThisKernel() throws IOException {
        assertThat(ShmAddress.thisKernel())
                .isEqualTo(ShmAddress.thisKernel())
                .hasToString(Files.readString(Path.of("/proc/sys/kernel/random/boot_id"))
                        .strip());
    }

    @Test
    void shouldKnowWhenProcessesStarted() {
        long mine = ShmAddress.startTimeOf(ProcessHandle.current().pid());

        assertThat(mine).isPositive();
        assertThat(ShmAddress.startTimeOf(1)).isNotNegative().isLessThanOrEqualTo(mine);
    }

    @Test
    void shouldKnowThatThereIsNoSuchProcess() throws Exception {
        Process child = new ProcessBuilder("true").start();
        child.waitFor();

        assertThat(ShmAddress.startTimeOf(child.pid())).isEqualTo(-1);
        assertThat(ShmAddress.startTimeOf(Long.MAX_VALUE)).isEqualTo(-1);
        assertThat(ShmAddress.startTimeOf(-1)).isEqualTo(-1);
    }
}
