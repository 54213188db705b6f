package org.porthole.transport.rdma;

import org.junit.jupiter.api.Assumptions;
import org.porthole.config.Configuration;

/// DiSNI's own native library, for tests of the provider that takes it: `porthole.test.rdma.libdisni` names it, and its folder is in `java.library.path`.
final class LibDisni {
    private static final String PROPERTY = "porthole.test.rdma.libdisni";

    private LibDisni() {}

    /// Skips a test where the library is not named.
    static Configuration chosen(Configuration settings) {
        Assumptions.assumeTrue(System.getProperty(PROPERTY) != null, "-D" + PROPERTY + " names no library");
        return settings.with(RdmaOptions.PROVIDER, "jni");
    }
}
