package org.porthole.transport.tcp;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.porthole.spi.Memory;
import org.porthole.spi.Permit;
import org.porthole.spi.Registration;
import org.porthole.spi.RemoteKey;
import org.porthole.spi.TargetAtomics;

/// Memory that peers reach by a key of 64 random bits. Once it is closed no thread of the transport touches the memory.
///
/// **Threads.** Any.
final class TcpRegistration implements Registration {
    private static final VarHandle USERS = users();
    private static final int CLOSED = Integer.MIN_VALUE;

    private final long key;
    private final MemorySegment segment;
    private final TargetAtomics atomics;
    private final Permit permit;
    private final Consumer<TcpRegistration> onClose;
    /// How many threads are touching the memory; negative once it is closed.
    private volatile int users;

    TcpRegistration(long key, Memory memory, TargetAtomics atomics, Permit permit, Consumer<TcpRegistration> onClose) {
        this.key = key;
        this.segment = memory.segment();
        this.atomics = atomics;
        this.permit = permit;
        this.onClose = onClose;
    }

    private static VarHandle users() {
        try {
            return MethodHandles.lookup().findVarHandle(TcpRegistration.class, "users", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    long number() {
        return key;
    }

    MemorySegment segment() {
        return segment;
    }

    TargetAtomics atomics() {
        return atomics;
    }

    Permit permit() {
        return permit;
    }

    /// Begins to touch the memory.
    ///
    /// @return false if it is closed
    boolean enter() {
        if ((int) USERS.getAndAdd(this, 1) < 0) {
            exit();
            return false;
        }
        return true;
    }

    /// Has touched the memory.
    void exit() {
        int ignored = (int) USERS.getAndAdd(this, -1);
    }

    @Override
    public RemoteKey key() {
        return new RemoteKey(ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(key)
                .putLong(segment.byteSize())
                .array());
    }

    /// Waits for those that are inside, none of which waits for anything.
    @Override
    public void close() {
        if (((int) USERS.getAndBitwiseOr(this, CLOSED) & CLOSED) == 0) {
            onClose.accept(this);
        }
        while ((users & ~CLOSED) != 0) {
            Thread.onSpinWait();
        }
    }
}
