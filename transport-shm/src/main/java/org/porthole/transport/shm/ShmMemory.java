package org.porthole.transport.shm;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.porthole.TransportException;
import org.porthole.spi.Memory;
import org.porthole.spi.PageGuard;
import org.porthole.transport.shm.ShmOptions.HugePages;

/// Memory of this process that peers can map: a file and this process's mapping of it.
///
/// **Threads.** Any.
final class ShmMemory implements Memory {
    private final ShmFile file;
    private final ShmMapping mapping;

    /// Zeroed memory in ordinary pages.
    ///
    /// @throws TransportException if the system refuses the memory
    ShmMemory(long byteSize, String label) {
        this(byteSize, label, HugePages.OFF);
    }

    /// Zeroed memory.
    ///
    /// @throws TransportException if the system refuses the memory, or huge pages that are required
    ShmMemory(long byteSize, String label, HugePages hugePages) {
        // A file of no bytes could not be mapped.
        file = ShmFile.create(Math.max(1, byteSize), label);
        try {
            mapping = file.open();
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
        if (hugePages != HugePages.OFF && byteSize >= ShmNative.HUGE_PAGE) {
            collapse(byteSize, label, hugePages);
        }
    }

    private void collapse(long byteSize, String label, HugePages hugePages) {
        try {
            ShmNative.collapse(mapping.segment().address(), byteSize);
        } catch (TransportException e) {
            if (hugePages == HugePages.REQUIRE) {
                close();
                throw new TransportException(
                        "there are no huge pages for " + label + ": " + e.getMessage() + "; Linux 6.1 or newer and "
                                + "unfragmented memory are needed, or " + ShmOptions.HUGE_PAGES.key() + "=try",
                        e);
            }
            System.getLogger(ShmMemory.class.getName()).log(System.Logger.Level.DEBUG, "no huge pages for " + label, e);
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
    public boolean fencePeers() {
        return mapping.fencePeers();
    }

    @Override
    public void unpark(long offset) {
        mapping.unpark(offset);
    }

    @Override
    public Optional<PageGuard> guard(String label) {
        return Optional.of(new ShmPageGuard(file.name(), segment().byteSize(), label));
    }

    @Override
    public void close() {
        mapping.close();
        file.close();
    }
}
