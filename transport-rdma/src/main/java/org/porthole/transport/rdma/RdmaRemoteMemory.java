package org.porthole.transport.rdma;

import java.util.Optional;
import org.porthole.spi.Memory;
import org.porthole.spi.RemoteMemory;

/// A peer's memory.
///
/// @param key       what requests call it
/// @param byteSize  its size
/// @param address   where it begins there
/// @param span      how many bytes of it one key of the adapter stands for
/// @param remoteKeys the adapter's keys
/// @param isByAdapter whether its atomics are the adapter's
@SuppressWarnings("ArrayRecordComponent") // never compared
record RdmaRemoteMemory(long key, long byteSize, long address, long span, int[] remoteKeys, boolean isByAdapter)
        implements RemoteMemory {
    /// The adapter's key for the bytes from an offset on.
    int remoteKey(long offset) {
        return remoteKeys.length == 1 ? remoteKeys[0] : remoteKeys[(int) (offset / span)];
    }

    /// How many bytes from an offset on the same key stands for.
    long left(long offset) {
        return remoteKeys.length == 1 ? Long.MAX_VALUE : span - offset % span;
    }

    @Override
    public Optional<Memory> mapped() {
        return Optional.empty();
    }

    @Override
    public void close() {}
}
