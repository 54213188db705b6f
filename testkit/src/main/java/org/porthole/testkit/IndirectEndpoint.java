package org.porthole.testkit;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Random;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.Right;
import org.porthole.spi.Endpoint;
import org.porthole.spi.LoadStore;
import org.porthole.spi.RemoteKey;
import org.porthole.spi.RemoteMemory;
import org.porthole.spi.SignalKind;
import org.porthole.spi.TargetAtomics;
import org.porthole.testkit.IndirectTransport.HiddenMemory;

/// Does as late as the contract allows what it is asked for: operations wait in a queue until a flush, a signal, or one operation too many. Sources
/// are read only then, so that a caller which reuses one too early is found out.
///
/// Given a seed, puts and gets change places with each other and with atomics, which keep their order among themselves, and so on each location.
///
/// **Threads.** Any; but whoever carries out an operation must be allowed to touch its memory, so that sources in confined arenas have to be flushed
/// by their owner.
final class IndirectEndpoint implements Endpoint {
    /// One operation in so many is followed by a pause.
    private static final int LINGERING = 4;

    private final Deferred[] queue;
    private final Random order;
    private int count;
    private long started;

    /// Nothing waits yet.
    ///
    /// @param depth how many operations may wait
    /// @param seed  their order; 0 for that of the calls
    IndirectEndpoint(int depth, long seed) {
        queue = new Deferred[depth];
        for (int i = 0; i < depth; i++) {
            queue[i] = new Deferred();
        }
        order = seed == 0 ? null : new Random(seed);
    }

    private enum Kind {
        PUT,
        GET,
        FETCH,
        EXCHANGE,
        ACCUMULATE;

        boolean isAtomic() {
            return this != PUT && this != GET;
        }

        boolean isSingle() {
            return this == FETCH || this == EXCHANGE;
        }

        Right right() {
            return this == PUT ? Right.WRITE : this == GET ? Right.READ : Right.ATOMIC;
        }
    }

    /// An operation that waits; used again and again, so that none allocates.
    private static final class Deferred {
        Kind kind;
        HiddenMemory memory;
        long offset;
        MemorySegment local;
        long localOffset;
        long length;
        MemorySegment result;
        long resultOffset;
        DataType type;
        Operator op;
        long operand;
        long expected;

        void run() {
            memory.enter(kind.right(), offset, kind.isSingle() ? type.byteSize() : length);
            try {
                carryOut(memory.segment(), memory.atomics());
            } finally {
                memory.exit();
            }
        }

        private void carryOut(MemorySegment remote, TargetAtomics atomics) {
            switch (kind) {
                case PUT -> LoadStore.copy(local, localOffset, remote, offset, length);
                case GET -> LoadStore.copy(remote, offset, local, localOffset, length);
                case FETCH -> answer(atomics.fetchAndOp(type, offset, op, operand));
                case EXCHANGE -> answer(atomics.compareAndExchange(type, offset, expected, operand));
                case ACCUMULATE ->
                    atomics.accumulate(type, offset, op, local, localOffset, length, result, resultOffset);
            }
        }

        private void answer(long before) {
            local.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, before);
        }

        void forget() {
            memory = null;
            local = null;
            result = null;
        }
    }

    private Deferred defer(Kind kind, RemoteMemory remote, long offset, MemorySegment local) {
        if (count == queue.length) {
            carryOut();
        }
        Deferred next = queue[count++];
        started++;
        next.kind = kind;
        next.memory = (HiddenMemory) remote;
        next.offset = offset;
        next.local = local;
        return next;
    }

    private void carryOut() {
        if (order != null) {
            disorder();
        }
        try {
            for (int i = 0; i < count; i++) {
                queue[i].run();
                linger();
            }
        } finally {
            for (int i = 0; i < count; i++) {
                queue[i].forget();
            }
            count = 0;
        }
    }

    /// Moves puts and gets anywhere. Atomics keep their order among each other; half the time they overtake everything else.
    private void disorder() {
        int done = 0;
        if (order.nextBoolean()) {
            for (int i = 0; i < count; i++) {
                if (queue[i].kind.isAtomic()) {
                    swap(i, done++);
                }
            }
        }
        for (int i = count - 1; i > done; i--) {
            int j = done + order.nextInt(i + 1 - done);
            if (!queue[i].kind.isAtomic() && !queue[j].kind.isAtomic()) {
                swap(i, j);
            }
        }
    }

    private void swap(int i, int j) {
        Deferred other = queue[i];
        queue[i] = queue[j];
        queue[j] = other;
    }

    /// Lets others look at what is half done.
    @SuppressWarnings("ThreadPriorityCheck") // the point is to be overtaken
    private void linger() {
        if (order != null && order.nextInt(LINGERING) == 0) {
            Thread.yield();
        }
    }

    @Override
    public RemoteMemory attach(RemoteKey key) {
        return IndirectTransport.attach(key);
    }

    @Override
    public synchronized void put(
            RemoteMemory remote, long offset, MemorySegment source, long sourceOffset, long length) {
        Deferred put = defer(Kind.PUT, remote, offset, source);
        put.localOffset = sourceOffset;
        put.length = length;
    }

    @Override
    public synchronized void get(
            RemoteMemory remote, long offset, MemorySegment destination, long destinationOffset, long length) {
        Deferred get = defer(Kind.GET, remote, offset, destination);
        get.localOffset = destinationOffset;
        get.length = length;
    }

    @Override
    public synchronized void fetchAndOp(
            RemoteMemory remote, long offset, DataType type, Operator op, long operand, MemorySegment result) {
        Deferred fetch = defer(Kind.FETCH, remote, offset, result);
        fetch.type = type;
        fetch.op = op;
        fetch.operand = operand;
    }

    @Override
    public synchronized void compareAndExchange(
            RemoteMemory remote, long offset, DataType type, long expected, long value, MemorySegment result) {
        Deferred exchange = defer(Kind.EXCHANGE, remote, offset, result);
        exchange.type = type;
        exchange.expected = expected;
        exchange.operand = value;
    }

    @Override
    public synchronized void accumulate(
            RemoteMemory remote,
            long offset,
            DataType type,
            Operator op,
            MemorySegment operands,
            long operandOffset,
            long length,
            MemorySegment result,
            long resultOffset) {
        Deferred accumulate = defer(Kind.ACCUMULATE, remote, offset, operands);
        accumulate.localOffset = operandOffset;
        accumulate.length = length;
        accumulate.type = type;
        accumulate.op = op;
        accumulate.result = result;
        accumulate.resultOffset = resultOffset;
    }

    @Override
    public synchronized void signal(RemoteMemory remote, long offset, SignalKind kind, long value) {
        carryOut();
        HiddenMemory hidden = (HiddenMemory) remote;
        hidden.enter(Right.WRITE, offset, Long.BYTES);
        try {
            hidden.atomics().signal(offset, kind, value);
        } finally {
            hidden.exit();
        }
    }

    @Override
    public synchronized void fence() {
        carryOut();
    }

    @Override
    public synchronized void flush() {
        carryOut();
        VarHandle.fullFence();
    }

    @Override
    public void flushLocal() {
        flush();
    }

    @Override
    public synchronized long started() {
        return started;
    }

    /// Half the time nothing has moved since the last look.
    @Override
    public synchronized boolean isComplete(long ticket) {
        if (ticket > started - count && (order == null || order.nextBoolean())) {
            flush();
        }
        return ticket <= started - count;
    }

    @Override
    public boolean isLocallyComplete(long ticket) {
        return isComplete(ticket);
    }

    @Override
    public void close() {}
}
