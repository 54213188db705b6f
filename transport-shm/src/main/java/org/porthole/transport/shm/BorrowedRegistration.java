package org.porthole.transport.shm;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import org.porthole.spi.Registration;
import org.porthole.spi.RemoteKey;
import org.porthole.spi.TargetAtomics;

/// The right of peers to reach memory that the user brought. Once it is closed, the mailbox refuses; what the kernel copies for a peer that has
/// attached before cannot be refused.
///
/// **Threads.** Any. Closing waits for the operation that the service carries out on it.
final class BorrowedRegistration implements Registration {
    private final MemorySegment segment;
    private final TargetAtomics atomics;
    private final BorrowedKey key;
    private final Consumer<BorrowedRegistration> onClose;
    private boolean closed;

    BorrowedRegistration(
            MemorySegment segment, TargetAtomics atomics, BorrowedKey key, Consumer<BorrowedRegistration> onClose) {
        this.segment = segment;
        this.atomics = atomics;
        this.key = key;
        this.onClose = onClose;
    }

    MemorySegment segment() {
        return segment;
    }

    TargetAtomics atomics() {
        return atomics;
    }

    BorrowedKey borrowedKey() {
        return key;
    }

    /// Whether it has ended; to be asked, and acted upon, under this object's monitor.
    boolean isClosed() {
        return closed;
    }

    @Override
    public RemoteKey key() {
        return key.encode();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        onClose.accept(this);
    }
}
