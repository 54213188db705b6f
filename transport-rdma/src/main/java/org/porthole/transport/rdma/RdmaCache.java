package org.porthole.transport.rdma;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/// Registrations of callers' own memory, from and to which the adapter moves long payloads without a copy.
///
/// A registration keeps the pages that it was made for, whatever becomes of the addresses. It is therefore used for memory of the very scope that it was
/// made for and no other: what an arena has allocated stays where it is until the arena ends, and what another arena has at the same addresses is another
/// scope's. The scope is not kept from ending, or from being collected. Memory of the global scope is left out: nothing tells when whoever made such a
/// segment of an address frees it.
///
/// Memory is registered when it is seen for the second time, in blocks: what is used once is copied.
///
/// **Threads.** Any.  **Cost.** What is found allocates nothing.
final class RdmaCache implements AutoCloseable {
    /// Registrations do not go across multiples of this.
    static final long BLOCK = 16 << 20;

    private static final MemorySegment.Scope GLOBAL = Arena.global().scope();

    /// After the system has refused one, so many are not asked for.
    private static final int PAUSE = 1000;

    /// Registers memory that only this rank's own work refers to.
    @FunctionalInterface
    interface Registrar {
        /// Registers a range of addresses.
        ///
        /// @throws IOException if the system refuses
        Registered register(long address, long byteSize) throws IOException;
    }

    /// What the adapter knows.
    interface Registered {
        /// The adapter's key.
        int key();

        void end() throws IOException;
    }

    private final Registrar registrar;
    private final long shortest;
    private final long mostBytes;
    private final ReentrantLock lock = new ReentrantLock();

    private final Place[] places;
    // Of each place, so that looking for one touches little.
    private final long[] from;
    private final long[] to;
    private int count;
    private long bytes;
    private long clock;

    /// Marks of memory that was seen once.
    private final long[] seen;

    private int pause;

    /// @param shortest  shortest payload that is not copied, in bytes
    /// @param most      how many registrations there may be; none if 0
    /// @param mostBytes how much memory they may be of
    RdmaCache(Registrar registrar, long shortest, int most, long mostBytes) {
        this.registrar = registrar;
        this.shortest = most == 0 ? Long.MAX_VALUE : shortest;
        this.mostBytes = mostBytes;
        places = new Place[most];
        from = new long[most];
        to = new long[most];
        seen = new long[Math.max(1, most)];
    }

    /// A registration in use until it is left as often as it was entered.
    static final class Place {
        private static final VarHandle USERS = users();

        private final WeakReference<MemorySegment.Scope> scope;
        private final Registered registered;
        private long lastUse;

        @SuppressWarnings("UnusedVariable") // by its VarHandle
        private int users;

        Place(MemorySegment.Scope scope, Registered registered) {
            this.scope = new WeakReference<>(scope);
            this.registered = registered;
        }

        private static VarHandle users() {
            try {
                return MethodHandles.lookup().findVarHandle(Place.class, "users", int.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        int key() {
            return registered.key();
        }

        /// By one who is inside already.
        void enter() {
            int ignored = (int) USERS.getAndAdd(this, 1);
        }

        void leave() {
            int ignored = (int) USERS.getAndAdd(this, -1);
        }

        private boolean isUsed() {
            return (int) USERS.getAcquire(this) != 0;
        }

        private boolean isOver() {
            MemorySegment.Scope itsScope = scope.get();
            return itsScope == null || !itsScope.isAlive();
        }
    }

    /// Whether a payload is long enough to be left where it is.
    boolean isLong(long length) {
        return length >= shortest;
    }

    /// How many bytes from an address on are of one block.
    static long reach(long address, long length) {
        return Math.min(length, BLOCK - (address & BLOCK - 1));
    }

    /// Finds, or makes, a registration. Enters it.
    ///
    /// @param length at most [#reach]
    /// @return null if the bytes must be copied
    Place take(MemorySegment memory, long offset, long length) {
        if (!AnyMemory.isShared(memory)) {
            return null;
        }
        MemorySegment.Scope scope = memory.scope();
        if (scope.equals(GLOBAL) || !scope.isAlive()) {
            return null;
        }
        long begin = memory.address() + Objects.checkFromIndexSize(offset, length, memory.byteSize());
        lock.lock();
        try {
            Place place = find(scope, begin, begin + length);
            if (place == null) {
                long block = begin & -BLOCK;
                long first = Math.max(block, memory.address());
                long last = Math.min(block + BLOCK, memory.address() + memory.byteSize());
                place = isSeen(scope, first, last) ? make(scope, first, last) : null;
            }
            if (place != null) {
                place.lastUse = ++clock;
                place.enter();
            }
            return place;
        } finally {
            lock.unlock();
        }
    }

    private Place find(MemorySegment.Scope scope, long begin, long end) {
        for (int i = 0; i < count; i++) {
            if (from[i] <= begin && end <= to[i] && places[i].scope.refersTo(scope)) {
                return places[i];
            }
        }
        return null;
    }

    /// Whether memory was seen before; it is from now on. Different memory may pass for the same, and be registered at once.
    private boolean isSeen(MemorySegment.Scope scope, long begin, long end) {
        long mark = ((begin * 31 + end) * 31 + System.identityHashCode(scope)) * 0x9e3779b97f4a7c15L | 1;
        int at = (int) ((mark >>> 32) % seen.length);
        boolean known = seen[at] == mark;
        seen[at] = known ? 0 : mark;
        return known;
    }

    private Place make(MemorySegment.Scope scope, long begin, long end) {
        if (pause > 0) {
            pause--;
            return null;
        }
        removeIf(false);
        while (count == places.length || bytes + (end - begin) > mostBytes) {
            if (!removeOldest()) {
                return null;
            }
        }
        try {
            Place place = new Place(scope, registrar.register(begin, end - begin));
            places[count] = place;
            from[count] = begin;
            to[count] = end;
            bytes += end - begin;
            count++;
            return place;
        } catch (IOException e) {
            pause = PAUSE;
            System.getLogger(RdmaCache.class.getName())
                    .log(System.Logger.Level.DEBUG, "rdma: memory is not registered, and copied: {0}", e.getMessage());
            return null;
        }
    }

    /// @return false if all that there are are in use
    private boolean removeOldest() {
        int oldest = -1;
        for (int i = 0; i < count; i++) {
            if (!places[i].isUsed() && (oldest < 0 || places[i].lastUse < places[oldest].lastUse)) {
                oldest = i;
            }
        }
        if (oldest >= 0) {
            remove(oldest);
        }
        return oldest >= 0;
    }

    private void remove(int at) {
        Place place = places[at];
        count--;
        bytes -= to[at] - from[at];
        places[at] = places[count];
        from[at] = from[count];
        to[at] = to[count];
        places[count] = null;
        try {
            place.registered.end();
        } catch (IOException e) {
            System.getLogger(RdmaCache.class.getName())
                    .log(System.Logger.Level.WARNING, "rdma: memory is still registered: {0}", e.getMessage());
        }
    }

    private void removeIf(boolean all) {
        for (int i = count - 1; i >= 0; i--) {
            if (!places[i].isUsed() && (all || places[i].isOver())) {
                remove(i);
            }
        }
    }

    /// Ends all registrations that are not in use: something else needs what the system lets a process lock.
    void clear() {
        lock.lock();
        try {
            removeIf(true);
        } finally {
            lock.unlock();
        }
    }

    /// How many there are.
    int size() {
        lock.lock();
        try {
            return count;
        } finally {
            lock.unlock();
        }
    }

    /// Ends all registrations. No queue pair is left.
    @Override
    public void close() {
        lock.lock();
        try {
            while (count > 0) {
                remove(count - 1);
            }
        } finally {
            lock.unlock();
        }
    }
}
