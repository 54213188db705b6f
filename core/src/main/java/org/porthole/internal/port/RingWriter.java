package org.porthole.internal.port;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.porthole.internal.route.Target;

/// The end of a ring at which records go in. The ring lies in a peer's memory.
///
/// Where the CPU reaches it, records are written in place and become visible with the store of their header. Otherwise they are written to a copy of
/// the ring here, put from there, and the header is signalled behind them: a piece of the copy is written again only when the peer has read what was
/// there, and so has got it.
///
/// **Threads.** One at a time.
final class RingWriter {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    private final Target target;
    private final MemorySegment memory;
    private final long base;
    private final long size;
    private final MemorySegment office;
    private final long emptied;
    private long tail;
    private long end;

    /// An empty ring.
    ///
    /// @param target  the peer's memory
    /// @param base    where the ring begins in it
    /// @param size    a power of two
    /// @param office  this rank's control memory
    /// @param emptied where the peer tells how far it has read
    RingWriter(Target target, long base, long size, MemorySegment office, long emptied) {
        this.target = target;
        this.base = base;
        this.size = size;
        this.office = office;
        this.emptied = emptied;
        memory = target.segment != null ? target.segment : Arena.ofAuto().allocate(base + size, RecordDescriptor.UNIT);
        end = size;
    }

    /// Where records are written.
    MemorySegment memory() {
        return memory;
    }

    /// Finds room for a record.
    ///
    /// @param length its length
    /// @return where it begins in [#memory()]; -1 if there is no room now
    long claim(long length) {
        long needed = RecordDescriptor.round(length);
        long place = tail & (size - 1);
        long pad = place + needed > size ? size - place : 0;
        if (tail + pad + needed > end) {
            end = (long) LONG.getAcquire(office, emptied) + size;
            if (tail + pad + needed > end) {
                return -1;
            }
        }
        if (pad != 0) {
            store(base + place, RecordDescriptor.header(pad, RecordDescriptor.PAD, 0));
            tail += pad;
        }
        return base + (tail & (size - 1));
    }

    /// Lets the peer see a record that is written but for its header.
    ///
    /// @param at     what [#claim(long)] returned
    /// @param header its header
    void publish(long at, long header) {
        long length = RecordDescriptor.length(header);
        tail += RecordDescriptor.round(length);
        if (target.segment == null) {
            target.put(at + Long.BYTES, memory, at + Long.BYTES, length - Long.BYTES);
        }
        store(at, header);
    }

    private void store(long at, long header) {
        if (target.segment == null) {
            target.signal(at, header);
        } else {
            LONG.setRelease(memory, at, header);
        }
    }
}
