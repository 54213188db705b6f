package org.porthole.transport.shm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Map;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.TransportException;
import org.porthole.spi.Endpoint;
import org.porthole.spi.LoadStoreEndpoint;
import org.porthole.spi.MappedRemoteMemory;
import org.porthole.spi.RemoteKey;
import org.porthole.spi.RemoteMemory;
import org.porthole.spi.SignalKind;
import org.porthole.spi.TransportContext;

/// The way to one process: its files, mapped here, and memory that its user brought. Every operation is complete when it returns.
final class ShmEndpoint implements Endpoint {
    private final TransportContext context;
    private final int peer;
    private final long process;
    private final long startTime;
    private final Map<Integer, String> gone;
    private final MappedEndpoint mapped = new MappedEndpoint();

    ShmEndpoint(TransportContext context, int peer, ShmAddress theirs, Map<Integer, String> gone) {
        this.context = context;
        this.peer = peer;
        process = theirs.beacon().process();
        startTime = theirs.startTime();
        this.gone = gone;
    }

    private final class MappedEndpoint extends LoadStoreEndpoint {
        @Override
        public RemoteMemory attach(RemoteKey key) {
            ShmFile.Name name = ShmFile.Name.decode(ByteBuffer.wrap(key.bytes()));
            if (name.process() != process || name.byteSize() <= 0) {
                throw new TransportException("shm: the key is not one of process " + process);
            }
            return new MappedRemoteMemory(name.map());
        }

        @Override
        public void close() {}
    }

    @Override
    public RemoteMemory attach(RemoteKey key) {
        return switch (key.bytes().length) {
            case ShmFile.Name.BYTES -> mapped.attach(key);
            case BorrowedKey.BYTES -> attach(BorrowedKey.decode(key.bytes()));
            default ->
                throw new TransportException("shm: " + key.bytes().length + " bytes are no key; one has "
                        + ShmFile.Name.BYTES + " or " + BorrowedKey.BYTES);
        };
    }

    private RemoteMemory attach(BorrowedKey key) {
        if (key.mailbox().process() != process
                || key.startTime() != startTime
                || key.mailbox().byteSize() != MailboxDescriptor.BYTES
                || key.byteSize() < 0) {
            throw new TransportException("shm: the key is not one of process " + process);
        }
        return new BorrowedMemory(context, peer, gone, key);
    }

    @Override
    public void put(RemoteMemory remote, long offset, MemorySegment source, long sourceOffset, long length) {
        if (remote instanceof BorrowedMemory borrowed) {
            borrowed.put(offset, source, sourceOffset, length);
        } else {
            mapped.put(remote, offset, source, sourceOffset, length);
        }
    }

    @Override
    public void get(RemoteMemory remote, long offset, MemorySegment destination, long destinationOffset, long length) {
        if (remote instanceof BorrowedMemory borrowed) {
            borrowed.get(offset, destination, destinationOffset, length);
        } else {
            mapped.get(remote, offset, destination, destinationOffset, length);
        }
    }

    @Override
    public void fetchAndOp(
            RemoteMemory remote, long offset, DataType type, Operator op, long operand, MemorySegment result) {
        if (remote instanceof BorrowedMemory borrowed) {
            result.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, borrowed.fetchAndOp(offset, type, op, operand));
        } else {
            mapped.fetchAndOp(remote, offset, type, op, operand, result);
        }
    }

    @Override
    public void compareAndExchange(
            RemoteMemory remote, long offset, DataType type, long expected, long value, MemorySegment result) {
        if (remote instanceof BorrowedMemory borrowed) {
            long before = borrowed.compareAndExchange(offset, type, expected, value);
            result.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, before);
        } else {
            mapped.compareAndExchange(remote, offset, type, expected, value, result);
        }
    }

    @Override
    public void accumulate(
            RemoteMemory remote,
            long offset,
            DataType type,
            Operator op,
            MemorySegment operands,
            long operandOffset,
            long length,
            MemorySegment result,
            long resultOffset) {
        if (remote instanceof BorrowedMemory borrowed) {
            borrowed.accumulate(offset, type, op, operands, operandOffset, length, result, resultOffset);
        } else {
            mapped.accumulate(remote, offset, type, op, operands, operandOffset, length, result, resultOffset);
        }
    }

    @Override
    public void signal(RemoteMemory remote, long offset, SignalKind kind, long value) {
        if (remote instanceof BorrowedMemory borrowed) {
            borrowed.signal(offset, kind, value);
        } else {
            mapped.signal(remote, offset, kind, value);
        }
    }

    @Override
    public void fence() {
        VarHandle.fullFence();
    }

    @Override
    public void flush() {
        VarHandle.fullFence();
    }

    @Override
    public void flushLocal() {}

    @Override
    public long started() {
        return 0;
    }

    @Override
    public boolean isComplete(long ticket) {
        VarHandle.fullFence();
        return true;
    }

    @Override
    public boolean isLocallyComplete(long ticket) {
        return true;
    }

    @Override
    public void close() {}
}
