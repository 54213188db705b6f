package org.porthole.internal.window;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Consumer;
import org.porthole.AccessRefusedException;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.Right;
import org.porthole.RightAccess;
import org.porthole.internal.collective.TeamContext;
import org.porthole.internal.route.Target;
import org.porthole.spi.LoadStore;
import org.porthole.spi.Permit;

/// What the holder of a [LeaseToken] reaches. Every operation announces itself, as those of a [LeaseAccess] do.
public final class LeaseReach implements RightAccess {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final TeamContext world;
    private final int owner;
    private final Target words;
    private final Target memory;
    private final Permit permit;
    private final LeaseHold hold;
    private final String what;
    private final Consumer<LeaseReach> onClose;
    private boolean closed;

    private LeaseReach(
            TeamContext world,
            LeaseToken token,
            Target words,
            Target memory,
            LeaseHold hold,
            String what,
            Consumer<LeaseReach> onClose) {
        this.world = world;
        this.words = words;
        this.memory = memory;
        this.hold = hold;
        this.what = what;
        this.onClose = onClose;
        owner = token.rank();
        permit = token.permit();
    }

    /// Attaches what a token names.
    ///
    /// @param world   the job, whose rank the owner is; not this rank itself
    /// @param token   what was sent
    /// @param onClose told when it is closed
    /// @return the reach, to be closed
    /// @throws org.porthole.TransportException       if the token is not, or no more, good for anything
    /// @throws org.porthole.ExposureExpiredException if its lease has ended
    static LeaseReach open(TeamContext world, LeaseToken token, Consumer<LeaseReach> onClose) {
        LeaseDescriptor descriptor = new LeaseDescriptor(token.size());
        String what = "rank " + token.rank() + "'s memory";
        Target words = world.attach(token.rank(), ByteBuffer.wrap(token.wordsKeys()), descriptor.byteSize());
        Target memory = null;
        LeaseHold hold = null;
        try {
            memory = world.attach(
                    token.rank(), ByteBuffer.wrap(token.keys()), token.permit().to());
            hold = new LeaseHold(what, words, descriptor, token.line(), token.id(), world.rank(), world::isJobRankGone);
            hold.requireCurrent();
            return new LeaseReach(world, token, words, memory, hold, what, onClose);
        } catch (RuntimeException e) {
            if (hold != null) {
                hold.close();
            }
            if (memory != null) {
                memory.close();
            }
            words.close();
            throw e;
        }
    }

    /// Checks an operation.
    ///
    /// @param offset within the right's range
    /// @return the offset in the owner's part
    private long require(Right right, long offset, long length) {
        if (closed) {
            throw new IllegalStateException("the access to " + what + " is closed");
        }
        Objects.checkFromIndexSize(offset, length, permit.to() - permit.from());
        if (!permit.allows(right)) {
            throw new AccessRefusedException("may not " + right + " " + length + " bytes at offset " + offset
                    + " of a right to " + what + ", which allows " + permit.describe());
        }
        if (world.isJobRankGone(owner)) {
            throw world.membership().failure(owner, "rank " + world.rank() + " reaches its memory by a right");
        }
        return permit.from() + offset;
    }

    private long requireAligned(long offset, long length, int unit) {
        long at = require(Right.ATOMIC, offset, length);
        if ((at & unit - 1) != 0) {
            throw new IllegalArgumentException("atomic operation on elements of " + unit + " bytes at offset " + at
                    + " of " + what + ": the offset must be a multiple of that");
        }
        return at;
    }

    @Override
    public void put(long offset, MemorySegment source) {
        long at = require(Right.WRITE, offset, source.byteSize());
        hold.enter();
        try {
            memory.put(at, source, 0, source.byteSize());
        } catch (AccessRefusedException e) {
            throw hold.refused(e);
        } finally {
            hold.leave();
        }
    }

    @Override
    public void get(long offset, MemorySegment destination) {
        long at = require(Right.READ, offset, destination.byteSize());
        if (destination.isReadOnly()) {
            throw new IllegalArgumentException("get into a read-only segment");
        }
        hold.enter();
        try {
            memory.get(at, destination, 0, destination.byteSize());
        } catch (AccessRefusedException e) {
            throw hold.refused(e);
        } finally {
            hold.leave();
        }
    }

    @Override
    public void putLong(long offset, long value) {
        long at = require(Right.WRITE, offset, Long.BYTES);
        hold.enter();
        try {
            if (memory.segment != null) {
                memory.segment.set(LONG, at, value);
            } else {
                memory.putWord(at, value, Long.BYTES);
            }
        } catch (AccessRefusedException e) {
            throw hold.refused(e);
        } finally {
            hold.leave();
        }
    }

    @Override
    public long getLong(long offset) {
        long at = require(Right.READ, offset, Long.BYTES);
        hold.enter();
        try {
            if (memory.segment == null) {
                return memory.getWord(at, Long.BYTES);
            }
            long value = memory.segment.get(LONG, at);
            VarHandle.acquireFence(); // a loop that polls must look again
            return value;
        } catch (AccessRefusedException e) {
            throw hold.refused(e);
        } finally {
            hold.leave();
        }
    }

    @Override
    public long fetchAndOp(long offset, Operator op, long operand) {
        long at = requireAligned(offset, Long.BYTES, Long.BYTES);
        hold.enter();
        try {
            return memory.fetchAndOpLong(at, op, operand);
        } catch (AccessRefusedException e) {
            throw hold.refused(e);
        } finally {
            hold.leave();
        }
    }

    @Override
    public long compareAndExchange(long offset, long expected, long value) {
        long at = requireAligned(offset, Long.BYTES, Long.BYTES);
        hold.enter();
        try {
            return memory.compareAndExchangeLong(at, expected, value);
        } catch (AccessRefusedException e) {
            throw hold.refused(e);
        } finally {
            hold.leave();
        }
    }

    @Override
    public void accumulate(long offset, DataType type, Operator op, MemorySegment source) {
        long length = source.byteSize();
        long at = requireAligned(offset, length, type.byteSize());
        if (length % type.byteSize() != 0 || !op.isDefinedFor(type)) {
            throw new IllegalArgumentException(op + " on " + length + " bytes of " + type);
        }
        hold.enter();
        try {
            if (memory.segment != null) {
                LoadStore.accumulate(memory.segment, at, type, op, source, 0, length, null, 0);
            } else {
                memory.endpoint.accumulate(memory.remote, at, type, op, source, 0, length, null, 0);
            }
        } catch (AccessRefusedException e) {
            throw hold.refused(e);
        } finally {
            hold.leave();
        }
    }

    @Override
    public void flush() {
        hold.enter();
        try {
            memory.flush();
        } catch (AccessRefusedException e) {
            throw hold.refused(e);
        } finally {
            hold.leave();
        }
    }

    @Override
    public void flushLocal() {
        hold.enter();
        try {
            memory.flushLocal();
        } catch (AccessRefusedException e) {
            throw hold.refused(e);
        } finally {
            hold.leave();
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        try {
            memory.flush();
        } catch (AccessRefusedException e) {
            throw hold.refused(e);
        } finally {
            end();
            onClose.accept(this);
        }
    }

    /// Lets go without waiting for anything.
    void end() {
        closed = true;
        hold.close();
        memory.close();
        words.close();
    }
}
