package org.porthole.internal.port;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.porthole.DeadPortException;
import org.porthole.PeerFailedException;
import org.porthole.TransportException;
import org.porthole.internal.progress.SpinLock;
import org.porthole.internal.route.Target;
import org.porthole.internal.window.SharedPart;
import org.porthole.spi.SignalKind;

/// The way of messages to and from one peer that is not in this process: two rings in its memory, and two in this rank's.
///
/// One ring of a pair carries messages, and is not read while this rank has no memory left for more. The other carries what needs no room: outcomes, and what
/// ranks tell each other about ports. It is always read; what finds no room in it waits here, so that nobody who delivers messages ever waits.
///
/// **Threads.** Any may send; what arrives is read by one at a time, under the office's lock.
final class Channel {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final int MESSAGES = 0;
    private static final int ANSWERS = 1;
    static final int LANES = 2;

    /// What is read of one lane before the next peer has its turn.
    private static final int TURN = 64;

    private final PostOffice office;
    private final int peer;
    private final Target control;
    private final long controlBase;
    private final boolean fencing;

    private final SharedPart incoming;
    private final RingReader[] readers = new RingReader[LANES];

    private Target target;
    /// Whether the peer's rings are being attached, by the thread that holds the monitor.
    private boolean meeting;
    private volatile RingWriter[] writers;
    private final SpinLock[] locks = {new SpinLock(), new SpinLock()};
    /// What found no room among the answers, under their lock.
    private final Deque<byte[]> late = new ArrayDeque<>();

    private volatile boolean hasLate;
    private volatile String broken;

    /// Makes the rings that the peer sends into, and tells it of them.
    Channel(PostOffice office, int peer, Target control, long controlBase) {
        this.office = office;
        this.peer = peer;
        this.control = control;
        this.controlBase = controlBase;
        fencing = control.memory != null && control.memory.isParkFencing();
        incoming = SharedPart.allocate(
                office.routes(),
                LANES * office.ringBytes(),
                "ports",
                memory -> new RingAtomics(memory, office.bell(), 0));
        MemorySegment memory = incoming.memory().segment();
        for (int lane = 0; lane < LANES; lane++) {
            readers[lane] = new RingReader(memory, lane * office.ringBytes(), office.ringBytes());
        }
        byte[] keys = incoming.keys();
        if (keys.length > OfficeDescriptor.MAX_KEYS) {
            incoming.close();
            throw new TransportException("the keys of a ring take " + keys.length + " bytes; "
                    + OfficeDescriptor.MAX_KEYS + " are possible: allow fewer transports");
        }
        knock(keys);
    }

    private void knock(byte[] keys) {
        long slot = controlBase + OfficeDescriptor.slot(office.rank());
        MemorySegment staged = MessagePool.memory(keys.length);
        MemorySegment.copy(keys, 0, staged, ValueLayout.JAVA_BYTE, 0, keys.length);
        control.put(slot + OfficeDescriptor.KEYS, staged, 0, keys.length);
        if (control.segment == null) {
            control.signal(slot, keys.length);
            control.endpoint.signal(control.remote, controlBase + OfficeDescriptor.KNOCKS, SignalKind.ADD, 1);
            control.flush();
        } else {
            LONG.setRelease(control.segment, slot, (long) keys.length);
            LONG.getAndAdd(control.segment, controlBase + OfficeDescriptor.KNOCKS, 1L);
            wake();
        }
    }

    int peer() {
        return peer;
    }

    /// The peer has made its rings: attaches them, once.
    synchronized void meet(MemorySegment own, long base) {
        long slot = base + OfficeDescriptor.slot(peer);
        long length = (long) LONG.getAcquire(own, slot);
        if (writers != null || meeting || length <= 0 || length > OfficeDescriptor.MAX_KEYS) {
            return;
        }
        // Attaching may wait, and who waits looks for messages and comes here again: a second writer would begin at the
        // ring's start once more.
        meeting = true;
        byte[] keys = new byte[(int) length];
        MemorySegment.copy(own, ValueLayout.JAVA_BYTE, slot + OfficeDescriptor.KEYS, keys, 0, keys.length);
        long bytes = office.ringBytes();
        try {
            target = office.routes().attach(peer, ByteBuffer.wrap(keys), LANES * bytes);
        } catch (TransportException e) {
            fail("cannot reach the rings of rank " + peer + ": " + e.getMessage());
            return;
        } finally {
            meeting = false;
        }
        RingWriter[] made = new RingWriter[LANES];
        for (int lane = 0; lane < LANES; lane++) {
            long emptied = base + OfficeDescriptor.emptied(peer, lane);
            made[lane] = new RingWriter(target, lane * bytes, bytes, own, emptied);
        }
        writers = made;
    }

    /// Nothing comes or goes any more.
    void fail(String cause) {
        broken = cause;
    }

    String failure() {
        return broken;
    }

    private void wake() {
        if (control.segment == null) {
            return; // a signal has
        }
        if (!fencing) {
            VarHandle.fullFence();
        }
        if ((int) INT.getOpaque(control.segment, controlBase + OfficeDescriptor.ASLEEP) != 0) {
            INT.getAndAdd(control.segment, controlBase + OfficeDescriptor.BELL, 1);
            control.memory.unpark(controlBase + OfficeDescriptor.BELL);
        }
    }

    // What goes.

    /// Sends a message, if there is room.
    ///
    /// @param kind of the record
    /// @param call what the outcome refers to; 0 if none is wanted
    /// @return false if not
    boolean trySend(HeldRight right, int kind, long call, PooledMessage message) {
        RingWriter[] ready = writers;
        if (broken != null) {
            throw new DeadPortException(peer, broken);
        }
        if (ready == null) {
            return false;
        }
        Holding holding = right.holding();
        RingWriter writer = ready[MESSAGES];
        boolean nested = office.channels().enter(control);
        locks[MESSAGES].lock();
        try {
            if (!holding.hasRoom(message.length)) {
                return false;
            }
            long at = writer.claim(Records.length(message));
            if (at < 0) {
                return false;
            }
            Records.write(
                    writer.memory(), at, holding.number(), right.high(), right.low(), right.number(), call, message);
            writer.publish(at, Records.header(message, kind, 0));
            holding.sent(message.length);
        } catch (PeerFailedException e) {
            throw dead(e);
        } finally {
            locks[MESSAGES].unlock();
            office.channels().leave(control, nested);
        }
        wake();
        return true;
    }

    /// The way has broken before it is known that the peer is gone.
    private DeadPortException dead(PeerFailedException e) {
        return new DeadPortException(peer, e.getMessage());
    }

    /// Sends what is no message, behind the messages.
    boolean trySend(int kind, long port, long call) {
        RingWriter[] ready = writers;
        if (broken != null) {
            throw new DeadPortException(peer, broken);
        }
        if (ready == null) {
            return false;
        }
        RingWriter writer = ready[MESSAGES];
        boolean nested = office.channels().enter(control);
        locks[MESSAGES].lock();
        try {
            long at = writer.claim(RecordDescriptor.BODY);
            if (at < 0) {
                return false;
            }
            Records.write(writer.memory(), at, port, 0, 0, 0, call);
            writer.publish(at, RecordDescriptor.header(RecordDescriptor.BODY, kind, 0));
        } catch (PeerFailedException e) {
            throw dead(e);
        } finally {
            locks[MESSAGES].unlock();
            office.channels().leave(control, nested);
        }
        wake();
        return true;
    }

    /// Sends an outcome, or tells about a port. Never waits.
    ///
    /// @return false if nothing goes this way any more
    boolean tell(int kind, int status, long port, long high, long low, int number, long call, PooledMessage content) {
        if (broken != null) {
            return false;
        }
        boolean nested = office.channels().enter(control);
        locks[ANSWERS].lock();
        try {
            long length = content == null ? RecordDescriptor.BODY : Records.length(content);
            long header = content == null
                    ? RecordDescriptor.header(length, kind, status)
                    : Records.header(content, kind, status);
            RingWriter[] ready = writers;
            long at = ready == null || hasLate ? -1 : ready[ANSWERS].claim(length);
            MemorySegment to =
                    at < 0 ? MemorySegment.ofArray(new long[(int) (length + 7) / 8]) : ready[ANSWERS].memory();
            long from = Math.max(at, 0);
            if (content == null) {
                Records.write(to, from, port, high, low, number, call);
            } else {
                Records.write(to, from, port, high, low, number, call, content);
            }
            if (at < 0) {
                to.set(ValueLayout.JAVA_LONG, 0, header);
                late.add(to.toArray(ValueLayout.JAVA_BYTE));
                hasLate = true;
            } else {
                ready[ANSWERS].publish(at, header);
            }
        } catch (PeerFailedException e) {
            return false; // the way has broken before it is known that the peer is gone
        } finally {
            locks[ANSWERS].unlock();
            office.channels().leave(control, nested);
        }
        wake();
        return true;
    }

    private void sendLate() {
        RingWriter[] ready = writers;
        if (ready == null || !locks[ANSWERS].tryLock()) {
            return;
        }
        try {
            for (byte[] record; (record = late.peek()) != null; late.poll()) {
                MemorySegment from = MemorySegment.ofArray(record);
                long header = from.get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
                long at = ready[ANSWERS].claim(RecordDescriptor.length(header));
                if (at < 0) {
                    return;
                }
                MemorySegment.copy(
                        from, Long.BYTES, ready[ANSWERS].memory(), at + Long.BYTES, record.length - Long.BYTES);
                ready[ANSWERS].publish(at, header);
            }
            hasLate = false;
        } finally {
            locks[ANSWERS].unlock();
        }
        wake();
    }

    // What comes.

    /// Whether there is something to read or to send; perhaps.
    boolean hasWork() {
        return readers[ANSWERS].peek() != 0 || readers[MESSAGES].peek() != 0 || (hasLate && writers != null);
    }

    /// Reads some of what has come. Under the office's lock.
    ///
    /// @return how much
    int read() {
        if (broken != null) {
            return 0;
        }
        int work = 0;
        boolean nested = office.channels().enter(control);
        try {
            if (hasLate) {
                sendLate();
            }
            work += read(ANSWERS);
            work += read(MESSAGES);
        } catch (PeerFailedException e) {
            // Whoever watches over ranks tells all who need to know.
            return work;
        } finally {
            office.channels().leave(control, nested);
        }
        return work;
    }

    private int read(int lane) {
        RingReader reader = readers[lane];
        int count = 0;
        while (count < TURN) {
            long header = reader.peek();
            if (header == 0) {
                break;
            }
            try {
                if (!reader.isSound(header)) {
                    throw new IllegalArgumentException("a record with the header " + Long.toHexString(header));
                }
                if (RecordDescriptor.kind(header) != RecordDescriptor.PAD
                        && !office.arrivals().arrived(this, reader.memory(), reader.at(), header)) {
                    break;
                }
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                office.arrivals().spoiled(this, e);
                return count;
            }
            reader.pass(header);
            count++;
        }
        if (count > 0) {
            tellEmptied(lane);
        }
        return count;
    }

    private void tellEmptied(int lane) {
        long news = readers[lane].news();
        if (news >= 0) {
            long offset = controlBase + OfficeDescriptor.emptied(office.rank(), lane);
            if (control.segment == null) {
                control.signal(offset, news);
            } else {
                LONG.setRelease(control.segment, offset, news);
                wake();
            }
        }
    }

    void close() {
        if (target != null) {
            target.close();
        }
        incoming.close();
    }
}
