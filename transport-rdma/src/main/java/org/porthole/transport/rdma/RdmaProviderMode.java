package org.porthole.transport.rdma;

import java.io.IOException;

/// What is under DiSNI's API: the values of `porthole.rdma.provider`.
enum RdmaProviderMode {
    /// Foreign functions: they can do everything, and need nothing but libibverbs.
    AUTO,
    /// Foreign functions.
    FFM,
    /// DiSNI's own native library.
    JNI;

    /// Opens it.
    ///
    /// @throws IOException  if DiSNI's own cannot be used; the message says why, and what it takes
    /// @throws LinkageError if there is no libibverbs
    RdmaExtension open() throws IOException {
        if (this == JNI) {
            return JniVerbs.open();
        }
        FfmProvider provider = new FfmProvider();
        FfmProvider.install(provider);
        return provider.verbs();
    }
}
