package org.porthole.transport.shm;

import java.nio.ByteBuffer;
import org.porthole.spi.RemoteKey;

/// What a peer needs to reach memory that the user brought.
///
/// @param startTime when the owner's process started, in clock ticks since boot: process ids are used again
/// @param address   where the memory is in the owner's process
/// @param byteSize  how much it is
/// @param number    the registration's number there
/// @param mailbox   the owner's mailbox; names its process
record BorrowedKey(long startTime, long address, long byteSize, long number, ShmFile.Name mailbox) {
    static final int BYTES = 4 * Long.BYTES + ShmFile.Name.BYTES;

    RemoteKey encode() {
        ByteBuffer out = ByteBuffer.allocate(BYTES)
                .putLong(startTime)
                .putLong(address)
                .putLong(byteSize)
                .putLong(number);
        mailbox.encode(out);
        return new RemoteKey(out.array());
    }

    /// Reads [#BYTES] bytes.
    static BorrowedKey decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return new BorrowedKey(in.getLong(), in.getLong(), in.getLong(), in.getLong(), ShmFile.Name.decode(in));
    }
}
