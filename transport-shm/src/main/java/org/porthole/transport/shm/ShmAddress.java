package org.porthole.transport.shm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.porthole.TransportException;

/// What a peer needs to find this process and to be sure that it is the one: the kernel it runs on, its id and start time, and a file in which
/// a number can be read that nobody else knows.
///
/// @param kernel    the kernel's boot id
/// @param startTime when the process started, in clock ticks since boot: process ids are used again
/// @param beacon    the file
/// @param nonce     what is written in it
record ShmAddress(UUID kernel, long startTime, ShmFile.Name beacon, long nonce) {
    private static final int BYTES = 4 * Long.BYTES + ShmFile.Name.BYTES;
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    /// proc_pid_stat(5): the 22nd field; two stand before the last parenthesis.
    private static final int START_TIME_AFTER_NAME = 19;

    byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(BYTES)
                .putLong(kernel.getMostSignificantBits())
                .putLong(kernel.getLeastSignificantBits())
                .putLong(startTime);
        beacon.encode(out);
        return out.putLong(nonce).array();
    }

    /// Reads what [#encode()] wrote.
    ///
    /// @throws TransportException if the bytes are no address
    static ShmAddress decode(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new TransportException("shm: " + bytes.length + " bytes are no address; one has " + BYTES);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        UUID kernel = new UUID(in.getLong(), in.getLong());
        return new ShmAddress(kernel, in.getLong(), ShmFile.Name.decode(in), in.getLong());
    }

    /// The boot id of this kernel.
    static UUID thisKernel() {
        try {
            return UUID.fromString(Files.readString(BOOT_ID).strip());
        } catch (IOException | IllegalArgumentException e) {
            throw new TransportException("shm: cannot read " + BOOT_ID + ": " + e, e);
        }
    }

    /// When a process started.
    ///
    /// @return clock ticks since boot, or -1 if there is no such process
    static long startTimeOf(long process) {
        try {
            // The name may hold anything, so read from its end; it need not be UTF-8.
            String stat = Files.readString(Path.of("/proc/" + process + "/stat"), StandardCharsets.ISO_8859_1);
            return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[START_TIME_AFTER_NAME]);
        } catch (IOException e) {
            return -1;
        }
    }
}
