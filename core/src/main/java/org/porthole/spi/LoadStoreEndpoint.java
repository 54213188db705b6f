package org.porthole.spi;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.porthole.DataType;
import org.porthole.Operator;

/// An endpoint whose peer's memory is mapped here: every operation is complete when it returns, and no CPU but this one takes part.
///
/// A transport adds [#attach(RemoteKey)], which returns a [MappedRemoteMemory], and [#close()].
///
/// **Threads.** Any.
public abstract class LoadStoreEndpoint implements Endpoint {
    /// For transports.
    protected LoadStoreEndpoint() {}

    private static Memory memory(RemoteMemory remote) {
        return ((MappedRemoteMemory) remote).memory();
    }

    @Override
    public final void put(RemoteMemory remote, long offset, MemorySegment source, long sourceOffset, long length) {
        LoadStore.copy(source, sourceOffset, memory(remote).segment(), offset, length);
    }

    @Override
    public final void get(
            RemoteMemory remote, long offset, MemorySegment destination, long destinationOffset, long length) {
        LoadStore.copy(memory(remote).segment(), offset, destination, destinationOffset, length);
    }

    @Override
    public final void fetchAndOp(
            RemoteMemory remote, long offset, DataType type, Operator op, long operand, MemorySegment result) {
        MemorySegment segment = memory(remote).segment();
        long before = type == DataType.INT
                ? LoadStore.fetchAndOp(segment, offset, op, (int) operand)
                : LoadStore.fetchAndOp(segment, offset, op, operand);
        result.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, before);
    }

    @Override
    public final void compareAndExchange(
            RemoteMemory remote, long offset, DataType type, long expected, long value, MemorySegment result) {
        MemorySegment segment = memory(remote).segment();
        long before = type == DataType.INT
                ? LoadStore.compareAndExchange(segment, offset, (int) expected, (int) value)
                : LoadStore.compareAndExchange(segment, offset, expected, value);
        result.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, before);
    }

    @Override
    public final void accumulate(
            RemoteMemory remote,
            long offset,
            DataType type,
            Operator op,
            MemorySegment operands,
            long operandOffset,
            long length,
            MemorySegment result,
            long resultOffset) {
        LoadStore.accumulate(
                memory(remote).segment(), offset, type, op, operands, operandOffset, length, result, resultOffset);
    }

    @Override
    public final void signal(RemoteMemory remote, long offset, SignalKind kind, long value) {
        Memory memory = memory(remote);
        LoadStore.signal(memory.segment(), offset, kind, value);
        memory.unpark(offset);
    }

    @Override
    public final void fence() {
        VarHandle.fullFence();
    }

    @Override
    public final void flush() {
        VarHandle.fullFence();
    }

    @Override
    public final void flushLocal() {}

    @Override
    public final long started() {
        return 0;
    }

    @Override
    public final boolean isComplete(long ticket) {
        VarHandle.fullFence();
        return true;
    }

    @Override
    public final boolean isLocallyComplete(long ticket) {
        return true;
    }
}
