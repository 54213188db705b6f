package org.porthole.transport.shm;

import static org.porthole.transport.shm.MailboxDescriptor.INT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.PeerFailedException;
import org.porthole.TransportException;
import org.porthole.spi.Awaited;
import org.porthole.spi.LoadStore;
import org.porthole.spi.Memory;
import org.porthole.spi.RemoteMemory;
import org.porthole.spi.SignalKind;
import org.porthole.spi.TransportContext;

/// A peer's memory that its user brought: copied by the kernel where it permits that, reached through the peer's mailbox otherwise. Every
/// operation is complete when it returns.
///
/// **Threads.** Any.  **Cost.** No allocation, but where all slots of the mailbox are taken.
@SuppressWarnings("EnumOrdinal") // both sides run the same version
final class BorrowedMemory implements RemoteMemory {
    private static final long CLAIM_SLEEP_NS = 50_000;

    private final TransportContext context;
    private final int peer;
    private final Map<Integer, String> gone;
    private final BorrowedKey key;
    private final ShmMapping mailbox;
    private final MemorySegment segment;
    private final Call[] calls = new Call[MailboxDescriptor.SLOTS];
    private final boolean copiedByKernel;

    /// Attaches: asks the peer whether the key is one, and tries whether the kernel copies.
    ///
    /// @throws TransportException if the key is none
    BorrowedMemory(TransportContext context, int peer, Map<Integer, String> gone, BorrowedKey key) {
        this.context = context;
        this.peer = peer;
        this.gone = gone;
        this.key = key;
        mailbox = key.mailbox().map();
        segment = mailbox.segment();
        for (int i = 0; i < calls.length; i++) {
            calls[i] = new Call(MailboxDescriptor.slot(i));
        }
        try {
            long ignored = request(MailboxDescriptor.ATTACH, 0, 0, DataType.LONG, 0, key.address(), key.byteSize());
            copiedByKernel = context.configuration().value(ShmOptions.CMA) == ShmOptions.Cma.AUTO
                    && key.byteSize() > 0
                    && ShmNative.canCopyFrom(key.mailbox().process(), key.address());
        } catch (RuntimeException e) {
            mailbox.close();
            throw e;
        }
    }

    @Override
    public long byteSize() {
        return key.byteSize();
    }

    @Override
    public Optional<Memory> mapped() {
        return Optional.empty();
    }

    @Override
    public void close() {
        mailbox.close();
    }

    void put(long offset, MemorySegment source, long sourceOffset, long length) {
        if (copiedByKernel) {
            copied(ShmNative.copyTo(key.mailbox().process(), key.address() + offset, source, sourceOffset, length));
            return;
        }
        for (long done = 0; done < length; ) {
            long piece = Math.min(MailboxDescriptor.PAYLOAD_BYTES, length - done);
            Call call = claim();
            try {
                LoadStore.copy(source, sourceOffset + done, segment, call.payload(), piece);
                call.run(MailboxDescriptor.PUT, offset + done, piece, DataType.BYTE, 0, 0, 0);
            } finally {
                call.free();
            }
            done += piece;
        }
    }

    void get(long offset, MemorySegment destination, long destinationOffset, long length) {
        if (copiedByKernel) {
            copied(ShmNative.copyFrom(
                    key.mailbox().process(), key.address() + offset, destination, destinationOffset, length));
            return;
        }
        for (long done = 0; done < length; ) {
            long piece = Math.min(MailboxDescriptor.PAYLOAD_BYTES, length - done);
            Call call = claim();
            try {
                call.run(MailboxDescriptor.GET, offset + done, piece, DataType.BYTE, 0, 0, 0);
                LoadStore.copy(segment, call.payload(), destination, destinationOffset + done, piece);
            } finally {
                call.free();
            }
            done += piece;
        }
    }

    private void copied(int errno) {
        if (errno == ShmNative.ESRCH) {
            String cause = "its process " + key.mailbox().process() + " has ended";
            context.failures().peerGone(peer, cause);
            throw new PeerFailedException(peer, "rank " + peer + " failed: " + cause);
        }
        if (errno != 0) {
            throw new TransportException("shm: the kernel does not copy memory of rank " + peer + " (process "
                    + key.mailbox().process() + "): " + ShmNative.text(errno)
                    + (errno == ShmNative.EFAULT ? "; its owner has unmapped it" : ""));
        }
    }

    long fetchAndOp(long offset, DataType type, Operator op, long operand) {
        return request(MailboxDescriptor.FETCH_AND_OP, offset, type.byteSize(), type, op.ordinal(), operand, 0);
    }

    long compareAndExchange(long offset, DataType type, long expected, long value) {
        return request(MailboxDescriptor.COMPARE_AND_EXCHANGE, offset, type.byteSize(), type, 0, expected, value);
    }

    void signal(long offset, SignalKind kind, long value) {
        long ignored = request(MailboxDescriptor.SIGNAL, offset, Long.BYTES, DataType.LONG, kind.ordinal(), value, 0);
    }

    void accumulate(
            long offset,
            DataType type,
            Operator op,
            MemorySegment operands,
            long operandOffset,
            long length,
            MemorySegment result,
            long resultOffset) {
        int kind = result == null ? MailboxDescriptor.ACCUMULATE : MailboxDescriptor.GET_ACCUMULATE;
        for (long done = 0; done < length; ) {
            long piece = Math.min(MailboxDescriptor.PAYLOAD_BYTES, length - done);
            Call call = claim();
            try {
                LoadStore.copy(operands, operandOffset + done, segment, call.payload(), piece);
                call.run(kind, offset + done, piece, type, op.ordinal(), 0, 0);
                if (result != null) {
                    LoadStore.copy(segment, call.payload(), result, resultOffset + done, piece);
                }
            } finally {
                call.free();
            }
            done += piece;
        }
    }

    private long request(int kind, long offset, long length, DataType type, int op, long operand, long second) {
        Call call = claim();
        try {
            call.run(kind, offset, length, type, op, operand, second);
            return segment.get(ValueLayout.JAVA_LONG, call.slot + MailboxDescriptor.RESULT);
        } finally {
            call.free();
        }
    }

    private Call claim() {
        Call call = tryClaim();
        if (call == null) {
            Claim claim = new Claim();
            context.waiting().await(claim);
            call = claim.claimed;
        }
        return call;
    }

    private Call tryClaim() {
        for (Call call : calls) {
            if (call.tryClaim()) {
                return call;
            }
        }
        return null;
    }

    private boolean isClosed() {
        return (int) INT.getVolatile(segment, MailboxDescriptor.CLOSED) != 0;
    }

    private void requirePeer() {
        String cause = gone.get(peer);
        if (cause != null) {
            throw new PeerFailedException(peer, "rank " + peer + " failed: " + cause);
        }
    }

    /// Waits for a slot. Nobody tells of a free one, so it looks again after short sleeps.
    private final class Claim implements Awaited {
        private Call claimed;

        @Override
        public boolean isReady() {
            claimed = tryClaim();
            return claimed != null;
        }

        @Override
        public void park(long timeoutNs) {
            LockSupport.parkNanos(Math.min(timeoutNs, CLAIM_SLEEP_NS));
        }

        @Override
        public void checkPeers() {
            requirePeer();
        }

        @Override
        public String describe() {
            return "rank " + context.rank() + " waits for a free slot in the mailbox of rank " + peer;
        }
    }

    /// One slot, used by the thread that has claimed it.
    private final class Call implements Awaited {
        private final long slot;

        private Call(long slot) {
            this.slot = slot;
        }

        private long payload() {
            return slot + MailboxDescriptor.PAYLOAD;
        }

        private int state() {
            return (int) INT.getVolatile(segment, slot + MailboxDescriptor.STATE);
        }

        /// A slot whose owner is gone can be taken unless its request is still to be answered.
        private boolean tryClaim() {
            int owner = (int) INT.getVolatile(segment, slot + MailboxDescriptor.OWNER);
            boolean left = owner == MailboxDescriptor.ABANDONED || (owner > 0 && gone.containsKey(owner - 1));
            if ((owner != 0 && !left) || state() == MailboxDescriptor.POSTED) {
                return false;
            }
            if (!INT.compareAndSet(segment, slot + MailboxDescriptor.OWNER, owner, context.rank() + 1)) {
                return false;
            }
            if (state() != MailboxDescriptor.POSTED) {
                return true;
            }
            // Between the look and the exchange another has posted here, and left.
            INT.setVolatile(segment, slot + MailboxDescriptor.OWNER, MailboxDescriptor.ABANDONED);
            return false;
        }

        private void run(int kind, long offset, long length, DataType type, int op, long operand, long second) {
            segment.set(ValueLayout.JAVA_INT, slot + MailboxDescriptor.KIND, kind);
            segment.set(ValueLayout.JAVA_LONG, slot + MailboxDescriptor.NUMBER, key.number());
            segment.set(ValueLayout.JAVA_LONG, slot + MailboxDescriptor.OFFSET, offset);
            segment.set(ValueLayout.JAVA_LONG, slot + MailboxDescriptor.LENGTH, length);
            segment.set(ValueLayout.JAVA_INT, slot + MailboxDescriptor.TYPE, type.ordinal());
            segment.set(ValueLayout.JAVA_INT, slot + MailboxDescriptor.OPERATOR, op);
            segment.set(ValueLayout.JAVA_LONG, slot + MailboxDescriptor.OPERAND, operand);
            segment.set(ValueLayout.JAVA_LONG, slot + MailboxDescriptor.SECOND_OPERAND, second);
            INT.setVolatile(segment, slot + MailboxDescriptor.SLEEPER, 0);
            INT.setVolatile(segment, slot + MailboxDescriptor.STATE, MailboxDescriptor.POSTED);
            if ((int) INT.getVolatile(segment, MailboxDescriptor.ASLEEP) != 0) {
                int ignored = (int) INT.getAndAdd(segment, MailboxDescriptor.BELL, 1);
                mailbox.unpark(MailboxDescriptor.BELL);
            }
            context.waiting().await(this);
            requireDone(state());
        }

        private void requireDone(int state) {
            switch (state) {
                case MailboxDescriptor.DONE -> {}
                case MailboxDescriptor.POSTED ->
                    throw new TransportException("shm: rank " + peer + " has closed its transport");
                case MailboxDescriptor.REFUSED_NUMBER ->
                    throw new TransportException("shm: rank " + peer + " has ended the registration of the memory");
                case MailboxDescriptor.REFUSED_MEMORY ->
                    throw new TransportException("shm: the memory of rank " + peer + " cannot be used any more");
                default ->
                    throw new TransportException(
                            "shm: rank " + peer + " refused a request that does not fit its memory");
            }
        }

        /// A request that is not answered yet keeps its slot until it is.
        private void free() {
            int next = state() == MailboxDescriptor.POSTED ? MailboxDescriptor.ABANDONED : 0;
            INT.setVolatile(segment, slot + MailboxDescriptor.OWNER, next);
        }

        @Override
        public boolean isReady() {
            return state() != MailboxDescriptor.POSTED || isClosed();
        }

        @Override
        public void park(long timeoutNs) {
            INT.setVolatile(segment, slot + MailboxDescriptor.SLEEPER, 1);
            mailbox.park(slot + MailboxDescriptor.STATE, MailboxDescriptor.POSTED, timeoutNs);
        }

        @Override
        public void checkPeers() {
            if (!isReady()) {
                requirePeer();
            }
        }

        @Override
        public String describe() {
            return "rank " + context.rank() + " waits for the mailbox of rank " + peer;
        }
    }
}
