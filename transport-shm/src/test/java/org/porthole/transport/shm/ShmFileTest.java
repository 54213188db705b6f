package org.porthole.transport.shm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.porthole.TransportException;

@EnabledOnOs(OS.LINUX)
class ShmFileTest {
    private long openBefore;

    @BeforeEach
    void countFiles() throws IOException {
        openBefore = openFiles();
    }

    @AfterEach
    void requireAllClosed() throws IOException {
        assertThat(openFiles()).as("files of ours that are open").isEqualTo(openBefore);
    }

    private static long openFiles() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.filter(ShmFileTest::isOurs).count();
        }
    }

    private static boolean isOurs(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().contains("memfd:porthole:");
        } catch (IOException e) {
            return false; // closed since it was listed
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 4095, 4096, 1_000_000})
    void shouldBeZeroed(long byteSize) {
        try (ShmFile file = ShmFile.create(byteSize, "zeroes");
                ShmMapping mapping = file.open()) {
            assertThat(mapping.segment().byteSize()).isEqualTo(byteSize);
            assertThat(mapping.segment().mismatch(MemorySegment.ofArray(new byte[(int) byteSize])))
                    .isEqualTo(-1);
        }
    }

    @Test
    void shouldBeSeenThroughEveryMapping() {
        try (ShmFile file = ShmFile.create(4096, "shared");
                ShmMapping one = file.open();
                ShmMapping other = file.name().map()) {
            one.segment().set(ValueLayout.JAVA_LONG, 4088, 4711);

            assertThat(other.segment().get(ValueLayout.JAVA_LONG, 4088)).isEqualTo(4711);
            assertThat(other.segment().address()).isNotEqualTo(one.segment().address());
        }
    }

    @Test
    void shouldKeepItsMappingsWhenItCloses() {
        ShmFile file = ShmFile.create(4096, "closed");
        try (ShmMapping mapping = file.open()) {
            file.close();
            file.close();

            mapping.segment().set(ValueLayout.JAVA_INT, 0, 7);
            assertThat(mapping.segment().get(ValueLayout.JAVA_INT, 0)).isEqualTo(7);
        }
    }

    @Test
    void shouldNotBeReachableWhenClosed() {
        ShmFile file = ShmFile.create(4096, "closed");
        file.close();

        assertThatExceptionOfType(TransportException.class)
                .isThrownBy(() -> file.name().map())
                .withMessageContaining(file.name().path());
    }

    @Test
    void shouldNotBeTouchableWhenUnmapped() {
        try (ShmFile file = ShmFile.create(4096, "unmapped")) {
            ShmMapping mapping = file.open();
            mapping.close();
            mapping.close();

            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> mapping.segment().get(ValueLayout.JAVA_INT, 0));
        }
    }

    @Test
    void shouldKeepItsSize() throws IOException {
        try (ShmFile file = ShmFile.create(10_000, "sealed");
                FileChannel channel = FileChannel.open(Path.of(file.name().path()), StandardOpenOption.WRITE)) {
            for (long size : new long[] {0, 4096, 9_999}) {
                assertThatExceptionOfType(IOException.class)
                        .as("shrunk to %d", size)
                        .isThrownBy(() -> channel.truncate(size));
            }
            assertThatExceptionOfType(IOException.class)
                    .as("written past the end")
                    .isThrownBy(() -> channel.write(ByteBuffer.allocate(8_192), 10_000));
            assertThat(channel.size()).isEqualTo(10_000);
        }
    }

    @Test
    void shouldRefuseAnotherFileThanTheOneAnnounced() {
        try (ShmFile file = ShmFile.create(4096, "right");
                ShmFile other = ShmFile.create(4096, "wrong")) {
            ShmFile.Name name = file.name();

            requireRefused(new ShmFile.Name(name.process(), name.descriptor(), 4096, name.inode() + 1));
            requireRefused(new ShmFile.Name(name.process(), other.name().descriptor(), 4096, name.inode()));
            requireRefused(new ShmFile.Name(name.process(), name.descriptor(), 4095, name.inode()));
            requireRefused(new ShmFile.Name(name.process(), name.descriptor(), 8192, name.inode()));
            requireRefused(new ShmFile.Name(name.process(), name.descriptor(), -1, name.inode()));
        }
    }

    private static void requireRefused(ShmFile.Name name) {
        assertThatExceptionOfType(TransportException.class)
                .isThrownBy(name::map)
                .withMessageContaining("is not the file that its owner announced");
    }

    @Test
    void shouldRefuseFilesThatCanShrink(@TempDir Path directory) throws IOException {
        Path path = Files.write(directory.resolve("unsealed"), new byte[4096]);
        long inode = (long) Files.getAttribute(path, "unix:ino");
        int descriptor = ShmNative.open(path.toString());
        try {
            ShmFile.Name name = new ShmFile.Name(ProcessHandle.current().pid(), descriptor, 4096, inode);

            assertThatExceptionOfType(TransportException.class).isThrownBy(name::map);
        } finally {
            ShmNative.close(descriptor);
        }
    }

    @Test
    void shouldRefuseProcessesAndDescriptorsThatAreNone() {
        for (long process : new long[] {-1, 0, 1L << 40}) {
            assertThatExceptionOfType(TransportException.class)
                    .isThrownBy(() -> new ShmFile.Name(process, 0, 4096, 1).map());
        }
        assertThatExceptionOfType(TransportException.class)
                .isThrownBy(() -> new ShmFile.Name(ProcessHandle.current().pid(), Integer.MAX_VALUE, 4096, 1).map());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1})
    void shouldLeaveNothingWhenTheSystemRefuses(long byteSize) {
        assertThatExceptionOfType(TransportException.class)
                .isThrownBy(() -> ShmFile.create(byteSize, "refused"))
                .withMessageContaining(byteSize + " bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "€", "a/b"})
    void shouldTakeAnyLabel(String label) {
        try (ShmFile file = ShmFile.create(1, label.repeat(300))) {
            assertThat(file.name().byteSize()).isOne();
        }
    }
}
