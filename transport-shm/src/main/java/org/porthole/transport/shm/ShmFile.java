package org.porthole.transport.shm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.porthole.TransportException;

/// An anonymous file in memory, owned by this process: it goes with the process, however that ends. Peers open it by [Name].
///
/// Its size is sealed: a peer that could shrink it would take the pages from under every mapping, and one that could grow it would take memory
/// beyond what was agreed.
///
/// **Threads.** Any.
final class ShmFile implements AutoCloseable {
    private static final String LABEL_PREFIX = "porthole:";
    /// memfd_create(2): the name has at most 249 bytes.
    private static final int MAX_LABEL_LENGTH = 80;

    private final int descriptor;
    private final Name name;
    private boolean closed;

    private ShmFile(int descriptor, Name name) {
        this.descriptor = descriptor;
        this.name = name;
    }

    /// Where a peer finds the file, and how it knows that it is the right one.
    ///
    /// @param process    the owner's process id
    /// @param descriptor the owner's descriptor
    /// @param byteSize   the file's size
    /// @param inode      the file's number
    record Name(long process, int descriptor, long byteSize, long inode) {
        static final int BYTES = 3 * Long.BYTES + Integer.BYTES;

        void encode(ByteBuffer out) {
            out.putLong(process).putInt(descriptor).putLong(byteSize).putLong(inode);
        }

        static Name decode(ByteBuffer in) {
            return new Name(in.getLong(), in.getInt(), in.getLong(), in.getLong());
        }

        String path() {
            return "/proc/" + process + "/fd/" + descriptor;
        }

        /// Maps the file if it is the one that was meant.
        ///
        /// @throws TransportException if it cannot be opened, or is another
        ShmMapping map() {
            int opened = ShmNative.open(path());
            try {
                Path self = Path.of("/proc/self/fd/" + opened);
                if (inodeOf(self) != inode || Files.size(self) != byteSize || !ShmNative.isSealed(opened)) {
                    throw new TransportException("shm: " + path() + " is not the file that its owner announced");
                }
                return new ShmMapping(ShmNative.map(opened, byteSize), byteSize);
            } catch (IOException e) {
                throw new TransportException("shm: cannot look at " + path() + ": " + e, e);
            } finally {
                ShmNative.close(opened);
            }
        }
    }

    private static long inodeOf(Path path) throws IOException {
        return (long) Files.getAttribute(path, "unix:ino");
    }

    /// Creates a file of zeroes with all its pages.
    ///
    /// @throws TransportException if the system refuses
    static ShmFile create(long byteSize, String label) {
        String shown = label.length() > MAX_LABEL_LENGTH ? label.substring(0, MAX_LABEL_LENGTH) : label;
        int descriptor = ShmNative.createFile(LABEL_PREFIX + shown);
        try {
            ShmNative.allocateAndSeal(descriptor, byteSize);
            long inode = inodeOf(Path.of("/proc/self/fd/" + descriptor));
            return new ShmFile(descriptor, new Name(ProcessHandle.current().pid(), descriptor, byteSize, inode));
        } catch (IOException e) {
            ShmNative.close(descriptor);
            throw new TransportException("shm: /proc/self/fd cannot be read: " + e, e);
        } catch (RuntimeException e) {
            ShmNative.close(descriptor);
            throw e;
        }
    }

    /// The same file under another descriptor.
    ShmFile share() {
        int shared = ShmNative.open("/proc/self/fd/" + descriptor);
        return new ShmFile(shared, new Name(name.process, shared, name.byteSize, name.inode));
    }

    Name name() {
        return name;
    }

    /// Maps the file as a peer would.
    ShmMapping open() {
        return name.map();
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            ShmNative.close(descriptor);
        }
    }
}
