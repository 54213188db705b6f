package org.porthole.transport.shm;

import java.lang.foreign.MemorySegment;
import org.porthole.spi.Memory;

/// Memory of this process that peers can map: a file and this process's mapping of it.
///
/// **Threads.** Any.
final class ShmMemory implements Memory {
    private final ShmFile file;
    private final ShmMapping mapping;

    /// Zeroed memory.
    ///
    /// @throws org.porthole.TransportException if the system refuses the memory
    ShmMemory(long byteSize, String label) {
        // A file of no bytes could not be mapped.
        file = ShmFile.create(Math.max(1, byteSize), label);
        try {
            mapping = file.open();
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    ShmFile file() {
        return file;
    }

    @Override
    public MemorySegment segment() {
        return mapping.segment();
    }

    @Override
    public void park(long offset, int expected, long timeoutNs) {
        mapping.park(offset, expected, timeoutNs);
    }

    @Override
    public boolean isParkFencing() {
        return mapping.isParkFencing();
    }

    @Override
    public void unpark(long offset) {
        mapping.unpark(offset);
    }

    @Override
    public void close() {
        mapping.close();
        file.close();
    }
}
