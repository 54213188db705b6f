package org.porthole.transport.shm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.porthole.TransportException;
import org.porthole.transport.shm.ShmOptions.HugePages;

@EnabledOnOs(OS.LINUX)
class ShmHugePagesTest {
    private static final long SIZE = 3 * ShmNative.HUGE_PAGE + 5000;

    /// How much of the mapping that begins at an address huge pages map, in KiB.
    private static long hugeKib(MemorySegment mapped) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/proc/self/smaps"));
        String begin = Long.toHexString(mapped.address()) + "-";
        int at = 0;
        while (!lines.get(at).startsWith(begin)) {
            at++;
        }
        while (!lines.get(at).startsWith("ShmemPmdMapped:")) {
            at++;
        }
        return Long.parseLong(lines.get(at).replaceAll("\\D", ""));
    }

    @Test
    void shouldMapAllButTheRestByHugePages() throws IOException {
        try (ShmMemory memory = new ShmMemory(SIZE, "huge", HugePages.TRY);
                ShmMapping peer = memory.file().open()) {
            memory.segment().set(ValueLayout.JAVA_LONG, SIZE - 8, 4711);
            assertThat(peer.segment().get(ValueLayout.JAVA_LONG, SIZE - 8)).isEqualTo(4711);
            long huge = hugeKib(memory.segment());
            if (huge == 0) {
                assertThatExceptionOfType(TransportException.class)
                        .isThrownBy(() -> new ShmMemory(SIZE, "huge", HugePages.REQUIRE))
                        .withMessageContaining("porthole.shm.hugepages=try");
                abort("this kernel gives no huge pages");
            }
            assertThat(huge).isEqualTo((3 * ShmNative.HUGE_PAGE) >> 10);
            assertThat(hugeKib(peer.segment())).as("of a peer's mapping").isEqualTo(huge);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, ShmNative.HUGE_PAGE - 1, ShmNative.HUGE_PAGE, ShmNative.HUGE_PAGE + 1, SIZE})
    void shouldMapEveryByteOfAnySize(long size) {
        try (ShmMemory memory = new ShmMemory(size, "ordinary")) {
            assertThat(memory.segment().byteSize()).isEqualTo(size);
            memory.segment().fill((byte) 1);
            assertThat(memory.segment().get(ValueLayout.JAVA_BYTE, size - 1)).isEqualTo((byte) 1);
            if (size >= ShmNative.HUGE_PAGE) {
                assertThat(memory.segment().address() % ShmNative.HUGE_PAGE).isZero();
            }
        }
    }
}
