package org.porthole.spi;

import java.util.Arrays;
import java.util.Objects;

/// What a peer needs to reach registered memory: opaque bytes that only the transport which made them understands.
///
/// @param bytes at most [#MAX_BYTES] bytes; not to be changed
@SuppressWarnings("ArrayRecordComponent") // never compared by identity: see equals
public record RemoteKey(byte[] bytes) {
    /// Longest key, in bytes.
    public static final int MAX_BYTES = 128;

    /// Checks the length.
    ///
    /// @throws IllegalArgumentException if there are too many bytes
    public RemoteKey {
        Objects.requireNonNull(bytes, "bytes");
        if (bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "remote key of " + bytes.length + " bytes; at most " + MAX_BYTES + " are allowed");
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RemoteKey key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /// Keys are capabilities, so the bytes are not shown.
    @Override
    public String toString() {
        return "RemoteKey[" + bytes.length + " bytes]";
    }
}
