package org.porthole.internal.port;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/// The end of a ring at which records come out. The ring lies in this rank's memory, and one peer writes it.
///
/// A record is there once its header is; a header is 0 until then, because what was read is cleared: one word of each 64 bytes, since records begin
/// nowhere else.
///
/// **Threads.** One at a time; any for [#peek()], whose answer may be out of date.
final class RingReader {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    private final MemorySegment memory;
    private final long base;
    private final long size;
    private long head;
    private long told;

    /// An empty ring.
    ///
    /// @param memory zeroed
    /// @param base   where the ring begins in it
    /// @param size   a power of two
    RingReader(MemorySegment memory, long base, long size) {
        this.memory = memory;
        this.base = base;
        this.size = size;
    }

    MemorySegment memory() {
        return memory;
    }

    /// Where the next record is.
    long at() {
        return base + (head & (size - 1));
    }

    /// The header of the next record; 0 if there is none.
    long peek() {
        return (long) LONG.getAcquire(memory, at());
    }

    /// Whether a header can be that of a record here. What a peer writes is not trusted.
    boolean isSound(long header) {
        long length = RecordDescriptor.length(header);
        long room = size - (head & (size - 1));
        if (RecordDescriptor.kind(header) == RecordDescriptor.PAD) {
            return length == room;
        }
        if (length < RecordDescriptor.BODY || RecordDescriptor.round(length) > room) {
            return false;
        }
        long payload = memory.get(ValueLayout.JAVA_INT, at() + RecordDescriptor.PAYLOAD);
        if (payload < 0 || RecordDescriptor.BODY + payload > length) {
            return false;
        }
        return !RecordDescriptor.hasCargo(header)
                || isSoundFrom(RecordDescriptor.afterPayload(payload), header, length);
    }

    /// Whether what a record has besides its payload ends within it.
    private boolean isSoundFrom(long afterPayload, long header, long length) {
        int rights = RecordDescriptor.rights(header);
        int windows = RecordDescriptor.windows(header);
        long end = afterPayload + rights * RecordDescriptor.RIGHT;
        if (rights > RecordDescriptor.MAX_RIGHTS || windows > RecordDescriptor.MAX_WINDOWS || end > length) {
            return false;
        }
        if (RecordDescriptor.hasRegion(header)) {
            if (end + RecordDescriptor.REGION > length) {
                return false;
            }
            long region = RecordDescriptor.regionLength(memory, at() + end);
            end += region;
            if (region < RecordDescriptor.REGION || end > length) {
                return false;
            }
        }
        end = RecordDescriptor.align(end);
        for (int i = 0; i < windows; i++) {
            if (end + Integer.BYTES > length) {
                return false;
            }
            int bytes = memory.get(ValueLayout.JAVA_INT, at() + end);
            end += RecordDescriptor.windowLength(bytes);
            if (bytes < 0 || end > length) {
                return false;
            }
        }
        return true;
    }

    /// The next record has been read.
    void pass(long header) {
        long length = RecordDescriptor.round(RecordDescriptor.length(header));
        long from = at();
        for (long i = 0; i < length; i += RecordDescriptor.UNIT) {
            memory.set(ValueLayout.JAVA_LONG, from + i, 0);
        }
        head += length;
    }

    /// How far the writer is to be told that this has come; -1 if it needs not know yet.
    long news() {
        if (head - told < size / 4) {
            return -1;
        }
        told = head;
        return head;
    }
}
