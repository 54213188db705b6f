package org.porthole.testkit;

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

/// A transport's module descriptor, which the module path reads, and its META-INF/services, which the class path reads, say the same; and the
/// module exports nothing.
public abstract class ModuleContract {
    /// For transports.
    protected ModuleContract() {}

    /// The provider that the module has.
    ///
    /// @return a class of the module
    protected abstract Class<? extends TransportProvider> provider();

    /// What `porthole.transports` calls the transport.
    ///
    /// @return its name
    protected abstract String transport();

    /// The modules that it may read.
    ///
    /// @return their names, without `java.base` and `org.porthole.core`
    protected abstract String[] requires();

    private Path classes() throws URISyntaxException {
        return Path.of(
                provider().getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private ModuleDescriptor descriptor() throws IOException, URISyntaxException {
        try (InputStream in = Files.newInputStream(classes().resolve("module-info.class"))) {
            return ModuleDescriptor.read(in);
        }
    }

    @Test
    void shouldProvideTheSameOnBothPaths() throws Exception {
        Path services = classes().resolve("META-INF/services");
        assertThat(descriptor().provides()).singleElement().satisfies(provides -> {
            assertThat(provides.service()).isEqualTo(TransportProvider.class.getName());
            assertThat(Files.readAllLines(services.resolve(provides.service())))
                    .filteredOn(line -> !line.isBlank() && !line.startsWith("#"))
                    .isEqualTo(provides.providers());
        });
        try (Stream<Path> files = Files.list(services)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void shouldBeFoundByTheServiceLoader() {
        assertThat(ServiceLoader.load(TransportProvider.class))
                .filteredOn(provider()::isInstance)
                .singleElement()
                .extracting(TransportProvider::name)
                .isEqualTo(transport());
    }

    @Test
    void shouldExportNothingAndReadLittle() throws Exception {
        assertThat(descriptor().exports()).isEmpty();
        assertThat(descriptor().requires())
                .extracting(ModuleDescriptor.Requires::name)
                .contains("java.base", "org.porthole.core")
                .filteredOn(name -> !name.equals("java.base") && !name.equals("org.porthole.core"))
                .containsExactlyInAnyOrder(requires());
    }
}
