package org.porthole.transport.rdma;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.porthole.spi.TransportProvider;

/// The module descriptor, which the module path reads, and META-INF/services, which the class path reads, say the same.
class ModuleTest {
    private static final Path CLASSES = classes();

    private static Path classes() {
        try {
            return Path.of(RdmaTransportProvider.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ModuleDescriptor descriptor() throws IOException {
        try (InputStream in = Files.newInputStream(CLASSES.resolve("module-info.class"))) {
            return ModuleDescriptor.read(in);
        }
    }

    @Test
    void shouldProvideTheSameOnBothPaths() throws IOException {
        assertThat(descriptor().provides()).singleElement().satisfies(provides -> {
            assertThat(provides.service()).isEqualTo(TransportProvider.class.getName());
            assertThat(Files.readAllLines(CLASSES.resolve("META-INF/services").resolve(provides.service())))
                    .filteredOn(line -> !line.isBlank() && !line.startsWith("#"))
                    .isEqualTo(provides.providers());
        });
        try (Stream<Path> files = Files.list(CLASSES.resolve("META-INF/services"))) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void shouldBeFoundByTheServiceLoader() {
        assertThat(ServiceLoader.load(TransportProvider.class))
                .filteredOn(RdmaTransportProvider.class::isInstance)
                .singleElement()
                .extracting(TransportProvider::name)
                .isEqualTo(RdmaTransportProvider.NAME);
    }

    @Test
    void shouldExportNothing() throws IOException {
        assertThat(descriptor().exports()).isEmpty();
        assertThat(descriptor().requires())
                .extracting(ModuleDescriptor.Requires::name)
                .containsExactlyInAnyOrder("java.base", "org.porthole.core", "org.agrona");
    }
}
