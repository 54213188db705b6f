package org.porthole.internal.window;

import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.porthole.PeerFailedException;
import org.porthole.internal.collective.TeamContext;
import org.porthole.internal.route.Target;
import org.porthole.spi.LoadStore;
import org.porthole.spi.Memory;
import org.porthole.spi.Permit;
import org.porthole.spi.Registration;
import org.porthole.spi.SignalKind;
import org.porthole.spi.TargetAtomics;

/// In which memory each rank's part of a window lies now. A staged part has two, of which one is exposed; its owner tells all ranks when it exchanges
/// them, and when a part has moved away from somebody who may still write to where it was. Each rank looks at a word of its own before it begins an epoch,
/// and at what has changed only then.
///
/// **Threads.** Any.
final class Parts {
    private static final System.Logger LOG = System.getLogger(Parts.class.getName());
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final int[] MOVED_SHIFT = {1, Integer.SIZE};

    private final String windowName;
    private final TeamContext context;
    private final WindowDescriptor descriptor;
    private final long[] lengths;
    private final boolean keyed;
    private final SharedPart[] sides;
    private final SharedPart control;
    private final MemorySegment own;
    private final Target[] exposed;
    private final boolean[] gone;
    /// By rank: what this rank knows of its part.
    private final long[] known;

    private final List<SharedPart> left = new ArrayList<>();
    private long seen;

    /// @param keyed   whether those alone have keys of the parts who map them
    /// @param sides   one memory of each rank, or two if they are staged; the first is exposed
    /// @param control the parts' control memory
    Parts(
            String windowName,
            TeamContext context,
            WindowDescriptor descriptor,
            long[] lengths,
            boolean keyed,
            SharedPart[] sides,
            SharedPart control) {
        this.windowName = windowName;
        this.context = context;
        this.descriptor = descriptor;
        this.lengths = lengths;
        this.keyed = keyed;
        this.sides = sides;
        this.control = control;
        own = control.memory().segment();
        exposed = sides[0].targets().clone();
        gone = new boolean[exposed.length];
        known = new long[exposed.length];
    }

    /// What peers reach of each rank, as far as this rank has been told when it last looked.
    Target[] exposed() {
        return exposed;
    }

    /// Takes in what has changed since this was called last. To be called when an epoch begins, behind whatever orders it after the epochs of others.
    void refresh() {
        if ((long) LONG.getAcquire(own, WindowDescriptor.CHANGES) != seen) {
            refreshSlowly();
        }
    }

    private synchronized void refreshSlowly() {
        long changes = (long) LONG.getVolatile(own, WindowDescriptor.CHANGES);
        for (int rank = 0; rank < exposed.length; rank++) {
            long word = word(rank);
            if (word != known[rank]) {
                for (int side = 0; side < sides.length; side++) {
                    if (moves(word, side) != moves(known[rank], side) && rank != context.rank() && !gone[rank]) {
                        follow(rank, side);
                    }
                }
                known[rank] = word;
                exposed[rank] = sides[side(word)].targets()[rank];
                if (gone[rank]) {
                    exposed[rank].limit = -1;
                }
            }
        }
        seen = changes;
    }

    private void follow(int rank, int side) {
        byte[] keys = KeyEntry.read(control.targets()[rank], descriptor.movedKeys(side));
        Target[] targets = sides[side].targets();
        Target before = targets[rank];
        targets[rank] = keyed
                ? context.attachMapped(rank, ByteBuffer.wrap(keys), lengths[rank])
                : context.attach(rank, ByteBuffer.wrap(keys), lengths[rank]);
        before.close();
    }

    private long word(int rank) {
        return (long) LONG.getVolatile(own, descriptor.part(rank));
    }

    private static int side(long word) {
        return (int) word & 1;
    }

    private static long moves(long word, int side) {
        return side == 0 ? word >>> MOVED_SHIFT[0] & Integer.MAX_VALUE : word >>> MOVED_SHIFT[1];
    }

    private int mySide() {
        return side(word(context.rank()));
    }

    /// The memory of this rank that nobody else reaches.
    Memory hiddenMemory() {
        return sides[1 - mySide()].memory();
    }

    /// Exchanges this rank's exposed memory for its hidden one. Nobody reaches the part. When this returns, every epoch that begins later reaches what was
    /// hidden.
    synchronized void exchange() {
        announce(word(context.rank()) ^ 1);
    }

    private void announce(long word) {
        int me = context.rank();
        for (int rank = 0; rank < exposed.length; rank++) {
            Target words = control.targets()[rank];
            if (words.segment != null) {
                LONG.setRelease(words.segment, descriptor.part(me), word);
                LoadStore.signal(words.segment, WindowDescriptor.CHANGES, SignalKind.ADD, 1);
            } else {
                tell(rank, () -> {
                    words.signal(descriptor.part(me), word);
                    words.endpoint.signal(words.remote, WindowDescriptor.CHANGES, SignalKind.ADD, 1);
                });
            }
        }
        for (int rank = 0; rank < exposed.length; rank++) {
            Target words = control.targets()[rank];
            if (words.segment == null) {
                tell(rank, words::flush);
            }
        }
        refresh();
    }

    /// Who is gone need not be told.
    private void tell(int rank, Runnable message) {
        if (context.membership().isGone(rank)) {
            return;
        }
        try {
            message.run();
        } catch (PeerFailedException e) {
            if (!context.membership().isGone(rank)) {
                throw e;
            }
        }
    }

    /// Whether this rank, too, reaches its own memory through an adapter, which carries out all atomics.
    boolean isByAdapter() {
        return sides[0].targets()[context.rank()].endpoint != null;
    }

    /// Registers this rank's exposed memory once more, as far as a permit goes.
    synchronized Map<String, Registration> register(
            Permit permit, Function<Memory, TargetAtomics> atomics, boolean all) {
        SharedPart part = sides[mySide()];
        return part.register(context.routes(), permit, atomics.apply(part.memory()), all);
    }

    /// Leaves this rank's exposed memory to whoever may still write to it, and goes on in a copy.
    ///
    /// @param atomics makes what carries out atomics that arrive for the copy
    /// @throws org.porthole.TransportException if there is no memory for it; nothing has changed
    synchronized void move(Function<Memory, TargetAtomics> atomics) {
        int me = context.rank();
        int side = mySide();
        SharedPart before = sides[side];
        MemorySegment old = before.memory().segment();
        SharedPart fresh = keyed
                ? SharedPart.allocateMapped(context.routes(), old.byteSize(), windowName, atomics)
                : SharedPart.allocate(context.routes(), old.byteSize(), windowName, atomics);
        LoadStore.copy(old, 0, fresh.memory().segment(), 0, old.byteSize());
        KeyEntry.publish(own, descriptor.movedKeys(side), fresh.keys());
        Target[] targets = before.release();
        targets[me] = Target.own(fresh.memory(), lengths[me]);
        fresh.adopt(targets);
        sides[side] = fresh;
        announce(word(me) + (1L << MOVED_SHIFT[side]));
        leave(before);
    }

    private void leave(SharedPart before) {
        try {
            before.close();
        } catch (IllegalStateException e) {
            LOG.log(Level.DEBUG, "memory that a window has left is still in use by this process", e);
            left.add(before);
        }
    }

    /// A rank has gone: nothing of it can be reached. Any thread.
    synchronized void lose(int rank) {
        gone[rank] = true;
        for (SharedPart side : sides) {
            side.targets()[rank].limit = -1;
        }
    }

    Memory exposedMemory() {
        return sides[mySide()].memory();
    }

    void close() {
        Arrays.stream(sides).forEach(SharedPart::close);
        left.forEach(SharedPart::close);
    }
}
