package org.porthole.internal.port;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.porthole.JoinException;
import org.porthole.config.Configuration;
import org.porthole.config.CoreOptions;
import org.porthole.internal.route.Target;
import org.porthole.spi.Memory;
import org.porthole.spi.TargetAtomics;

/// The offices that a rank knows of, and what ranks tell each other of theirs when they join.
///
/// **Threads.** Any.
///
/// @param controls the control memory of all ranks
/// @param bases    where in it their offices begin
/// @param ids      the offices' numbers in this process; 0 for those of other processes
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Neighbourhood(Target[] controls, long[] bases, long[] ids) {
    /// The offices of this process, by their numbers, so that its ranks reach each other's ports directly.
    private static final Map<Long, PostOffice> OFFICES = new ConcurrentHashMap<>();

    private static final AtomicLong NEXT_OFFICE = new AtomicLong();

    /// How much control memory the office of a rank takes.
    ///
    /// @param size how many ranks the job has
    /// @return bytes
    public static long controlBytes(int size) {
        return OfficeDescriptor.byteSize(size);
    }

    /// Where the office begins in control memory.
    ///
    /// @param before how much there is before it
    /// @return its offset
    public static long base(long before) {
        return RecordDescriptor.round(before) + RecordDescriptor.UNIT;
    }

    /// What carries out atomics and signals that arrive for control memory with an office in it.
    ///
    /// @param memory the memory
    /// @param base   where the office begins
    /// @return the same as ever, but that signals for the office wake whoever sleeps
    public static TargetAtomics atomics(Memory memory, long base) {
        return new RingAtomics(memory, new Bell(memory, base), base);
    }

    /// A number for the office of a rank that joins.
    ///
    /// @return one that no other office of this process has
    public static long nextId() {
        return NEXT_OFFICE.incrementAndGet();
    }

    /// What a rank that joins tells the others of its office.
    ///
    /// @param number   from [#nextId()]
    /// @param settings the settings
    /// @return bytes for [#number(ByteBuffer, int, int, Configuration)]
    public static byte[] card(long number, Configuration settings) {
        PortLimits limits = PortLimits.of(settings);
        return ByteBuffer.allocate(3 * Long.BYTES)
                .putLong(number)
                .putLong(limits.ring())
                .putLong(limits.payload())
                .array();
    }

    /// Reads what a rank tells of its office.
    ///
    /// @param card     positioned at it
    /// @param peer     whose it is
    /// @param rank     this rank
    /// @param settings this rank's settings
    /// @return the office's number
    /// @throws JoinException if the ranks have different rings or messages
    public static long number(ByteBuffer card, int peer, int rank, Configuration settings) {
        long number = card.getLong();
        PortLimits mine = PortLimits.of(settings);
        requireSame(CoreOptions.PORT_RING.key(), peer, card.getLong(), rank, mine.ring());
        requireSame(CoreOptions.PORT_PAYLOAD.key(), peer, card.getLong(), rank, mine.payload());
        return number;
    }

    private static void requireSame(String key, int peer, long theirs, int rank, long mine) {
        if (theirs != mine) {
            throw new JoinException("the ranks disagree on " + key + ": rank " + rank + " has " + mine + ", rank "
                    + peer + " " + theirs);
        }
    }

    /// An office of this process opens.
    void open(int rank, PostOffice office) {
        OFFICES.put(ids[rank], office);
    }

    void close(int rank, PostOffice office) {
        OFFICES.remove(ids[rank], office);
    }

    /// Whether a rank is in this process.
    boolean isNear(int rank) {
        return ids[rank] != 0;
    }

    /// Whether all are.
    boolean isAllNear() {
        for (long id : ids) {
            if (id == 0) {
                return false;
            }
        }
        return true;
    }

    /// The office of a rank of this process; null if it is elsewhere, or closed.
    PostOffice office(int rank) {
        return ids[rank] == 0 ? null : OFFICES.get(ids[rank]);
    }
}
