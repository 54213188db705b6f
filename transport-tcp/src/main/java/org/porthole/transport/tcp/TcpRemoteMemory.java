package org.porthole.transport.tcp;

import java.util.Optional;
import org.porthole.spi.Memory;
import org.porthole.spi.RemoteMemory;

/// A peer's memory, by its key.
record TcpRemoteMemory(long key, long byteSize) implements RemoteMemory {
    /// For requests that are about no memory.
    static final TcpRemoteMemory NONE = new TcpRemoteMemory(0, 0);

    @Override
    public Optional<Memory> mapped() {
        return Optional.empty();
    }

    @Override
    public void close() {}
}
