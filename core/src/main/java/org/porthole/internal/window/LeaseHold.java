package org.porthole.internal.window;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.porthole.AccessRefusedException;
import org.porthole.ExposureExpiredException;
import org.porthole.internal.route.Target;

/// An origin's side of one lease: announces each operation where the CPU reaches the owner's memory, so that the owner knows whom to wait for; where it
/// does not, the target refuses.
///
/// **Threads.** The one that opened it.  **Cost.** Two stores and two loads per operation.
final class LeaseHold implements AutoCloseable {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    private final String what;
    private final Target words;
    private final MemorySegment mapped;
    private final boolean fences;
    private final long line;
    private final long id;
    private final long slot;
    private final long inside;
    private final Thread owner = Thread.currentThread();
    private boolean ended;
    /// Why it has ended, once a target that carries out operations has said so; else null.
    private String why;

    /// @param what    whose part of which window, for messages
    /// @param words   the owner's lease memory
    /// @param line    where the lease's line is
    /// @param id      the lease
    /// @param jobRank this rank in the job
    /// @param gone    who has left slots behind
    LeaseHold(
            String what,
            Target words,
            LeaseDescriptor descriptor,
            int line,
            long id,
            int jobRank,
            java.util.function.IntPredicate gone) {
        this.what = what;
        this.words = words;
        this.line = descriptor.line(line);
        this.id = id;
        mapped = words.segment;
        fences = mapped != null && !words.memory.isParkFencing();
        slot = mapped == null ? 0 : take(descriptor, jobRank, gone);
        inside = slot + LeaseDescriptor.INSIDE;
    }

    private long take(LeaseDescriptor descriptor, int jobRank, java.util.function.IntPredicate gone) {
        for (int i = 0; i < LeaseDescriptor.SLOTS; i++) {
            long each = descriptor.slot(i);
            int holder = (int) INT.getVolatile(mapped, each);
            if ((holder == 0 || gone.test(holder - 1)) && INT.compareAndSet(mapped, each, holder, jobRank + 1)) {
                LONG.setVolatile(mapped, each + LeaseDescriptor.INSIDE, 0L);
                return each;
            }
        }
        throw new IllegalStateException(
                "there are " + LeaseDescriptor.SLOTS + " accesses by lease to " + what + " already: close one first");
    }

    /// Announces an operation.
    ///
    /// @throws ExposureExpiredException if the lease has ended
    void enter() {
        if (Thread.currentThread() != owner) {
            throw new WrongThreadException("the access by lease to " + what + " belongs to the thread that opened it, "
                    + owner.getName() + ", not to " + Thread.currentThread().getName());
        }
        if (mapped == null) {
            if (ended) {
                throw expired();
            }
            return;
        }
        try {
            LONG.setRelease(mapped, inside, id);
            if (fences) {
                VarHandle.fullFence();
            }
            if ((long) LONG.getAcquire(mapped, line) != id) {
                LONG.setVolatile(mapped, inside, 0L);
                throw expired();
            }
        } catch (IllegalStateException e) {
            throw freed(e);
        }
    }

    /// An owner in this process that closes its window unmaps what this rank looks at.
    private RuntimeException freed(IllegalStateException e) {
        return mapped.scope().isAlive()
                ? e
                : new ExposureExpiredException("the lease of " + what + " has ended with its window", e);
    }

    /// The operation is over.
    ///
    /// @throws ExposureExpiredException if the owner has gone on without it: whether it took effect does not matter to anybody any more
    void leave() {
        if (mapped == null) {
            return;
        }
        if ((long) LONG.getAcquire(mapped, line) == id) {
            LONG.setRelease(mapped, inside, 0L);
        } else if (!LONG.compareAndSet(mapped, inside, id, 0L)) {
            LONG.setVolatile(mapped, inside, 0L);
            throw expired();
        }
    }

    /// What a refusal by the target means.
    RuntimeException refused(AccessRefusedException refusal) {
        if (mapped != null) {
            return refusal;
        }
        try {
            if (isCurrent()) {
                return refusal;
            }
            why = LeaseEnd.describe(word(line + LeaseDescriptor.WHY));
        } catch (AccessRefusedException e) { // the owner's lease memory has gone with its window
            why = "its window was closed";
        }
        ended = true;
        return expired();
    }

    /// Refuses to begin with a lease that has ended.
    void requireCurrent() {
        if (!isCurrent()) {
            throw expired();
        }
    }

    private boolean isCurrent() {
        return word(line) == id;
    }

    private long word(long offset) {
        if (mapped != null) {
            return (long) LONG.getVolatile(mapped, offset);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment word = arena.allocate(ValueLayout.JAVA_LONG);
            words.get(offset, word, 0, Long.BYTES);
            words.flush();
            return word.get(ValueLayout.JAVA_LONG, 0);
        }
    }

    private ExposureExpiredException expired() {
        String cause = why == null ? LeaseEnd.describe(word(line + LeaseDescriptor.WHY)) : why;
        return new ExposureExpiredException("the lease of " + what + " has ended: " + cause);
    }

    @Override
    public void close() {
        ended = true;
        if (mapped != null && mapped.scope().isAlive()) {
            INT.setRelease(mapped, slot, 0);
        }
    }
}
