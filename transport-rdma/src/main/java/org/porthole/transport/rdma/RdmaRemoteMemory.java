package org.porthole.transport.rdma;

import java.util.Optional;
import org.porthole.spi.Memory;
import org.porthole.spi.RemoteMemory;

/// A peer's memory.
///
/// @param key       what requests call it
/// @param byteSize  its size
/// @param address   where it begins there
/// @param remoteKey the adapter's key
/// @param isByAdapter whether its atomics are the adapter's
record RdmaRemoteMemory(long key, long byteSize, long address, int remoteKey, boolean isByAdapter)
        implements RemoteMemory {
    @Override
    public Optional<Memory> mapped() {
        return Optional.empty();
    }

    @Override
    public void close() {}
}
