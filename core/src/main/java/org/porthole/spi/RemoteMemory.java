package org.porthole.spi;

import java.util.Optional;

/// A peer's registered memory, as an [Endpoint] sees it.
public interface RemoteMemory extends AutoCloseable {
    /// Its size.
    ///
    /// @return bytes
    long byteSize();

    /// The memory itself, where the CPU can reach it: the runtime then loads and stores directly.
    ///
    /// @return the mapping; empty if only the endpoint's operations reach it
    Optional<Memory> mapped();

    /// Lets go of it.
    @Override
    void close();
}
