package org.porthole.transport.shm;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.porthole.spi.Registration;
import org.porthole.spi.RemoteKey;

/// The right of peers to map one file: a descriptor of its own, so that nobody finds the file any more once it is closed. Peers that have
/// mapped it keep their mapping.
///
/// **Threads.** Any.
final class ShmRegistration implements Registration {
    private final ShmFile shared;
    private final Consumer<Registration> onClose;

    ShmRegistration(ShmFile shared, Consumer<Registration> onClose) {
        this.shared = shared;
        this.onClose = onClose;
    }

    @Override
    public RemoteKey key() {
        ByteBuffer key = ByteBuffer.allocate(ShmFile.Name.BYTES);
        shared.name().encode(key);
        return new RemoteKey(key.array());
    }

    @Override
    public void close() {
        shared.close();
        onClose.accept(this);
    }
}
