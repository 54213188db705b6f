package org.porthole.spi;

import java.util.Optional;

/// A peer's memory that is mapped into this process.
///
/// @param memory the mapping, closed with this object
public record MappedRemoteMemory(Memory memory) implements RemoteMemory {
    @Override
    public long byteSize() {
        return memory.segment().byteSize();
    }

    @Override
    public Optional<Memory> mapped() {
        return Optional.of(memory);
    }

    @Override
    public void close() {
        memory.close();
    }
}
