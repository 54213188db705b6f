package org.porthole.transport.rdma;

import com.ibm.disni.verbs.IbvSendWR;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.porthole.AccessRefusedException;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.OutcomeUnknownException;
import org.porthole.PeerFailedException;
import org.porthole.TransportException;
import org.porthole.spi.Endpoint;
import org.porthole.spi.RemoteKey;
import org.porthole.spi.RemoteMemory;
import org.porthole.spi.SignalKind;
import org.porthole.transport.rdma.RdmaCache.Place;
import org.porthole.transport.rdma.RdmaWait.Goal;

/// The way to one peer: a connection, made when something is first attached through it.
///
/// **Threads.** Any; one posts at a time.
@SuppressWarnings("EnumOrdinal") // ordinals travel between ranks that run the same version
final class RdmaEndpoint implements Endpoint {
    private final RdmaTransport transport;
    /// The operand of an operation that has none.
    private static final MemorySegment NOTHING =
            MemorySegment.ofArray(new short[1]).asReadOnly();

    private final int peer;
    private final RdmaAddress address;
    private final RdmaCache cache;
    private final ReentrantLock posting = new ReentrantLock();
    private final RdmaWait room = new RdmaWait(this);
    private final AtomicReference<RdmaWait> spare = new AtomicReference<>();
    private volatile RdmaOrigin origin;
    /// How to go on with a queue pair that has been agreed on in the place of one in error; null if there is none.
    private volatile RdmaTransport.Resumption resumption;
    /// Why nothing goes this way any more.
    private volatile String failure;

    /// The last request before a fence.
    private long fencedRequest;

    private boolean fenced;
    /// Where the payload of the request that has begun goes.
    private long payloadAt;

    RdmaEndpoint(RdmaTransport transport, int peer, RdmaAddress address) {
        this.transport = transport;
        this.peer = peer;
        this.address = address;
        cache = transport.cache();
    }

    int rank() {
        return transport.rank();
    }

    int peer() {
        return peer;
    }

    /// The connection has ended.
    void fail(String cause) {
        failure = cause;
    }

    @Override
    public RemoteMemory attach(RemoteKey key) {
        if (key.bytes().length != 2 * Long.BYTES) {
            throw noKey();
        }
        ByteBuffer bytes = ByteBuffer.wrap(key.bytes());
        long number = bytes.getLong();
        long byteSize = bytes.getLong();
        MemorySegment answer = MemorySegment.ofArray(new long[RdmaWire.ATTACHED / Long.BYTES]);
        ask(number, 0, answer);
        long span = answer.getAtIndex(ValueLayout.JAVA_LONG, 4);
        if (byteSize < 0 || answer.getAtIndex(ValueLayout.JAVA_LONG, 0) != byteSize || span < RdmaLimits.PAGE) {
            throw noKey();
        }
        if (byteSize / span >= RdmaWire.MOST_KEYS) {
            throw new TransportException("rdma: the memory of rank " + peer + " is in more pieces than "
                    + RdmaWire.MOST_KEYS + ": " + RdmaOptions.REGISTRATION.key() + " is too small there");
        }
        int[] remoteKeys = new int[(int) Math.max(1, Math.ceilDiv(byteSize, span))];
        for (int piece = 0; piece < remoteKeys.length; piece++) {
            if (piece > 0) {
                ask(number, piece, answer);
            }
            remoteKeys[piece] = (int) answer.getAtIndex(ValueLayout.JAVA_LONG, 2);
        }
        return new RdmaRemoteMemory(
                number,
                byteSize,
                answer.getAtIndex(ValueLayout.JAVA_LONG, 1),
                span,
                remoteKeys,
                answer.getAtIndex(ValueLayout.JAVA_LONG, 3) != 0);
    }

    /// Asks what a key stands for.
    ///
    /// @param piece which of the adapter's keys is meant
    private void ask(long number, int piece, MemorySegment answer) {
        try {
            posting.lock();
            try {
                if (origin == null) {
                    origin = transport.open(this, address);
                }
                RdmaOrigin way = beginRequest(RdmaWire.ATTACH, 0, 0, number, piece, 0);
                send(way, 0, answer, 0, RdmaWire.ATTACHED, false);
            } finally {
                posting.unlock();
            }
            flush();
        } catch (PeerFailedException e) {
            throw new TransportException("rdma: rank " + peer + " cannot be reached: " + e.getMessage(), e);
        }
    }

    private TransportException noKey() {
        return new TransportException("rdma: the key is not, or no more, that of any memory of rank " + peer);
    }

    /// The way on which to post, when there is what is asked for.
    private RdmaOrigin way(Goal goal, long amount) {
        if (failure != null) {
            requireUp("rank " + rank() + " begins an operation");
        }
        RdmaOrigin way = origin;
        if (!isDone(way, goal, amount)) {
            way.markAll();
            room.aim(goal, amount);
            transport.waiting().await(room);
            requireUp(room);
        }
        return way;
    }

    private RdmaOrigin beginRequest(byte kind, int type, int operator, long key, long offset, int length) {
        RdmaOrigin way = way(Goal.CREDIT, 0);
        payloadAt = way.begin(kind, type, operator, key, offset, length);
        return way;
    }

    private void send(
            RdmaOrigin way, int length, MemorySegment result, long offset, int expected, boolean behindReads) {
        way.send(length, result, offset, expected, behindReads || fenced);
        fenced = false;
    }

    /// Between a request and a read or write only an answer keeps the order.
    private void awaitFence() {
        if (fencedRequest > 0) {
            RdmaOrigin ignored = way(Goal.ANSWERED, fencedRequest);
            fencedRequest = 0;
        }
    }

    /// Whether the target's CPU moves the bytes. An adapter that is software moves four or eight aligned bytes whole, and two one after the other.
    private static boolean isTargets(RdmaRemoteMemory there, long offset, long length) {
        boolean isShort = length == Short.BYTES && (offset & 1) == 0;
        long last = offset | (Integer.BYTES - 1); // of the four bytes that the CPU exchanges
        return isShort && !there.isByAdapter() && last < there.byteSize() && there.address() % Integer.BYTES == 0;
    }

    /// How many bytes one write or read moves.
    private static int part(RdmaRemoteMemory there, long offset, long length, boolean inPlace) {
        return (int) Math.min(Math.min(length, inPlace ? RdmaOrigin.LONG_PIECE : RdmaOrigin.PIECE), there.left(offset));
    }

    @Override
    public void put(RemoteMemory remote, long offset, MemorySegment source, long sourceOffset, long length) {
        RdmaRemoteMemory there = (RdmaRemoteMemory) remote;
        if (isTargets(there, offset, length)) {
            accumulate(remote, offset, DataType.SHORT, Operator.REPLACE, source, sourceOffset, length, null, 0);
        } else {
            move(true, there, offset, source, sourceOffset, length);
        }
    }

    @Override
    public void get(RemoteMemory remote, long offset, MemorySegment destination, long destinationOffset, long length) {
        RdmaRemoteMemory there = (RdmaRemoteMemory) remote;
        if (isTargets(there, offset, length)) {
            accumulate(
                    remote, offset, DataType.SHORT, Operator.NO_OP, NOTHING, 0, length, destination, destinationOffset);
        } else {
            move(false, there, offset, destination, destinationOffset, length);
        }
    }

    /// Puts, or gets, block by block where this rank's memory is registered, and through the buffer where it is not.
    private void move(
            boolean isPut, RdmaRemoteMemory there, long offset, MemorySegment mine, long mineOffset, long length) {
        posting.lock();
        try {
            awaitFence();
            if (!cache.isLong(length)) {
                move(isPut, there, offset, mine, mineOffset, length, null);
                return;
            }
            for (long done = 0; done < length; ) {
                long reach = RdmaCache.reach(mine.address() + mineOffset + done, length - done);
                Place place = cache.take(mine, mineOffset + done, reach);
                try {
                    move(isPut, there, offset + done, mine, mineOffset + done, reach, place);
                } finally {
                    if (place != null) {
                        place.leave();
                    }
                }
                done += reach;
            }
        } finally {
            posting.unlock();
        }
    }

    /// @param place the registration of this rank's memory; null if its bytes are copied
    private void move(
            boolean isPut,
            RdmaRemoteMemory there,
            long offset,
            MemorySegment mine,
            long mineOffset,
            long length,
            Place place) {
        for (long done = 0; done < length; ) {
            int part = part(there, offset + done, length - done, place != null);
            long remote = there.address() + offset + done;
            int key = there.remoteKey(offset + done);
            if (isPut) {
                put(mine, mineOffset + done, part, remote, key, place);
            } else {
                get(mine, mineOffset + done, part, remote, key, place);
            }
            done += part;
        }
    }

    private void put(MemorySegment source, long offset, int length, long remote, int key, Place place) {
        RdmaOrigin way = way(Goal.ROOM, place == null ? length : 0);
        int flags = fenced && way.isReading() ? IbvSendWR.IBV_SEND_FENCE : 0;
        if (place == null) {
            way.write(source, offset, length, remote, key, flags);
        } else {
            way.write(place, source, offset, length, remote, key, flags);
        }
        fenced = false;
    }

    private void get(MemorySegment destination, long offset, int length, long remote, int key, Place place) {
        if (place == null) {
            way(Goal.ROOM_IN_RING, length).read(destination, offset, length, remote, key);
        } else {
            way(Goal.ROOM, 0).read(place, destination, offset, length, remote, key);
        }
    }

    @Override
    public void startRuns() {
        posting.lock();
        RdmaOrigin way = origin;
        if (way != null) {
            way.gather();
        }
    }

    @Override
    public void endRuns() {
        try {
            RdmaOrigin way = origin;
            if (way != null) {
                way.gathered();
            }
        } finally {
            posting.unlock();
        }
    }

    /// How many puts and gets wait for others to go with.
    long waiting() {
        RdmaOrigin way = origin;
        return way == null ? 0 : way.waiting();
    }

    @Override
    public void fetchAndOp(
            RemoteMemory remote, long offset, DataType type, Operator op, long operand, MemorySegment result) {
        RdmaRemoteMemory there = (RdmaRemoteMemory) remote;
        if (there.isByAdapter()) {
            requirePromised(type, op == Operator.SUM || op == Operator.NO_OP);
            atomic(RdmaLedger.ADD, there, offset, op == Operator.SUM ? operand : 0, 0, result);
            return;
        }
        long key = there.key();
        posting.lock();
        try {
            RdmaOrigin way = beginRequest(RdmaWire.FETCH, type.ordinal(), op.ordinal(), key, offset, Long.BYTES);
            way.buffer.segment().set(RdmaWire.LONG, payloadAt, operand);
            send(way, Long.BYTES, result, 0, Long.BYTES, false);
        } finally {
            posting.unlock();
        }
    }

    @Override
    public void compareAndExchange(
            RemoteMemory remote, long offset, DataType type, long expected, long value, MemorySegment result) {
        RdmaRemoteMemory there = (RdmaRemoteMemory) remote;
        if (there.isByAdapter()) {
            requirePromised(type, true);
            atomic(RdmaLedger.EXCHANGE, there, offset, expected, value, result);
            return;
        }
        long key = there.key();
        posting.lock();
        try {
            RdmaOrigin way = beginRequest(RdmaWire.EXCHANGE, type.ordinal(), 0, key, offset, 2 * Long.BYTES);
            way.buffer.segment().set(RdmaWire.LONG, payloadAt, expected);
            way.buffer.segment().set(RdmaWire.LONG, payloadAt + Long.BYTES, value);
            send(way, 2 * Long.BYTES, result, 0, Long.BYTES, false);
        } finally {
            posting.unlock();
        }
    }

    private static void requirePromised(DataType type, boolean isPromised) {
        if (type != DataType.LONG || !isPromised) {
            throw new IllegalStateException("adapters add to words of 8 bytes, and exchange them, and nothing else");
        }
    }

    /// By the other side's adapter.
    private void atomic(byte kind, RdmaRemoteMemory there, long offset, long operand, long swap, MemorySegment result) {
        posting.lock();
        try {
            awaitFence();
            RdmaOrigin way = way(Goal.ROOM, 0);
            way.atomic(kind, result, there.address() + offset, there.remoteKey(offset), operand, swap);
        } finally {
            posting.unlock();
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
        long key = ((RdmaRemoteMemory) remote).key();
        byte kind = result == null ? RdmaWire.ACCUMULATE : RdmaWire.GET_ACCUMULATE;
        posting.lock();
        try {
            for (long done = 0; done < length; ) {
                int part = (int) Math.min(length - done, RdmaWire.MOST_OPERANDS);
                RdmaOrigin way = beginRequest(kind, type.ordinal(), op.ordinal(), key, offset + done, part);
                MemorySegment.copy(operands, operandOffset + done, way.buffer.segment(), payloadAt, part);
                send(way, part, result, resultOffset + done, result == null ? 0 : part, false);
                done += part;
            }
        } finally {
            posting.unlock();
        }
    }

    @Override
    public void signal(RemoteMemory remote, long offset, SignalKind kind, long value) {
        long key = ((RdmaRemoteMemory) remote).key();
        posting.lock();
        try {
            RdmaOrigin way =
                    beginRequest(RdmaWire.SIGNAL, DataType.LONG.ordinal(), kind.ordinal(), key, offset, Long.BYTES);
            way.buffer.segment().set(RdmaWire.LONG, payloadAt, value);
            send(way, Long.BYTES, null, 0, 0, true);
        } finally {
            posting.unlock();
        }
    }

    /// What the adapters do they do in order, but for reads, behind which the next work is held back.
    @Override
    public void fence() {
        posting.lock();
        try {
            RdmaOrigin way = origin;
            if (way != null) {
                fenced = true;
                fencedRequest = way.lastRequest();
            }
        } finally {
            posting.unlock();
        }
    }

    @Override
    public void flush() {
        await(Goal.REMOTELY);
    }

    @Override
    public void flushLocal() {
        await(Goal.LOCALLY);
    }

    private void await(Goal goal) {
        RdmaOrigin way = origin;
        if (way == null) {
            return;
        }
        long number = goal == Goal.REMOTELY ? ask() : way.started();
        if (isDone(way, goal, number)) {
            requireAccepted(way);
            return;
        }
        RdmaWait wait = spare.getAndSet(null);
        if (wait == null) {
            wait = new RdmaWait(this);
        }
        wait.aim(goal, number);
        transport.waiting().await(wait);
        requireAccepted(way);
        if (!isDone(way, goal, number)) {
            requireUp(wait);
        }
        spare.set(wait);
    }

    /// Tells, once, that the target has refused something, or that nobody knows what became of an atomic.
    ///
    /// @throws AccessRefusedException  if it has
    /// @throws OutcomeUnknownException if nobody knows
    private void requireAccepted(RdmaOrigin way) {
        if (way.refusal() == null && way.unknown() == null) {
            return;
        }
        String why;
        String unknown;
        posting.lock();
        try {
            why = way.refusal();
            unknown = way.unknown();
            way.forgetRefusal();
        } finally {
            posting.unlock();
        }
        if (unknown != null) {
            throw new OutcomeUnknownException(peer, "rdma: rank " + peer + ": " + unknown);
        }
        if (why != null) {
            throw new AccessRefusedException("rdma: rank " + peer + ": " + why);
        }
    }

    // Another queue pair.

    /// How often it was needed.
    int cuts() {
        RdmaOrigin way = origin;
        return way == null ? 0 : way.cuts();
    }

    RdmaAddress address() {
        return address;
    }

    /// Goes on with another queue pair, if nobody else is about to do so or in the middle of posting.
    ///
    /// @return whether there is nothing more to be done
    boolean resume() throws IOException {
        if (resumption == null) {
            return true;
        }
        if (!posting.tryLock()) {
            return false;
        }
        try {
            RdmaTransport.Resumption ready = resumption; // not that of an earlier cut
            if (ready != null) {
                resumption = null;
                ready.run();
            }
            return true;
        } finally {
            posting.unlock();
        }
    }

    void setResumption(RdmaTransport.Resumption ready) {
        resumption = ready;
    }

    /// Sees to it that it will be known when everything started so far is complete.
    ///
    /// @return the number of the last work
    private long ask() {
        posting.lock();
        try {
            RdmaOrigin way = origin;
            long last = way.started();
            if (way.isOpen()) {
                way.mark();
            }
            return last;
        } finally {
            posting.unlock();
        }
    }

    /// Whether there is nothing more to wait for: it is done, or never will be.
    boolean isOver(Goal goal, long amount) {
        RdmaOrigin way = origin;
        return failure != null || isDone(way, goal, amount);
    }

    private static boolean isDone(RdmaOrigin way, Goal goal, long amount) {
        return switch (goal) {
            case ROOM -> way.hasRoom((int) amount);
            case ROOM_IN_RING -> way.hasRoomInRing((int) amount);
            case CREDIT -> way.hasCredit();
            case ANSWERED -> way.isAnswered(amount);
            case LOCALLY -> way.isLocallyComplete(amount);
            case REMOTELY -> way.isComplete(amount);
        };
    }

    /// Takes what is complete.
    void drive() {
        if (resumption != null) {
            try {
                boolean ignored = resume();
            } catch (IOException e) {
                fail(e.getMessage());
            }
        }
        origin.drive();
    }

    void sleep(RdmaWait wait, long timeoutNs) {
        origin.sleep(wait, timeoutNs);
    }

    /// @throws PeerFailedException if nothing goes this way any more
    private void requireUp(RdmaWait wait) {
        if (failure != null) {
            requireUp(wait.describe());
        }
    }

    /// @throws PeerFailedException if nothing goes this way any more
    void requireUp(String what) {
        String cause = failure;
        if (cause != null) {
            throw new PeerFailedException(peer, "rank " + peer + " failed: " + cause + "; " + what);
        }
    }

    @Override
    public long started() {
        RdmaOrigin way = origin;
        return way == null ? 0 : way.started();
    }

    @Override
    public boolean isComplete(long ticket) {
        return isDone(Goal.REMOTELY, ticket);
    }

    @Override
    public boolean isLocallyComplete(long ticket) {
        return isDone(Goal.LOCALLY, ticket);
    }

    private boolean isDone(Goal goal, long ticket) {
        RdmaOrigin way = origin;
        if (way == null) {
            return true;
        }
        if (!isDone(way, goal, ticket)) {
            if (failure != null) {
                requireUp("rank " + rank() + " asks whether an operation is complete");
            }
            if (goal == Goal.REMOTELY) {
                long ignored = ask();
            }
            way.drive();
        }
        requireAccepted(way);
        return isDone(way, goal, ticket);
    }

    @Override
    public void close() {
        posting.lock();
        try {
            RdmaOrigin way = origin;
            if (way != null) {
                transport.closed(this, way);
                way.close();
            }
        } finally {
            posting.unlock();
        }
    }
}
