package org.porthole.transport.rdma;

import com.ibm.disni.verbs.IbvMr;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.porthole.Right;
import org.porthole.TransportException;
import org.porthole.spi.Memory;
import org.porthole.spi.Permit;
import org.porthole.spi.Registration;
import org.porthole.spi.RemoteKey;
import org.porthole.spi.TargetAtomics;

/// Memory that the adapter knows. A peer asks for it by 64 random bits, and learns the adapter's key on the connection that it has proved to be a
/// member for. Once it is closed neither the adapter nor a thread of the transport touches the memory.
///
/// **Threads.** Any.
final class RdmaRegistration implements Registration {
    private static final VarHandle USERS = users();
    private static final int CLOSED = Integer.MIN_VALUE;

    private final long key;
    private final long address;
    private final long byteSize;
    private final RdmaDevice device;
    /// How many bytes one registration of the adapter takes: the n-th begins at so many times n.
    private final long span;
    /// The adapter's registrations.
    private final IbvMr[] pieces;
    /// The number of the first of them.
    private final long first;

    private final TargetAtomics atomics;
    private final Permit permit;
    private final Consumer<RdmaRegistration> onClose;
    /// How many threads are touching the memory; negative once it is closed.
    private volatile int users;

    RdmaRegistration(
            RdmaDevice device,
            long span,
            long key,
            Memory memory,
            TargetAtomics atomics,
            Permit permit,
            Consumer<RdmaRegistration> onClose) {
        this.device = device;
        this.key = key;
        this.atomics = atomics;
        this.permit = permit;
        this.onClose = onClose;
        address = memory.segment().address();
        byteSize = memory.segment().byteSize();
        this.span = span;
        // The adapter knows of the permitted range alone.
        first = permit.from() / span;
        pieces = new IbvMr[permit.to() == permit.from() ? 0 : (int) ((permit.to() - 1) / span - first + 1)];
        try {
            for (int i = 0; i < pieces.length; i++) {
                long from = Math.max(permit.from(), (first + i) * span);
                long to = Math.min(permit.to(), (first + i + 1) * span);
                pieces[i] = device.register(address + from, to - from, access(device, permit));
            }
        } catch (IOException e) {
            deregister();
            throw new TransportException(
                    "rdma: cannot register " + byteSize + " bytes: " + e.getMessage()
                            + "; ulimit -l bounds what may be locked in memory",
                    e);
        }
    }

    private static VarHandle users() {
        try {
            return MethodHandles.lookup().findVarHandle(RdmaRegistration.class, "users", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static int access(RdmaDevice device, Permit permit) {
        int denied = (permit.allows(Right.WRITE) ? 0 : IbvMr.IBV_ACCESS_REMOTE_WRITE)
                | (permit.allows(Right.READ) ? 0 : IbvMr.IBV_ACCESS_REMOTE_READ)
                | (permit.allows(Right.ATOMIC) ? 0 : IbvMr.IBV_ACCESS_REMOTE_ATOMIC);
        return device.access() & ~denied;
    }

    Permit permit() {
        return permit;
    }

    long number() {
        return key;
    }

    long address() {
        return address;
    }

    long byteSize() {
        return byteSize;
    }

    /// The adapter's key.
    ///
    /// @param piece which of them
    /// @return 0 if there is none, since nothing there is permitted
    int remoteKey(long piece) {
        return piece < first || piece >= first + pieces.length ? 0 : pieces[(int) (piece - first)].getRkey();
    }

    long span() {
        return span;
    }

    boolean isByAdapter() {
        return atomics.equals(TargetAtomics.BY_ADAPTER);
    }

    TargetAtomics atomics() {
        return atomics;
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
                .putLong(byteSize)
                .array());
    }

    /// Waits for those that are inside, none of which waits for anything.
    @Override
    public void close() {
        if (((int) USERS.getAndBitwiseOr(this, CLOSED) & CLOSED) == 0) {
            onClose.accept(this);
            deregister();
        }
        while ((users & ~CLOSED) != 0) {
            Thread.onSpinWait();
        }
    }

    private void deregister() {
        IOException failure = null;
        for (IbvMr piece : pieces) {
            try {
                if (piece != null) {
                    device.deregister(piece);
                }
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw new TransportException("rdma: memory is still registered: " + failure.getMessage(), failure);
        }
    }
}
