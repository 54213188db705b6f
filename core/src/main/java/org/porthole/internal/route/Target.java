package org.porthole.internal.route;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.spi.ElementView;
import org.porthole.spi.Endpoint;
import org.porthole.spi.LoadStore;
import org.porthole.spi.Memory;
import org.porthole.spi.RemoteMemory;
import org.porthole.spi.SignalKind;

/// One rank's part of a window, or of a team's control memory, as this rank reaches it.
///
/// Where the CPU reaches the memory, `segment` is the mapping, and operations are loads and stores inlined at the caller: a JVM that has
/// loaded many transports stays as fast as one that has one. Otherwise they go through the endpoint.
///
/// **Threads.** Any.
public final class Target implements AutoCloseable {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    /// Stands for every rank that an epoch does not cover: nothing fits it.
    public static final Target NONE = new Target(null, null, null, false, 0, -1);

    /// The mapping; null if only the endpoint reaches the memory.
    public final MemorySegment segment;

    /// Where to sleep on the mapping's words; null without mapping.
    public final Memory memory;

    /// The way to the peer; null for this rank itself.
    public final Endpoint endpoint;

    /// The memory as the endpoint knows it; null for this rank itself.
    public final RemoteMemory remote;

    /// What offsets count from: 0, but for memory that was attached to a dynamic window.
    public final long base;

    private final boolean parkFencing;
    /// Whether atomics on 8 bytes go through the endpoint though the memory is mapped.
    private final boolean byAdapter;
    private ElementView elements;

    /// How many bytes may be reached: the part's length, or -1 once the rank is gone, so that the fast path needs one comparison.
    public long limit;

    private Target(Memory memory, Endpoint endpoint, RemoteMemory remote, boolean byAdapter, long base, long limit) {
        this.memory = memory;
        this.segment = memory == null ? null : memory.segment();
        this.parkFencing = memory != null && memory.isParkFencing();
        this.endpoint = endpoint;
        this.remote = remote;
        this.byAdapter = byAdapter;
        this.base = base;
        this.limit = limit;
    }

    /// This rank's own memory.
    ///
    /// @param memory the memory; not closed with this object
    /// @param length how many bytes may be reached
    /// @return the target
    public static Target own(Memory memory, long length) {
        return new Target(memory, null, null, false, 0, length);
    }

    /// This rank's own memory, whose atomics are its adapter's.
    ///
    /// @param memory   the memory; not closed with this object
    /// @param endpoint the way to this rank itself
    /// @param remote   the memory again; closed with this object
    /// @param length   how many bytes may be reached
    /// @return the target
    static Target ownByAdapter(Memory memory, Endpoint endpoint, RemoteMemory remote, long length) {
        return new Target(memory, endpoint, remote, true, 0, length);
    }

    /// A peer's memory.
    ///
    /// @param endpoint the way to the peer
    /// @param remote   its memory; closed with this object
    /// @param length   how many bytes may be reached
    /// @return the target
    public static Target of(Endpoint endpoint, RemoteMemory remote, long length) {
        return new Target(remote.mapped().orElse(null), endpoint, remote, false, 0, length);
    }

    /// A peer's memory of which this rank has no key: nothing is to be done with it.
    ///
    /// @param length how many bytes there are
    /// @return the target
    static Target unattached(long length) {
        return new Target(null, null, null, false, 0, length);
    }

    /// The same memory with offsets that count from elsewhere.
    ///
    /// @param newBase the offset of its first byte
    /// @return the target; it and this one are closed once
    public Target at(long newBase) {
        return new Target(memory, endpoint, remote, byAdapter, newBase, newBase + limit);
    }

    /// The elements of a memory that the CPU reaches. For who keeps all others away from them.
    ///
    /// @return the same object each time, but for threads that ask at once for the first time
    public ElementView elements() {
        ElementView view = elements;
        if (view == null) {
            view = new ElementView(segment);
            elements = view;
        }
        return view;
    }

    /// Puts without completing.
    ///
    /// @param offset       first byte written
    /// @param source       where the bytes are
    /// @param sourceOffset first byte read
    /// @param length       how many
    public void put(long offset, MemorySegment source, long sourceOffset, long length) {
        if (segment != null) {
            LoadStore.copy(source, sourceOffset, segment, offset - base, length);
        } else {
            endpoint.put(remote, offset - base, source, sourceOffset, length);
        }
    }

    /// Gets without completing.
    ///
    /// @param offset            first byte read
    /// @param destination       where the bytes go
    /// @param destinationOffset first byte written
    /// @param length            how many
    public void get(long offset, MemorySegment destination, long destinationOffset, long length) {
        if (segment != null) {
            LoadStore.copy(segment, offset - base, destination, destinationOffset, length);
        } else {
            endpoint.get(remote, offset - base, destination, destinationOffset, length);
        }
    }

    /// Says that many puts or gets follow, all by this thread, up to [#endRuns()], which is called in any case.
    public void startRuns() {
        if (segment == null && endpoint != null) {
            endpoint.startRuns();
        }
    }

    /// The puts or gets have been started.
    public void endRuns() {
        if (segment == null && endpoint != null) {
            endpoint.endRuns();
        }
    }

    /// Puts the low bytes of a value through the endpoint, which has read them when this returns.
    ///
    /// @param offset first byte written
    /// @param value  the value
    /// @param length how many bytes: 1, 4 or 8
    public void putWord(long offset, long value, int length) {
        MemorySegment word = ResultWord.ofThread();
        if (length == Long.BYTES) {
            word.set(ValueLayout.JAVA_LONG, 0, value);
        } else if (length == Integer.BYTES) {
            word.set(ValueLayout.JAVA_INT, 0, (int) value);
        } else {
            word.set(ValueLayout.JAVA_BYTE, 0, (byte) value);
        }
        endpoint.put(remote, offset - base, word, 0, length);
        endpoint.flush();
    }

    /// Gets a value through the endpoint.
    ///
    /// @param offset first byte read
    /// @param length how many bytes: 1, 4 or 8
    /// @return the value
    public long getWord(long offset, int length) {
        MemorySegment word = ResultWord.ofThread();
        endpoint.get(remote, offset - base, word, 0, length);
        endpoint.flush();
        return switch (length) {
            case Long.BYTES -> word.get(ValueLayout.JAVA_LONG, 0);
            case Integer.BYTES -> word.get(ValueLayout.JAVA_INT, 0);
            default -> word.get(ValueLayout.JAVA_BYTE, 0);
        };
    }

    /// Exchanges a 32-bit word and waits for the outcome.
    ///
    /// @param offset   its offset
    /// @param expected what must be there
    /// @param value    what to store
    /// @return what was there
    public int compareAndExchangeInt(long offset, int expected, int value) {
        if (segment != null) {
            return (int) INT.compareAndExchange(segment, offset - base, expected, value);
        }
        MemorySegment result = ResultWord.ofThread();
        endpoint.compareAndExchange(remote, offset - base, DataType.INT, expected, value, result);
        endpoint.flush();
        return (int) result.get(ValueLayout.JAVA_LONG, 0);
    }

    /// Exchanges a 64-bit word and waits for the outcome.
    ///
    /// @param offset   its offset
    /// @param expected what must be there
    /// @param value    what to store
    /// @return what was there
    public long compareAndExchangeLong(long offset, long expected, long value) {
        if (segment != null && !byAdapter) {
            return (long) LONG.compareAndExchange(segment, offset - base, expected, value);
        }
        MemorySegment result = ResultWord.ofThread();
        endpoint.compareAndExchange(remote, offset - base, DataType.LONG, expected, value, result);
        endpoint.flush();
        return result.get(ValueLayout.JAVA_LONG, 0);
    }

    /// Begins to exchange a 32-bit word through the endpoint; [#flush()] waits for the outcome.
    ///
    /// @param offset   its offset
    /// @param expected what must be there
    /// @param value    what to store
    /// @param result   gets what was there, as a long
    public void startCompareAndExchangeInt(long offset, int expected, int value, MemorySegment result) {
        endpoint.compareAndExchange(remote, offset - base, DataType.INT, expected, value, result);
    }

    /// Begins to operate on a 32-bit word through the endpoint; [#flush()] waits for the outcome.
    ///
    /// @param offset  its offset
    /// @param op      what to do
    /// @param operand the operand
    /// @param result  gets what was there, as a long
    public void startFetchAndOpInt(long offset, Operator op, int operand, MemorySegment result) {
        endpoint.fetchAndOp(remote, offset - base, DataType.INT, op, operand, result);
    }

    /// Lets what is started through the endpoint from here on come after what was started before.
    public void fence() {
        endpoint.fence();
    }

    /// Operates on a 32-bit word and waits for the outcome.
    ///
    /// @param offset  its offset
    /// @param op      what to do
    /// @param operand the operand
    /// @return what was there
    public int fetchAndOpInt(long offset, Operator op, int operand) {
        if (segment != null) {
            return LoadStore.fetchAndOp(segment, offset - base, op, operand);
        }
        MemorySegment result = ResultWord.ofThread();
        endpoint.fetchAndOp(remote, offset - base, DataType.INT, op, operand, result);
        endpoint.flush();
        return (int) result.get(ValueLayout.JAVA_LONG, 0);
    }

    /// Operates on a 64-bit word and waits for the outcome.
    ///
    /// @param offset  its offset
    /// @param op      what to do
    /// @param operand the operand
    /// @return what was there
    public long fetchAndOpLong(long offset, Operator op, long operand) {
        if (segment != null && !byAdapter) {
            return LoadStore.fetchAndOp(segment, offset - base, op, operand);
        }
        MemorySegment result = ResultWord.ofThread();
        endpoint.fetchAndOp(remote, offset - base, DataType.LONG, op, operand, result);
        endpoint.flush();
        return result.get(ValueLayout.JAVA_LONG, 0);
    }

    /// Completes everything that was started on this target before.
    public void flush() {
        if (segment != null) {
            VarHandle.fullFence();
        } else if (endpoint != null) {
            endpoint.flush();
        }
    }

    /// Completes what only an endpoint completes.
    public void flushIfRemote() {
        if (segment == null) {
            flush();
        }
    }

    /// Counts what is started through the endpoint, by anybody.
    ///
    /// @return grows with each operation; always 0 where the memory is mapped
    public long startedIfRemote() {
        return segment == null && endpoint != null ? endpoint.started() : 0;
    }

    /// Completes here everything that was started on this target before.
    public void flushLocal() {
        if (segment == null && endpoint != null) {
            endpoint.flushLocal();
        }
    }

    /// Stores a word of the control memory, after everything that was put here before, and wakes whoever sleeps on it.
    ///
    /// @param offset         the word's offset
    /// @param value          what to store
    /// @param sleepersOffset where sleeping threads are counted
    public void announce(long offset, long value, long sleepersOffset) {
        if (segment == null) {
            signal(offset, value);
        } else {
            LONG.setRelease(segment, offset, value);
            wake(offset, sleepersOffset);
        }
    }

    /// Stores a word through the endpoint, after everything that was put here before, and wakes whoever sleeps on it.
    ///
    /// @param offset the word's offset
    /// @param value  what to store
    public void signal(long offset, long value) {
        endpoint.signal(remote, offset, SignalKind.SET, value);
    }

    /// Wakes whoever sleeps on a word of mapped memory that this thread has just stored. A sleeper counts itself before its last look at the word;
    /// this thread has stored the word before it looks at the count.
    ///
    /// @param offset         the word's offset
    /// @param sleepersOffset where sleeping threads are counted
    public void wake(long offset, long sleepersOffset) {
        if (!parkFencing) {
            VarHandle.fullFence();
        }
        if ((int) INT.getOpaque(segment, sleepersOffset) != 0) {
            memory.unpark(offset);
        }
    }

    /// Lets go of a peer's memory.
    @Override
    public void close() {
        if (remote != null) {
            remote.close();
        }
    }
}
