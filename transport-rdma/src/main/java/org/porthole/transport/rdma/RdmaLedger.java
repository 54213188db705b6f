package org.porthole.transport.rdma;

import com.ibm.disni.verbs.IbvSendWR;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// The work of a connection that may be under way, as it was posted, so that it can be posted again on another queue pair.
///
/// **Threads.** Written by whoever posts, read by whoever has seen that the work was posted.
final class RdmaLedger {
    static final byte WRITE = 1;
    static final byte READ = 2;
    static final byte REQUEST = 3;
    /// Nothing but a completion.
    static final byte MARK = 4;
    /// By the other side's adapter.
    static final byte ADD = 5;

    static final byte EXCHANGE = 6;

    private final byte[] kind;
    private final int[] flags;
    /// In the connection's buffer; or an address, of memory that has a place.
    private final long[] at;
    private final int[] length;
    private final long[] remote;
    private final int[] key;
    private final long[] operand;
    private final long[] swap;
    /// Of a request: which one.
    private final long[] request;
    /// Up to where the ring is free when the work is done.
    private final long[] ringEnd;

    /// Where what comes back goes, or what must not be collected before; null if there is nothing such.
    private final MemorySegment[] to;

    private final long[] toOffset;

    /// The registration of the caller's memory that the adapter moves bytes from or to; null if it is the connection's buffer.
    private final RdmaCache.Place[] place;

    RdmaLedger(int size) {
        kind = new byte[size];
        flags = new int[size];
        at = new long[size];
        length = new int[size];
        remote = new long[size];
        key = new int[size];
        operand = new long[size];
        swap = new long[size];
        request = new long[size];
        ringEnd = new long[size];
        to = new MemorySegment[size];
        toOffset = new long[size];
        place = new RdmaCache.Place[size];
    }

    int slot(long number) {
        return (int) (number % kind.length);
    }

    // One piece of work is written down by these.

    void enter(long number, byte itsKind, int itsFlags, long bufferAt, int bytes, long ring) {
        int slot = slot(number);
        kind[slot] = itsKind;
        flags[slot] = itsFlags;
        at[slot] = bufferAt;
        length[slot] = bytes;
        ringEnd[slot] = ring;
    }

    void setRemote(long number, long address, int remoteKey) {
        int slot = slot(number);
        remote[slot] = address;
        key[slot] = remoteKey;
    }

    void setDestination(long number, MemorySegment destination, long offset) {
        int slot = slot(number);
        to[slot] = destination;
        toOffset[slot] = offset;
    }

    /// The adapter moves the bytes of this memory as they are. The place is left when the work is done.
    void setPlace(long number, MemorySegment memory, RdmaCache.Place used) {
        int slot = slot(number);
        used.enter();
        to[slot] = memory;
        place[slot] = used;
    }

    void setOperands(long number, long compareOrAdd, long swapped) {
        int slot = slot(number);
        operand[slot] = compareOrAdd;
        swap[slot] = swapped;
    }

    void setRequest(long number, long which) {
        request[slot(number)] = which;
    }

    byte kind(long number) {
        return kind[slot(number)];
    }

    boolean isAtomic(long number) {
        return kind(number) >= ADD;
    }

    long request(long number) {
        return request[slot(number)];
    }

    long ringEnd(long number) {
        return ringEnd[slot(number)];
    }

    /// Copies what has come back to where it goes.
    void deliver(long number, MemorySegment buffer) {
        int slot = slot(number);
        MemorySegment destination = to[slot];
        if (place[slot] != null) {
            leave(slot);
        } else if (destination != null) {
            AnyMemory.copy(buffer, at[slot], destination, toOffset[slot], length[slot]);
            to[slot] = null;
        }
    }

    private void leave(int slot) {
        place[slot].leave();
        place[slot] = null;
        to[slot] = null;
    }

    /// No adapter does any of the work any more.
    void leaveAll() {
        for (int slot = 0; slot < place.length; slot++) {
            if (place[slot] != null) {
                leave(slot);
            }
        }
    }

    /// Nothing comes back any more.
    void forget(long number) {
        to[slot(number)] = null;
    }

    private long address(RdmaQueue queue, int slot) {
        return place[slot] == null ? queue.address(at[slot]) : at[slot];
    }

    private int localKey(RdmaQueue queue, int slot) {
        return place[slot] == null ? queue.key() : place[slot].key();
    }

    /// Whether work may be posted together with more of its kind.
    boolean isMove(long number) {
        return kind(number) <= READ;
    }

    /// Posts work, several pieces at once if they are of one kind.
    ///
    /// @param first the first that is to be posted
    /// @param last  the last
    /// @return how many were
    int post(RdmaQueue queue, long first, long last) throws IOException {
        byte itsKind = kind(first);
        int alike = 1;
        while (first + alike <= last && kind(first + alike) == itsKind) {
            alike++;
        }
        if (!RdmaChain.isFor(alike) || !isMove(first)) {
            post(queue, first);
            return 1;
        }
        RdmaChain chain = queue.chain(itsKind == WRITE, alike);
        for (int i = 0; i < chain.length(); i++) {
            int slot = slot(first + i);
            chain.set(
                    i,
                    first + i,
                    flags[slot],
                    address(queue, slot),
                    length[slot],
                    localKey(queue, slot),
                    remote[slot],
                    key[slot]);
        }
        chain.post();
        return chain.length();
    }

    /// Posts a piece of work, for the first time or again.
    void post(RdmaQueue queue, long number) throws IOException {
        int slot = slot(number);
        long address = address(queue, slot);
        int localKey = localKey(queue, slot);
        switch (kind[slot]) {
            case WRITE -> queue.write(number, flags[slot], address, length[slot], localKey, remote[slot], key[slot]);
            case READ -> queue.read(number, flags[slot], address, length[slot], localKey, remote[slot], key[slot]);
            case REQUEST -> queue.send(number, flags[slot], at[slot], length[slot]);
            case ADD -> queue.add(number, flags[slot], at[slot], remote[slot], key[slot], operand[slot]);
            case EXCHANGE ->
                queue.exchange(number, flags[slot], at[slot], remote[slot], key[slot], operand[slot], swap[slot]);
            default -> queue.mark(number);
        }
    }

    boolean isSignaled(long number) {
        return kind(number) == MARK || (flags[slot(number)] & IbvSendWR.IBV_SEND_SIGNALED) != 0;
    }
}
