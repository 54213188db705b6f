package org.porthole.internal.window;

import java.lang.foreign.MemorySegment;
import org.porthole.Access;
import org.porthole.AccessRefusedException;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.Region;
import org.porthole.Request;
import org.porthole.internal.route.Target;

/// An access by lease: every operation announces itself, does what it is to do, and goes. What accesses without a lease cost stays as it is.
///
/// Each method repeats the same four lines around its operation: one that took the operation as an object would need a new object for each call, since it
/// holds the arguments, and a call site that sees all operations, which none inlines; this is the data path.
///
/// **Threads.** The one that opened it.
public final class LeaseAccess implements Access {
    private final OpenWindow window;
    private final GrantedAccess inner;
    private final LeaseHold hold;
    /// What was attached for this access alone; null if nothing was.
    private final Target attached;

    LeaseAccess(OpenWindow window, GrantedAccess inner, LeaseHold hold, Target attached) {
        this.window = window;
        this.inner = inner;
        this.hold = hold;
        this.attached = attached;
    }

    @Override
    public void put(int target, long offset, MemorySegment source) {
        hold.enter();
        try {
            inner.put(target, offset, source);
        } catch (AccessRefusedException e) {
            throw hold.refused(e);
        } finally {
            hold.leave();
        }
    }

    @Override
    public void get(int target, long offset, MemorySegment destination) {
        hold.enter();
        try {
            inner.get(target, offset, destination);
        } catch (AccessRefusedException e) {
            throw hold.refused(e);
        } finally {
            hold.leave();
        }
    }

    @Override
    public void put(int target, Region to, MemorySegment source, Region from) {
        hold.enter();
        try {
            inner.put(target, to, source, from);
        } catch (AccessRefusedException e) {
            throw hold.refused(e);
        } finally {
            hold.leave();
        }
    }

    @Override
    public void get(int target, Region from, MemorySegment destination, Region to) {
        hold.enter();
        try {
            inner.get(target, from, destination, to);
        } catch (AccessRefusedException e) {
            throw hold.refused(e);
        } finally {
            hold.leave();
        }
    }

    @Override
    public void raise(int target, int id, long delta) {
        hold.enter();
        try {
            inner.raise(target, id, delta);
        } catch (AccessRefusedException e) {
            throw hold.refused(e);
        } finally {
            hold.leave();
        }
    }

    @Override
    public void accumulate(int target, long offset, DataType type, Operator op, MemorySegment source) {
        hold.enter();
        try {
            inner.accumulate(target, offset, type, op, source);
        } catch (AccessRefusedException e) {
            throw hold.refused(e);
        } finally {
            hold.leave();
        }
    }

    @Override
    public void getAccumulate(
            int target, long offset, DataType type, Operator op, MemorySegment source, MemorySegment result) {
        hold.enter();
        try {
            inner.getAccumulate(target, offset, type, op, source, result);
        } catch (AccessRefusedException e) {
            throw hold.refused(e);
        } finally {
            hold.leave();
        }
    }

    @Override
    public void accumulate(int target, Region to, DataType type, Operator op, MemorySegment source, Region from) {
        hold.enter();
        try {
            inner.accumulate(target, to, type, op, source, from);
        } catch (AccessRefusedException e) {
            throw hold.refused(e);
        } finally {
            hold.leave();
        }
    }

    @Override
    public void getAccumulate(
            int target,
            Region to,
            DataType type,
            Operator op,
            MemorySegment source,
            Region from,
            MemorySegment result,
            Region into) {
        hold.enter();
        try {
            inner.getAccumulate(target, to, type, op, source, from, result, into);
        } catch (AccessRefusedException e) {
            throw hold.refused(e);
        } finally {
            hold.leave();
        }
    }

    @Override
    public void putByte(int target, long offset, byte value) {
        hold.enter();
        try {
            inner.putByte(target, offset, value);
        } catch (AccessRefusedException e) {
            throw hold.refused(e);
        } finally {
            hold.leave();
        }
    }

    @Override
    public void putInt(int target, long offset, int value) {
        hold.enter();
        try {
            inner.putInt(target, offset, value);
        } catch (AccessRefusedException e) {
            throw hold.refused(e);
        } finally {
            hold.leave();
        }
    }

    @Override
    public void putLong(int target, long offset, long value) {
        hold.enter();
        try {
            inner.putLong(target, offset, value);
        } catch (AccessRefusedException e) {
            throw hold.refused(e);
        } finally {
            hold.leave();
        }
    }

    @Override
    public byte getByte(int target, long offset) {
        hold.enter();
        try {
            return inner.getByte(target, offset);
        } catch (AccessRefusedException e) {
            throw hold.refused(e);
        } finally {
            hold.leave();
        }
    }

    @Override
    public int getInt(int target, long offset) {
        hold.enter();
        try {
            return inner.getInt(target, offset);
        } catch (AccessRefusedException e) {
            throw hold.refused(e);
        } finally {
            hold.leave();
        }
    }

    @Override
    public long getLong(int target, long offset) {
        hold.enter();
        try {
            return inner.getLong(target, offset);
        } catch (AccessRefusedException e) {
            throw hold.refused(e);
        } finally {
            hold.leave();
        }
    }

    @Override
    public long fetchAndOp(int target, long offset, Operator op, long operand) {
        hold.enter();
        try {
            return inner.fetchAndOp(target, offset, op, operand);
        } catch (AccessRefusedException e) {
            throw hold.refused(e);
        } finally {
            hold.leave();
        }
    }

    @Override
    public int fetchAndOp(int target, long offset, Operator op, int operand) {
        hold.enter();
        try {
            return inner.fetchAndOp(target, offset, op, operand);
        } catch (AccessRefusedException e) {
            throw hold.refused(e);
        } finally {
            hold.leave();
        }
    }

    @Override
    public long compareAndExchange(int target, long offset, long expected, long value) {
        hold.enter();
        try {
            return inner.compareAndExchange(target, offset, expected, value);
        } catch (AccessRefusedException e) {
            throw hold.refused(e);
        } finally {
            hold.leave();
        }
    }

    @Override
    public int compareAndExchange(int target, long offset, int expected, int value) {
        hold.enter();
        try {
            return inner.compareAndExchange(target, offset, expected, value);
        } catch (AccessRefusedException e) {
            throw hold.refused(e);
        } finally {
            hold.leave();
        }
    }

    @Override
    public void fence(int target) {
        hold.enter();
        try {
            inner.fence(target);
        } catch (AccessRefusedException e) {
            throw hold.refused(e);
        } finally {
            hold.leave();
        }
    }

    @Override
    public Request request(int target) {
        hold.enter();
        try {
            return inner.request(target);
        } catch (AccessRefusedException e) {
            throw hold.refused(e);
        } finally {
            hold.leave();
        }
    }

    @Override
    public Request requestLocal(int target) {
        hold.enter();
        try {
            return inner.requestLocal(target);
        } catch (AccessRefusedException e) {
            throw hold.refused(e);
        } finally {
            hold.leave();
        }
    }

    @Override
    public void flush(int target) {
        hold.enter();
        try {
            inner.flush(target);
        } catch (AccessRefusedException e) {
            throw hold.refused(e);
        } finally {
            hold.leave();
        }
    }

    @Override
    public void flushAll() {
        hold.enter();
        try {
            inner.flushAll();
        } catch (AccessRefusedException e) {
            throw hold.refused(e);
        } finally {
            hold.leave();
        }
    }

    @Override
    public void flushLocal(int target) {
        hold.enter();
        try {
            inner.flushLocal(target);
        } catch (AccessRefusedException e) {
            throw hold.refused(e);
        } finally {
            hold.leave();
        }
    }

    @Override
    public void flushLocalAll() {
        hold.enter();
        try {
            inner.flushLocalAll();
        } catch (AccessRefusedException e) {
            throw hold.refused(e);
        } finally {
            hold.leave();
        }
    }

    @Override
    public boolean isOpen() {
        return inner.isOpen();
    }

    @Override
    public void close() {
        if (!inner.isOpen()) {
            return;
        }
        try {
            inner.close();
        } catch (AccessRefusedException e) {
            throw hold.refused(e);
        } finally {
            end();
            window.leasing().closed(this);
        }
    }

    /// A rank has gone. Any thread.
    void lose(int rank) {
        if (attached != null) {
            inner.lose(rank, attached);
        }
    }

    /// Lets go without waiting for anything.
    void end() {
        inner.end();
        hold.close();
        if (attached != null) {
            attached.close();
        }
    }
}
