package org.porthole.transport.shm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.porthole.spi.PageGuard;

/// A mapping of a file that is replaced, at the same address, by one of an empty file: beyond the end of a file every touch is a SIGBUS, which the Java VM
/// makes an [InternalError].
///
/// **Source.** mmap(2), MAP_FIXED and SIGBUS. Protecting the pages instead (mprotect(2)) makes a touch a SIGSEGV, which ends the VM.
///
/// **Threads.** One at a time.
final class ShmPageGuard implements PageGuard {
    private static final String LABEL_PREFIX = "porthole-exposed:";
    private static final int MOST_LABEL_LENGTH = 80;

    private final Arena arena = Arena.ofShared();
    private final ShmFile.Name name;
    private final int file;
    private final int nothing;
    private final MemorySegment segment;
    private boolean closed;

    @SuppressWarnings("restricted") // the address comes from mmap, and the arena unmaps it
    ShmPageGuard(ShmFile.Name name, long byteSize, String label) {
        this.name = name;
        file = ShmNative.open(name.path());
        String shown = label.length() > MOST_LABEL_LENGTH ? label.substring(0, MOST_LABEL_LENGTH) : label;
        nothing = ShmNative.createEmptyFile(LABEL_PREFIX + shown);
        long address = ShmNative.mapUnpopulated(nothing, name.byteSize());
        segment = MemorySegment.ofAddress(address)
                .reinterpret(byteSize, arena, mapped -> ShmNative.unmap(mapped.address(), name.byteSize()));
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }

    @Override
    public void open() {
        ShmNative.mapOver(segment.address(), name.byteSize(), file);
    }

    @Override
    public void shut() {
        ShmNative.mapOver(segment.address(), name.byteSize(), nothing);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            arena.close();
            ShmNative.close(nothing);
            ShmNative.close(file);
        }
    }
}
