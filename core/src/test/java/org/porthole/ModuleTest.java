package org.porthole;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.porthole.spi.TransportProvider;

/// The module descriptor, which the module path reads, and META-INF/services, which the class path reads, say the same.
class ModuleTest {
    private static final Path CLASSES = classes();

    private static Path classes() {
        try {
            return Path.of(Job.class
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

    private static Map<String, List<String>> services() throws IOException {
        Map<String, List<String>> services = new TreeMap<>();
        try (Stream<Path> files = Files.list(CLASSES.resolve("META-INF/services"))) {
            for (Path file : files.toList()) {
                services.put(
                        file.getFileName().toString(),
                        Files.readAllLines(file).stream()
                                .map(line -> line.replaceAll("#.*", "").strip())
                                .filter(line -> !line.isEmpty())
                                .toList());
            }
        }
        return services;
    }

    @Test
    void shouldProvideTheSameOnBothPaths() throws IOException {
        Map<String, List<String>> provided = descriptor().provides().stream()
                .collect(Collectors.toMap(ModuleDescriptor.Provides::service, ModuleDescriptor.Provides::providers));

        assertThat(provided).containsOnlyKeys(TransportProvider.class.getName()).isEqualTo(services());
    }

    @Test
    void shouldProvideWhatTheServiceLoaderCanMake() throws IOException, ReflectiveOperationException {
        for (String provider : services().get(TransportProvider.class.getName())) {
            assertThat(Class.forName(provider).getConstructor().newInstance()).isInstanceOf(TransportProvider.class);
        }
    }

    @Test
    void shouldUseTheServiceItLooksUp() throws IOException {
        assertThat(descriptor().uses()).containsExactly(TransportProvider.class.getName());
    }

    @Test
    void shouldExportAllButTheInside() throws IOException {
        assertThat(descriptor().exports())
                .allMatch(export -> !export.isQualified())
                .extracting(ModuleDescriptor.Exports::source)
                .containsExactlyInAnyOrder(
                        "org.porthole", "org.porthole.config", "org.porthole.port", "org.porthole.spi");
    }
}
