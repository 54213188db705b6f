package org.porthole.transport.tcp;

import static org.porthole.transport.tcp.TcpWire.REQUEST;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.porthole.AccessRefusedException;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.PeerFailedException;
import org.porthole.TransportException;
import org.porthole.spi.Endpoint;
import org.porthole.spi.RemoteKey;
import org.porthole.spi.RemoteMemory;
import org.porthole.spi.SignalKind;
import org.porthole.transport.tcp.TcpWait.Goal;

/// The way to one peer: a connection, made when something is first attached through it.
///
/// **Threads.** Any; one writes requests at a time.
@SuppressWarnings("EnumOrdinal") // ordinals travel between ranks that run the same version
final class TcpEndpoint implements Endpoint {
    private final TcpTransport transport;
    private final int peer;
    private final TcpAddress address;
    private final ReentrantLock writing = new ReentrantLock();
    private final TcpWait room = new TcpWait(this);
    private final AtomicReference<TcpWait> spare = new AtomicReference<>();
    private volatile TcpOrigin origin;
    /// Why nothing goes this way any more.
    private volatile String failure;
    private final TcpBounce bounce = new TcpBounce();

    /// Requests up to this one have been asked to be answered.
    private long asked;

    TcpEndpoint(TcpTransport transport, int peer, TcpAddress address) {
        this.transport = transport;
        this.peer = peer;
        this.address = address;
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
        TcpRemoteMemory remote = new TcpRemoteMemory(bytes.getLong(), bytes.getLong());
        MemorySegment size = MemorySegment.ofArray(new long[1]);
        try {
            writing.lock();
            try {
                if (origin == null) {
                    origin = transport.open(this, address);
                }
                beginRequest(TcpWire.ATTACH, 0, 0, remote, 0, Long.BYTES, Long.BYTES);
                origin.writeLong(0);
                expectNow(size, 0, Long.BYTES, false);
                origin.publish();
            } finally {
                writing.unlock();
            }
            flush();
        } catch (PeerFailedException e) {
            throw new TransportException("tcp: rank " + peer + " cannot be reached: " + e.getMessage(), e);
        }
        if (remote.byteSize() < 0 || size.get(ValueLayout.JAVA_LONG, 0) != remote.byteSize()) {
            throw noKey();
        }
        return remote;
    }

    private TransportException noKey() {
        return new TransportException("tcp: the key is not, or no more, that of any memory of rank " + peer);
    }

    /// Waits for room, and writes the head of a request.
    ///
    /// @param inRing how many bytes of payload will be written before the request is published
    private void beginRequest(
            byte kind, int type, int operator, RemoteMemory remote, long offset, long length, int inRing) {
        awaitRoom(inRing);
        origin.begin(kind, type, operator, ((TcpRemoteMemory) remote).key(), offset, length);
    }

    private void awaitRoom(int inRing) {
        if (failure != null) {
            requireUp("rank " + rank() + " begins an operation");
        }
        if (!origin.hasRoom(REQUEST + inRing)) {
            await(Goal.ROOM, REQUEST + inRing);
        }
    }

    private void await(Goal goal, long amount) {
        room.aim(goal, amount);
        transport.waiting().await(room);
        requireUp(room);
    }

    private void expectNow(MemorySegment destination, long offset, long length, boolean remembers) {
        origin.expect(destination, offset, length, remembers);
        asked = origin.started();
    }

    private void publish() {
        publishOnly();
        if (origin.isEnough()) {
            origin.drive(false);
        }
    }

    /// Ends a request, and asks for an answer if it has been long: what is not acknowledged takes room.
    private void publishOnly() {
        TcpOrigin way = origin;
        way.publish();
        if (way.isAskDue() && way.hasRoom(REQUEST)) {
            askNow(way);
        }
    }

    @Override
    public void put(RemoteMemory remote, long offset, MemorySegment source, long sourceOffset, long length) {
        writing.lock();
        try {
            for (long done = 0; done < length; ) {
                long part = Math.min(length - done, TcpWire.MOST);
                putPart(remote, offset + done, source, sourceOffset + done, part);
                done += part;
            }
        } finally {
            writing.unlock();
        }
    }

    private void putPart(RemoteMemory remote, long offset, MemorySegment source, long sourceOffset, long length) {
        TcpOrigin way = origin;
        if (length < TcpOrigin.IN_PLACE) {
            beginRequest(TcpWire.PUT, 0, 0, remote, offset, length, (int) length);
            way.write(source, sourceOffset, length);
            publish();
        } else if (way.isInPlace(source)) {
            beginRequest(TcpWire.PUT, 0, 0, remote, offset, length, 0);
            way.writeInPlace(source, sourceOffset, length);
            publish();
        } else {
            for (long done = 0; done < length; done += TcpBounce.BLOCK) {
                long part = Math.min(length - done, TcpBounce.BLOCK);
                putBlock(remote, offset + done, source, sourceOffset + done, part);
            }
        }
    }

    /// Puts what must be copied first.
    private void putBlock(RemoteMemory remote, long offset, MemorySegment source, long sourceOffset, long length) {
        TcpOrigin way = origin;
        if (!way.isAcknowledged(bounce.freeAfter())) {
            long ignored = ask();
            way.drive(false);
            await(Goal.ACKNOWLEDGED, bounce.freeAfter());
        }
        MemorySegment block = bounce.block();
        MemorySegment.copy(source, sourceOffset, block, 0, length);
        beginRequest(TcpWire.PUT, 0, 0, remote, offset, length, 0);
        way.writeInPlace(block, 0, length);
        bounce.use(way.inPlace());
        publish();
    }

    @Override
    public void get(RemoteMemory remote, long offset, MemorySegment destination, long destinationOffset, long length) {
        writing.lock();
        try {
            for (long done = 0; done < length; ) {
                long part = Math.min(length - done, TcpWire.MOST);
                beginRequest(TcpWire.GET, 0, 0, remote, offset + done, part, 0);
                expectNow(destination, destinationOffset + done, part, false);
                done += part;
                publish();
            }
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void fetchAndOp(
            RemoteMemory remote, long offset, DataType type, Operator op, long operand, MemorySegment result) {
        writing.lock();
        try {
            beginRequest(TcpWire.FETCH, type.ordinal(), op.ordinal(), remote, offset, Long.BYTES, Long.BYTES);
            origin.writeLong(operand);
            expectNow(result, 0, Long.BYTES, true);
            publish();
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void compareAndExchange(
            RemoteMemory remote, long offset, DataType type, long expected, long value, MemorySegment result) {
        writing.lock();
        try {
            beginRequest(TcpWire.EXCHANGE, type.ordinal(), 0, remote, offset, 2 * Long.BYTES, 2 * Long.BYTES);
            origin.writeLong(expected);
            origin.writeLong(value);
            expectNow(result, 0, Long.BYTES, true);
            publish();
        } finally {
            writing.unlock();
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
        byte kind = result == null ? TcpWire.ACCUMULATE : TcpWire.GET_ACCUMULATE;
        writing.lock();
        try {
            for (long done = 0; done < length; ) {
                int part = (int) Math.min(length - done, TcpWire.MOST_OPERANDS);
                beginRequest(kind, type.ordinal(), op.ordinal(), remote, offset + done, part, part);
                origin.write(operands, operandOffset + done, part);
                if (result != null) {
                    expectNow(result, resultOffset + done, part, true);
                }
                publish();
                done += part;
            }
        } finally {
            writing.unlock();
        }
    }

    /// Comes behind the answers to what was asked before: a get that is repeated after a cut must not read what the signal let the target write.
    @Override
    public void signal(RemoteMemory remote, long offset, SignalKind kind, long value) {
        writing.lock();
        try {
            long answers = origin.answersDue();
            if (!origin.isAnswered(answers)) {
                origin.drive(false);
                await(Goal.ANSWERED, answers);
            }
            beginRequest(
                    TcpWire.SIGNAL, DataType.LONG.ordinal(), kind.ordinal(), remote, offset, Long.BYTES, Long.BYTES);
            origin.writeLong(value);
            publishOnly();
            origin.drive(false);
        } finally {
            writing.unlock();
        }
    }

    /// Requests are carried out in their order anyhow.
    @Override
    public void fence() {}

    @Override
    public void flush() {
        await(Goal.REMOTELY);
    }

    @Override
    public void flushLocal() {
        await(Goal.LOCALLY);
    }

    private void await(Goal goal) {
        TcpOrigin way = origin;
        if (way == null) {
            return;
        }
        long ticket = way.started();
        if (goal == Goal.REMOTELY || !isOver(goal, ticket)) {
            ticket = ask();
        }
        if (isOver(goal, ticket) && failure == null) {
            requireAccepted(way);
            return;
        }
        way.drive(false);
        TcpWait wait = spare.getAndSet(null);
        if (wait == null) {
            wait = new TcpWait(this);
        }
        wait.aim(goal, ticket);
        transport.waiting().await(wait);
        if (!isDone(goal, ticket)) {
            requireUp(wait);
        }
        spare.set(wait);
        requireAccepted(way);
    }

    private void requireAccepted(TcpOrigin way) {
        byte why = way.takeRefusal();
        if (why != 0) {
            throw new AccessRefusedException("tcp: rank " + peer
                    + (why == TcpWire.NOT_ALLOWED
                            ? " has refused an operation that it does not allow"
                            : " has refused an operation on memory that it no longer shares (detached, its exposure or window"
                                    + " ended)"));
        }
    }

    /// Sees to it that everything started so far will be answered.
    ///
    /// @return the number of the last request
    private long ask() {
        writing.lock();
        try {
            long started = origin.started();
            if (asked < started && !origin.isComplete(started)) {
                awaitRoom(0);
                askNow(origin);
            }
            return started;
        } finally {
            writing.unlock();
        }
    }

    private void askNow(TcpOrigin way) {
        way.begin(TcpWire.FLUSH, 0, 0, TcpRemoteMemory.NONE.key(), 0, 0);
        way.publish();
        way.noteAsked();
        asked = way.started();
    }

    /// Whether there is nothing more to wait for: it is done, or never will be.
    boolean isOver(Goal goal, long amount) {
        return isDone(goal, amount) || failure != null;
    }

    private boolean isDone(Goal goal, long amount) {
        return switch (goal) {
            case ROOM -> origin.hasRoom((int) amount);
            case ACKNOWLEDGED -> origin.isAcknowledged(amount);
            case ANSWERED -> origin.isAnswered(amount);
            case LOCALLY -> origin.isLocallyComplete(amount);
            case REMOTELY -> origin.isComplete(amount);
        };
    }

    /// Sends and receives what can be.
    void drive() {
        origin.drive(true);
    }

    void sleep(TcpWait wait, long timeoutNs) {
        origin.sleep(wait, timeoutNs);
    }

    /// @throws PeerFailedException if nothing goes this way any more
    private void requireUp(TcpWait wait) {
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
        TcpOrigin way = origin;
        return way == null ? 0 : way.started();
    }

    @Override
    public boolean isComplete(long ticket) {
        return isComplete(Goal.REMOTELY, ticket);
    }

    @Override
    public boolean isLocallyComplete(long ticket) {
        return isComplete(Goal.LOCALLY, ticket);
    }

    private boolean isComplete(Goal goal, long ticket) {
        TcpOrigin way = origin;
        if (way == null) {
            return true;
        }
        if (isDone(goal, ticket)) {
            requireAccepted(way);
            return true;
        }
        if (failure != null) {
            requireUp("rank " + rank() + " asks whether an operation is complete");
        }
        long ignored = ask();
        drive();
        return isDone(goal, ticket);
    }

    @Override
    public void close() {
        writing.lock();
        try {
            TcpOrigin way = origin;
            if (way != null) {
                way.close();
                transport.closed(this, way);
            }
        } finally {
            writing.unlock();
        }
    }
}
