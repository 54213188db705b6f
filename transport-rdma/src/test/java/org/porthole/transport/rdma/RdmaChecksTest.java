package org.porthole.transport.rdma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.porthole.config.Configuration;
import org.porthole.spi.Finding;

/// What is found wrong, on trees of files such as the kernel shows.
class RdmaChecksTest {
    private static final Configuration SETTINGS = Configuration.load(Map.of(), Map.of());
    private static final String IPV4 = "0000:0000:0000:0000:0000:ffff:0a05:0001";
    private static final String LOCAL = "fe80:0000:0000:0000:5054:00ff:fe12:3456";

    @TempDir
    Path root;

    private Path port;

    @BeforeEach
    void makeDevice() throws IOException {
        port = root.resolve("sys/class/infiniband/rxe0/ports/1");
        write(port.resolve("state"), "4: ACTIVE");
        write(port.resolve("rate"), "2.5 Gb/sec (1X SDR)");
        write(port.resolve("link_layer"), "Ethernet");
        write(port.resolve("lid"), "0x0");
        gid(0, LOCAL);
        gid(1, IPV4);
        write(root.resolve("dev/infiniband/uverbs0"), "");
        limit("unlimited");
    }

    private static void write(Path file, String words) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, words + "\n");
    }

    private void gid(int index, String words) throws IOException {
        write(port.resolve("gids/" + index), words);
        write(port.resolve("gid_attrs/types/" + index), "RoCE v2");
    }

    private void limit(String words) throws IOException {
        write(
                root.resolve("proc/self/limits"),
                "Max locked memory         " + words + "            " + words + "            bytes");
    }

    private List<Finding> problems(Configuration settings) {
        return new RdmaChecks(settings, root)
                .run().stream()
                        .filter(each -> each.level() == Finding.Level.PROBLEM)
                        .toList();
    }

    private void assertProblem(int code, Configuration settings) {
        assertThat(problems(settings)).extracting(Finding::code).contains(code);
        assertThat(problems(settings))
                .extracting(Finding::remedy)
                .allSatisfy(each -> assertThat(each).isNotBlank());
    }

    @Test
    void shouldDescribeThePort() {
        assertThat(new RdmaChecks(SETTINGS, root).run())
                .extracting(Finding::sentence)
                .anySatisfy(each ->
                        assertThat(each).contains("rxe0:1", "ACTIVE", "Ethernet", "2.5 Gb/sec", "1 10.5.0.1 (RoCE v2)"))
                .anySatisfy(each -> assertThat(each).contains("rxe0:1 would be used, with GID 1"));
    }

    @Test
    void shouldFindThatThereIsNoDevice() {
        assertThat(new RdmaChecks(SETTINGS, root.resolve("elsewhere")).run())
                .singleElement()
                .extracting(Finding::code)
                .isEqualTo(RdmaChecks.NO_DEVICE);
    }

    @Test
    void shouldFindAPortThatIsDown() throws IOException {
        write(port.resolve("state"), "1: DOWN");
        assertProblem(RdmaChecks.PORT_DOWN, SETTINGS);
    }

    @Test
    void shouldFindMissingFiles() throws IOException {
        Files.delete(root.resolve("dev/infiniband/uverbs0"));
        assertProblem(RdmaChecks.NO_FILES, SETTINGS);
        Files.delete(root.resolve("dev/infiniband"));
        assertProblem(RdmaChecks.NO_FILES, SETTINGS);
    }

    @Test
    void shouldFindThatWhatIsAskedForIsNotThere() {
        assertProblem(RdmaChecks.NO_CHOICE, SETTINGS.with(RdmaOptions.DEVICE, "mlx5_0"));
        assertProblem(RdmaChecks.NO_CHOICE, SETTINGS.with(RdmaOptions.DEVICE, "rxe0:2"));
        assertProblem(RdmaChecks.NO_CHOICE, SETTINGS.with(RdmaOptions.DEVICE, "10.5.0.2"));
        assertProblem(RdmaChecks.NO_CHOICE, SETTINGS.with(RdmaOptions.GID, "7"));
    }

    @Test
    void shouldFindAPortWithoutGid() throws IOException {
        for (int index = 0; index < 2; index++) {
            Files.delete(port.resolve("gids/" + index));
        }
        assertProblem(RdmaChecks.NO_CHOICE, SETTINGS);
    }

    @Test
    void shouldFindThatTooLittleMemoryMayBeLocked() throws IOException {
        limit("65536");
        assertProblem(RdmaChecks.LOCKED_MEMORY, SETTINGS);
        assertThat(problems(SETTINGS))
                .extracting(Finding::sentence)
                .anySatisfy(each -> assertThat(each).contains("65536"));
    }

    @Test
    void shouldChooseByNamePortIndexAndAddress() {
        List<RdmaPort> ports = RdmaPorts.all(root.resolve(RdmaPorts.DEVICES));
        assertThat(RdmaPorts.choose(ports, "auto", "auto").gid().index()).isEqualTo(1);
        assertThat(RdmaPorts.choose(ports, "rxe0", "0").gid().index()).isZero();
        assertThat(RdmaPorts.choose(ports, "rxe0:1", "auto").gid().index()).isEqualTo(1);
        assertThat(RdmaPorts.choose(ports, "10.5.0.1", "auto").gid().index()).isEqualTo(1);
        assertThat(RdmaPorts.choose(ports, "fe80::5054:ff:fe12:3456", "auto")
                        .gid()
                        .index())
                .isZero();
        assertThatThrownBy(() -> RdmaPorts.choose(ports, "rxe1", "auto"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rxe0:1");
    }
}
