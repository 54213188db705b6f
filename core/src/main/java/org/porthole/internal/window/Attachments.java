package org.porthole.internal.window;

import static org.porthole.internal.window.WindowDescriptor.ATTACHMENT;
import static org.porthole.internal.window.WindowDescriptor.ATTACHMENTS;
import static org.porthole.internal.window.WindowDescriptor.ATTACHMENT_KEYS;
import static org.porthole.internal.window.WindowDescriptor.ATTACHMENT_KEYS_LENGTH;
import static org.porthole.internal.window.WindowDescriptor.ATTACHMENT_LENGTH;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.porthole.TransportException;
import org.porthole.internal.collective.TeamContext;
import org.porthole.internal.route.Target;
import org.porthole.spi.Memory;
import org.porthole.spi.TargetAtomics;

/// The memory attached to a dynamic window: this rank's own, announced in its control memory, and that of the others as far as this rank has met it.
///
/// An attached memory has an id of 23 bits, made of its entry's number and a serial number, and takes the offsets from `id << 40` on: an offset
/// names memory and place at once, and that of a memory which was detached is never that of another soon after.
///
/// **Threads.** Any.
final class Attachments {
    /// Longest memory, in bits of its size.
    static final int LENGTH_BITS = 40;

    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final int SLOT_BITS = 8;
    private static final int MAX_SERIAL = (1 << (Long.SIZE - 1 - LENGTH_BITS - SLOT_BITS)) - 1;

    private final String windowName;
    private final WindowDescriptor descriptor;
    private final TeamContext context;
    private final MemorySegment own;
    private final Target[] control;
    private final Function<Memory, TargetAtomics> atomics;
    private final SharedPart[] mine = new SharedPart[ATTACHMENTS];
    /// By rank and entry: read without the lock that writers hold.
    private final AtomicReferenceArray<Target> met;
    private int serial;

    /// Nothing is attached.
    ///
    /// @param windowName what diagnostics call the window
    /// @param descriptor where things lie in the control memory
    /// @param context    the team's job
    /// @param control    the control memory of all ranks
    /// @param atomics    makes what carries out atomics that arrive for attached memory
    Attachments(
            String windowName,
            WindowDescriptor descriptor,
            TeamContext context,
            Target[] control,
            Function<Memory, TargetAtomics> atomics) {
        this.windowName = windowName;
        this.descriptor = descriptor;
        this.context = context;
        this.control = control;
        this.atomics = atomics;
        own = control[context.rank()].segment;
        met = new AtomicReferenceArray<>(control.length * ATTACHMENTS);
    }

    /// Attaches memory of this rank.
    ///
    /// @return the offset of its first byte
    synchronized long attach(MemorySegment segment) {
        if (segment.byteSize() >>> LENGTH_BITS != 0) {
            throw new IllegalArgumentException(
                    "memory of " + segment.byteSize() + " bytes; at most " + (1L << LENGTH_BITS) + " can be attached");
        }
        int slot = 0;
        while (slot < ATTACHMENTS && mine[slot] != null) {
            slot++;
        }
        if (slot == ATTACHMENTS) {
            throw new IllegalStateException("rank " + context.rank() + " has attached " + ATTACHMENTS
                    + " memories to window \"" + windowName + "\" already: detach one first");
        }
        Memory memory = new BorrowedMemory(segment);
        SharedPart part = SharedPart.over(context.routes(), memory, atomics.apply(memory));
        byte[] keys = part.keys();
        if (keys.length > ATTACHMENT - ATTACHMENT_KEYS) {
            part.close();
            throw new TransportException("the keys of attached memory take " + keys.length + " bytes; "
                    + (ATTACHMENT - ATTACHMENT_KEYS) + " are possible: allow fewer transports");
        }
        serial = serial % MAX_SERIAL + 1;
        long id = ((long) serial << SLOT_BITS) | slot;
        long entry = descriptor.attachment(slot);
        LONG.set(own, entry + ATTACHMENT_LENGTH, segment.byteSize());
        own.set(INT, entry + ATTACHMENT_KEYS_LENGTH, keys.length);
        MemorySegment.copy(keys, 0, own, ValueLayout.JAVA_BYTE, entry + ATTACHMENT_KEYS, keys.length);
        LONG.setRelease(own, entry, id);
        mine[slot] = part;
        meet(context.rank(), slot, Target.own(memory, segment.byteSize()).at(id << LENGTH_BITS));
        return id << LENGTH_BITS;
    }

    /// Detaches memory of this rank.
    synchronized void detach(long offset) {
        int slot = slot(offset);
        long entry = descriptor.attachment(slot);
        if (offset <= 0 || (long) LONG.get(own, entry) << LENGTH_BITS != offset) {
            throw new IllegalArgumentException("nothing is attached to window \"" + windowName + "\" at offset "
                    + offset + " of rank " + context.rank());
        }
        LONG.setVolatile(own, entry, 0L);
        mine[slot].close();
        mine[slot] = null;
        meet(context.rank(), slot, null);
    }

    private static int slot(long offset) {
        return (int) (offset >>> LENGTH_BITS) & (ATTACHMENTS - 1);
    }

    private void meet(int rank, int slot, Target target) {
        met.set(rank * ATTACHMENTS + slot, target);
    }

    /// The memory that a range lies in.
    ///
    /// @return the target; null if there is none
    Target find(int rank, long offset, long length) {
        if (offset <= 0) {
            return null;
        }
        int slot = slot(offset);
        long id = offset >>> LENGTH_BITS;
        Target target = met.get(rank * ATTACHMENTS + slot);
        Target words = control[rank];
        boolean isCurrent = target != null
                && target.base >>> LENGTH_BITS == id
                && (words.segment == null || (long) LONG.getAcquire(words.segment, descriptor.attachment(slot)) == id);
        if (!isCurrent) {
            target = fetch(rank, slot, id);
        }
        return target == null || target.limit - length - offset < 0 ? null : target;
    }

    private synchronized Target fetch(int rank, int slot, long id) {
        Target stale = met.getAndSet(rank * ATTACHMENTS + slot, null);
        if (stale != null) {
            stale.close();
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment entry = arena.allocate(ATTACHMENT, Long.BYTES);
            control[rank].get(descriptor.attachment(slot), entry, 0, ATTACHMENT);
            control[rank].flush();
            VarHandle.acquireFence();
            if (entry.get(ValueLayout.JAVA_LONG, 0) != id) {
                return null;
            }
            byte[] keys = new byte[entry.get(INT, ATTACHMENT_KEYS_LENGTH)];
            MemorySegment.copy(entry, ValueLayout.JAVA_BYTE, ATTACHMENT_KEYS, keys, 0, keys.length);
            long length = entry.get(ValueLayout.JAVA_LONG, ATTACHMENT_LENGTH);
            Target target = context.attach(rank, ByteBuffer.wrap(keys), length).at(id << LENGTH_BITS);
            meet(rank, slot, target);
            return target;
        }
    }

    /// Lets go of everything.
    synchronized void close() {
        for (int i = 0; i < met.length(); i++) {
            Target target = met.getAndSet(i, null);
            if (target != null) {
                target.close();
            }
        }
        for (int slot = 0; slot < ATTACHMENTS; slot++) {
            if (mine[slot] != null) {
                mine[slot].close();
                mine[slot] = null;
            }
        }
    }
}
