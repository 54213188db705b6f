package org.porthole.internal.window;

import java.nio.ByteBuffer;
import org.porthole.Lease;
import org.porthole.spi.Permit;

/// A right to a range of one rank's part of a window, which can travel in a message to any rank of the job, also one that took no part in opening the
/// window: [#encode()] there, [#decode(ByteBuffer)] and [LeaseReach#open] here.
///
/// It names a lease: whoever holds the bytes may do what the lease permits until it ends, by time or because the owner closes [#lease()]. Transports that
/// carry out operations at the target check permit and end there; where the memory is mapped, [LeaseReach] checks both, and the owner waits for
/// what is under way.
///
/// @param rank      the owner's rank in the job
/// @param size      how many ranks the window's team has
/// @param line      which line of the owner's leases
/// @param id        the lease
/// @param permit    what it allows
/// @param wordsKeys keys of the owner's lease memory
/// @param keys      keys of the memory itself, good for what the permit allows
/// @param lease     the owner's hold on it; null where the token has been decoded
@SuppressWarnings("ArrayRecordComponent") // never compared
public record LeaseToken(
        int rank, int size, int line, long id, Permit permit, byte[] wordsKeys, byte[] keys, Lease lease) {
    /// The token as bytes.
    ///
    /// @return what [#decode(ByteBuffer)] reads
    public byte[] encode() {
        return ByteBuffer.allocate(6 * Integer.BYTES + 3 * Long.BYTES + wordsKeys.length + keys.length)
                .putInt(rank)
                .putInt(size)
                .putInt(line)
                .putInt(permit.rights())
                .putLong(id)
                .putLong(permit.from())
                .putLong(permit.to())
                .putInt(wordsKeys.length)
                .put(wordsKeys)
                .putInt(keys.length)
                .put(keys)
                .array();
    }

    /// Reads what [#encode()] wrote, from a peer that may lie: what a lying token names is refused when it is used.
    ///
    /// @param in positioned at it
    /// @return the token, without the owner's hold
    /// @throws IllegalArgumentException if it is none
    public static LeaseToken decode(ByteBuffer in) {
        try {
            int rank = in.getInt();
            int size = in.getInt();
            int line = in.getInt();
            int rights = in.getInt();
            long id = in.getLong();
            Permit permit = new Permit(rights, in.getLong(), in.getLong());
            byte[] wordsKeys = bytes(in);
            byte[] keys = bytes(in);
            if (rank < 0 || size < 1 || line < 0 || line >= size + LeaseDescriptor.BEARERS || id <= 0) {
                throw new IllegalArgumentException(
                        "line " + line + " of " + size + ", lease " + id + " of rank " + rank);
            }
            return new LeaseToken(rank, size, line, id, permit, wordsKeys, keys, null);
        } catch (java.nio.BufferUnderflowException e) {
            throw new IllegalArgumentException("the bytes of a right to a window end too early", e);
        }
    }

    private static byte[] bytes(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("keys of " + length + " bytes in a right to a window");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }
}
