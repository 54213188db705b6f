package org.porthole.transport.shm;

import java.nio.ByteBuffer;
import org.porthole.TransportException;
import org.porthole.spi.LoadStoreEndpoint;
import org.porthole.spi.MappedRemoteMemory;
import org.porthole.spi.RemoteKey;
import org.porthole.spi.RemoteMemory;

/// The way to one process: its files, mapped here.
final class ShmEndpoint extends LoadStoreEndpoint {
    private final long process;

    ShmEndpoint(long process) {
        this.process = process;
    }

    @Override
    public RemoteMemory attach(RemoteKey key) {
        if (key.bytes().length != ShmFile.Name.BYTES) {
            throw new TransportException(
                    "shm: " + key.bytes().length + " bytes are no key; one has " + ShmFile.Name.BYTES);
        }
        ShmFile.Name name = ShmFile.Name.decode(ByteBuffer.wrap(key.bytes()));
        if (name.process() != process || name.byteSize() <= 0) {
            throw new TransportException("shm: the key is not one of process " + process);
        }
        return new MappedRemoteMemory(name.map());
    }

    @Override
    public void close() {}
}
