package org.porthole.internal.port;

import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntConsumer;
import org.porthole.JoinException;
import org.porthole.PeerFailedException;
import org.porthole.Team;
import org.porthole.TransportException;
import org.porthole.config.Configuration;
import org.porthole.config.CoreOptions;
import org.porthole.internal.progress.Membership;
import org.porthole.internal.progress.Waiter;
import org.porthole.internal.route.Routes;
import org.porthole.internal.route.Target;
import org.porthole.internal.window.Bearers;
import org.porthole.port.Message;
import org.porthole.port.MessageKind;
import org.porthole.port.PortSpec;
import org.porthole.spi.Awaited;
import org.porthole.spi.Memory;
import org.porthole.spi.TargetAtomics;

/// The ports of one rank, and the ways of messages to and from the others.
///
/// **Threads.** Any.
public final class PostOffice {
    private static final System.Logger LOG = System.getLogger(PostOffice.class.getName());
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle LOOKS;

    static {
        try {
            LOOKS = MethodHandles.lookup().findVarHandle(PostOffice.class, "looks", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /// The offices of this process, by their numbers, so that its ranks reach each other's ports directly.
    private static final Map<Long, PostOffice> OFFICES = new ConcurrentHashMap<>();

    private static final AtomicLong NEXT_OFFICE = new AtomicLong();
    private static final ThreadLocal<boolean[]> INSIDE = ThreadLocal.withInitial(() -> new boolean[1]);

    private final long id;
    private final int rank;
    private final int size;
    private Team world;
    private final Routes routes;
    private final Membership membership;
    private final Waiter waiter;
    private final MemorySegment control;
    private final Neighbourhood around;
    private final long base;
    private final Bell bell;
    private final long payload;
    private final long ringBytes;

    private final MessagePool pool;
    private final CallTable calls = new CallTable();
    private final NumberTable<OpenPort> ports = new NumberTable<>();
    private final AtomicLong nextPort = new AtomicLong();
    private final AtomicReferenceArray<NumberTable<Holding>> holdings;
    private final LoanTable loans = new LoanTable(this);
    private final Bearers bearers;
    private final NameService names;
    private final AtomicReferenceArray<Channel> channels;
    /// Messages that have come from each rank and wait for their outcomes, by the slots of its calls.
    private final AtomicReferenceArray<AtomicReferenceArray<PooledMessage>> pending;

    /// What the last wait for room was done with; a thread that finds none makes its own.
    private final AtomicReference<SendWait> spare = new AtomicReference<>();

    private final InlineWatch inline;
    private final IntConsumer listener = this::gone;
    /// Under the listener's monitor.
    private boolean released;
    private volatile Channel[] open = {};
    private volatile boolean hasRemote;
    private final SpinLock reading = new SpinLock();
    private int turn;
    private long knocks;
    /// Null if all ranks are in this process.
    private PortProgressAgent agent;

    private volatile boolean closed;

    @SuppressWarnings("UnusedVariable") // by LOOKS
    private long looks;

    /// The offices that a rank knows of.
    ///
    /// @param controls the control memory of all ranks
    /// @param bases    where in it their offices begin
    /// @param ids      the offices' numbers in this process; 0 for those of other processes
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Neighbourhood(Target[] controls, long[] bases, long[] ids) {}

    /// How much control memory the office of a rank takes.
    ///
    /// @param size how many ranks the job has
    /// @return bytes
    public static long controlBytes(int size) {
        return OfficeDescriptor.byteSize(size);
    }

    /// Where the office begins in control memory.
    ///
    /// @param before how much there is before it
    /// @return its offset
    public static long base(long before) {
        return RecordDescriptor.round(before) + RecordDescriptor.UNIT;
    }

    /// What carries out atomics and signals that arrive for control memory with an office in it.
    ///
    /// @param memory the memory
    /// @param base   where the office begins
    /// @return the same as ever, but that signals for the office wake whoever sleeps
    public static TargetAtomics atomics(Memory memory, long base) {
        return new RingAtomics(memory, new Bell(memory, base), base);
    }

    /// A number for the office of a rank that joins.
    ///
    /// @return one that no other office of this process has
    public static long nextId() {
        return NEXT_OFFICE.incrementAndGet();
    }

    /// What a rank that joins tells the others of its office.
    ///
    /// @param number   from [#nextId()]
    /// @param settings the settings
    /// @return bytes for [#number(ByteBuffer, int, int, Configuration)]
    public static byte[] card(long number, Configuration settings) {
        PortLimits limits = PortLimits.of(settings);
        return ByteBuffer.allocate(3 * Long.BYTES)
                .putLong(number)
                .putLong(limits.ring())
                .putLong(limits.payload())
                .array();
    }

    /// Reads what a rank tells of its office.
    ///
    /// @param card     positioned at it
    /// @param peer     whose it is
    /// @param rank     this rank
    /// @param settings this rank's settings
    /// @return the office's number
    /// @throws JoinException if the ranks have different rings or messages
    public static long number(ByteBuffer card, int peer, int rank, Configuration settings) {
        long number = card.getLong();
        PortLimits mine = PortLimits.of(settings);
        requireSame(CoreOptions.PORT_RING.key(), peer, card.getLong(), rank, mine.ring());
        requireSame(CoreOptions.PORT_PAYLOAD.key(), peer, card.getLong(), rank, mine.payload());
        return number;
    }

    private static void requireSame(String key, int peer, long theirs, int rank, long mine) {
        if (theirs != mine) {
            throw new JoinException("the ranks disagree on " + key + ": rank " + rank + " has " + mine + ", rank "
                    + peer + " " + theirs);
        }
    }

    /// Opens the office of a rank that joins; all are open before any has joined.
    ///
    /// @param rank       this rank
    /// @param routes     the ways to them
    /// @param membership who is gone
    /// @param waiter     how to wait
    /// @param settings   the settings
    /// @param memory     this rank's control memory
    /// @param around     the offices of all
    /// @param bearers    what this rank reaches by rights to windows
    public PostOffice(
            int rank,
            Routes routes,
            Membership membership,
            Waiter waiter,
            Configuration settings,
            Memory memory,
            Neighbourhood around,
            Bearers bearers) {
        this.rank = rank;
        this.routes = routes;
        this.membership = membership;
        this.waiter = waiter;
        this.bearers = bearers;
        this.around = around;
        size = around.ids.length;
        id = around.ids[rank];
        control = memory.segment();
        base = around.bases[rank];
        bell = new Bell(memory, base);
        PortLimits limits = PortLimits.of(settings);
        payload = limits.payload();
        ringBytes = limits.ring();
        pool = new MessagePool(this, limits.memory());
        names = new NameService(this);
        inline = new InlineWatch(limits.inlineReportNs());
        holdings = new AtomicReferenceArray<>(size);
        channels = new AtomicReferenceArray<>(size);
        pending = new AtomicReferenceArray<>(size);
        OFFICES.put(id, this);
        for (int peer = 0; peer < size; peer++) {
            if (around.ids[peer] == 0 && agent == null) {
                agent = new PortProgressAgent(this, waiter, rank);
            }
        }
        membership.listen(listener);
        if (agent != null) {
            agent.start();
        }
    }

    /// The rank has joined.
    ///
    /// @param all the ranks
    public void joined(Team all) {
        world = all;
    }

    int rank() {
        return rank;
    }

    int size() {
        return size;
    }

    Routes routes() {
        return routes;
    }

    Bell bell() {
        return bell;
    }

    MessagePool pool() {
        return pool;
    }

    NameService names() {
        return names;
    }

    LoanTable loans() {
        return loans;
    }

    Bearers bearers() {
        return bearers;
    }

    /// Publishes a port of this rank.
    void publish(String name, OpenPort port) {
        names.publish(name, port);
    }

    InlineWatch inline() {
        return inline;
    }

    long payload() {
        return payload;
    }

    long ringBytes() {
        return ringBytes;
    }

    boolean isGone(int peer) {
        return membership.isGone(peer);
    }

    int translate(Team team, int teamRank) {
        return world.translate(team, teamRank);
    }

    static String endedPort(int owner) {
        return "a port of rank " + owner + " has ended";
    }

    static String refusedRight(int owner) {
        return "the right to a port of rank " + owner
                + " is not, or no more, good: it was revoked, used up or made up, or is not for this rank";
    }

    /// The office of a rank of this process; null if it is elsewhere.
    PostOffice neighbour(int peer) {
        return peer == rank ? this : around.ids[peer] == 0 ? null : OFFICES.get(around.ids[peer]);
    }

    boolean isNear(int peer) {
        return around.ids[peer] != 0;
    }

    // Ports.

    /// Opens a port.
    ///
    /// @param spec what it is to be
    /// @return the port
    public OpenPort openPort(PortSpec spec) {
        requireOpen();
        OpenPort port = new OpenPort(this, nextPort.incrementAndGet(), spec);
        ports.put(port);
        try {
            names.add(port);
        } catch (IllegalStateException e) {
            ports.remove(port);
            throw e;
        }
        if (closed) {
            port.close();
            requireOpen();
        }
        return port;
    }

    /// Makes a message to send.
    ///
    /// @return an empty one
    public Message newMessage() {
        return pool.own();
    }

    /// Finds a port by its name.
    ///
    /// @param owner    its rank
    /// @param name     its name
    /// @param deadline how long to wait for it
    /// @return a right to it
    public HeldRight lookup(int owner, String name, Duration deadline) {
        Objects.checkIndex(owner, size);
        requireOpen();
        return names.find(owner, name, deadline.toNanos());
    }

    /// Finds a published port.
    ///
    /// @param name     its name in the job
    /// @param deadline how long to wait for it
    /// @return a right to it
    public HeldRight lookup(String name, Duration deadline) {
        requireOpen();
        return names.findPublished(name, deadline.toNanos());
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the job is closed");
        }
    }

    OpenPort port(long number) {
        return ports.get(number);
    }

    void requireOwn(OpenPort port) {
        if (port.office() != this) {
            throw new IllegalArgumentException(port + " is not one of rank " + rank);
        }
    }

    /// A message that a rank of this process may send.
    PooledMessage own(Message message) {
        PooledMessage own = (PooledMessage) message;
        if (own.office() != this && neighbour(own.office().rank()) != own.office()) {
            throw new IllegalArgumentException("the message is another job's");
        }
        return own;
    }

    /// What this rank knows of a port.
    Holding holding(int owner, long number, int limitMessages, long limitBytes) {
        NumberTable<Holding> table = holdings.get(owner);
        if (table == null) {
            holdings.compareAndSet(owner, null, new NumberTable<>());
            table = holdings.get(owner);
        }
        synchronized (table) {
            Holding holding = table.get(number);
            if (holding == null) {
                holding = new Holding(owner, number, limitMessages, limitBytes);
                table.put(holding);
                if (isGone(owner)) {
                    holding.die(goneOwner(owner));
                }
            }
            return holding;
        }
    }

    private String goneOwner(int owner) {
        return "a port has ended with its rank; "
                + membership
                        .failure(owner, "rank " + rank + " holds a right to it")
                        .getMessage();
    }

    /// A port of this rank ends.
    ///
    /// @param holders the ranks that hold rights
    void forget(OpenPort port, int... holders) {
        names.remove(port);
        ports.remove(port);
        for (int holder : holders) {
            tell(holder, RecordDescriptor.ENDED, port.number(), 0, 0, 0);
        }
    }

    // Sending.

    /// Sends a message.
    ///
    /// @param deadlineNs how long to wait for room
    /// @return false if there was none
    boolean post(HeldRight right, PooledMessage message, long deadlineNs) {
        right.require();
        message.requireUsable();
        long call = 0;
        if (message.replyPort() != null) {
            call = enterCall(right, null, message, deadlineNs);
            if (call == 0) {
                return false;
            }
        }
        boolean sent = false;
        message.beginCargo(right.rank());
        try {
            sent = trySend(right, message, call) || (deadlineNs > 0 && awaitRoom(right, message, call, deadlineNs));
        } finally {
            if (!sent) {
                undo(message, right.rank(), call);
            }
        }
        if (sent) {
            sent(right, message, call);
        }
        return sent;
    }

    /// Sends a message whose outcome is to be stored in it.
    void start(HeldRight right, PooledMessage message) {
        message.begin(right);
        boolean sent = false;
        long call = 0;
        try {
            call = enterCall(right, message, message, Long.MAX_VALUE);
            message.beginCargo(right.rank());
            sent = trySend(right, message, call) || awaitRoom(right, message, call, Long.MAX_VALUE);
        } finally {
            if (!sent) {
                undo(message, right.rank(), call);
                message.unbegin();
            }
        }
        sent(right, message, call);
    }

    /// Sends a message as soon as there is room.
    private boolean awaitRoom(HeldRight right, PooledMessage message, long call, long deadlineNs) {
        SendWait kept = spare.getAndSet(null);
        SendWait wait = (kept == null ? new SendWait(this) : kept).forMessage(right, message, call);
        boolean sent = await(wait, deadlineNs);
        spare.set(wait);
        return sent;
    }

    /// An agent of a rank of this process has a message and will answer later, unless its rank ends.
    void watch(HeldRight right, PooledMessage message) {
        long call = enterCall(right, message, message, Long.MAX_VALUE);
        message.watchedAs(call);
        if (!message.isOut()) {
            dropCall(call, right.rank());
        } else if (isGone(right.rank()) || neighbour(right.rank()) == null || neighbour(right.rank()).closed) {
            endCalls(right.rank());
        }
    }

    private void undo(PooledMessage message, int to, long call) {
        if (!message.isBare()) {
            message.cargo().takeBack(to);
        }
        if (call != 0 && calls.claim(call, to)) {
            calls.free(call);
        }
    }

    private void sent(HeldRight right, PooledMessage message, long call) {
        right.spent();
        message.cargoSent();
        message.sentAs(call, right);
        if (call != 0 && isGone(right.rank())) {
            endCalls(right.rank());
        }
    }

    private long enterCall(HeldRight right, PooledMessage into, PooledMessage message, long deadlineNs) {
        OpenPort replyPort = into == null ? message.replyPort() : null;
        long call = calls.enter(right.rank(), right, into, replyPort, message.replyTag());
        if (call == 0 && deadlineNs > 0) {
            CallWait wait = new CallWait(this, calls, right, into, replyPort, message.replyTag());
            await(wait, deadlineNs);
            call = wait.call();
        }
        return call;
    }

    /// Sends a message if there is room.
    boolean trySend(HeldRight right, PooledMessage message, long call) {
        right.require();
        OpenPort port = right.port();
        if (port != null) {
            return sendNear(port, right, message, call);
        }
        return channel(right.rank()).trySend(right, RecordDescriptor.DATA, call, message);
    }

    private boolean sendNear(OpenPort port, HeldRight right, PooledMessage message, long call) {
        PostOffice owner = port.office();
        if (port.isClosed() || owner.closed) {
            refuse(right, true);
            right.require();
        }
        if (!port.hasRoom(rank, message.length)) {
            return false;
        }
        PooledMessage copy = owner.pool.take(message.length, false);
        if (copy == null) {
            return false;
        }
        copy.hold(port, rank, call, call == 0 ? null : this);
        copy.isMetered = false;
        if (!port.admits(right.number(), right.high(), right.low(), rank)) {
            copy.call = 0;
            copy.release();
            refuse(right, false);
            right.require();
        }
        copy.copy(message);
        owner.enterPending(copy);
        port.deliverNear(copy);
        return true;
    }

    /// A right was refused.
    void refuse(HeldRight right, boolean ended) {
        if (ended) {
            right.holding().die(endedPort(right.rank()));
        } else {
            right.holding().die(right.high(), refusedRight(right.rank()));
        }
    }

    /// Waits until what was sent with a right is with its port.
    void flush(HeldRight right) {
        right.holding().requireAlive(right.high());
        if (right.port() == null) {
            PooledMessage outcome = new PooledMessage(this, MemorySegment.NULL, true);
            outcome.beginRequest(right.rank());
            long call = enterCall(right, outcome, outcome, Long.MAX_VALUE);
            sendBehind(right, RecordDescriptor.FLUSH, call);
            await(outcome);
            right.holding().requireAlive(right.high());
        }
    }

    private void sendBehind(HeldRight right, int kind, long call) {
        Channel channel = channel(right.rank());
        if (!channel.trySend(kind, right.holding().number(), call)) {
            await(new FlushWait(this, channel, right, kind, call));
        }
        if (isGone(right.rank())) {
            endCalls(right.rank());
        }
    }

    /// Asks a rank something of the runtime's.
    ///
    /// @param outcome where the answer is stored
    /// @return what it refers to
    long ask(int to, int kind, int number, PooledMessage content, PooledMessage outcome) {
        outcome.beginRequest(to);
        long call;
        while ((call = calls.enter(to, null, outcome, null, 0)) == 0) {
            look();
            Thread.onSpinWait();
        }
        tell(to, kind, number, call, content);
        if (isGone(to)) {
            endCalls(to);
        }
        return call;
    }

    /// Nobody waits for an outcome any more.
    ///
    /// @return false if it is here, or just coming
    boolean dropCall(long call, int to) {
        boolean dropped = calls.claim(call, to);
        if (dropped) {
            calls.free(call);
        }
        return dropped;
    }

    /// Asks for the end of a message that was sent.
    void abort(HeldRight right, long call) {
        if (right.port() != null) {
            right.port().office().abortArrived(rank, call);
        } else {
            sendBehind(right, RecordDescriptor.ABORT, call);
        }
    }

    // Telling.

    /// Tells a rank something about a port. Never waits.
    void tell(int to, int kind, long port, long high, long low, long call) {
        if (isNear(to)) {
            PostOffice near = neighbour(to);
            if (near != null) {
                near.heard(rank, kind, port, high, low, call);
            }
        } else if (!isGone(to)) {
            channel(to).tell(kind, 0, port, high, low, 0, call, null);
        }
    }

    /// Tells a rank something that takes words. Never waits.
    void tell(int to, int kind, int number, long call, PooledMessage content) {
        if (isNear(to)) {
            PostOffice near = neighbour(to);
            if (near != null) {
                PooledMessage copy = near.pool.take(content.length, true);
                copy.hold(null, rank, 0, null);
                copy.copy(content);
                near.names.heard(rank, kind, number, call, copy);
                copy.release();
            }
        } else if (!isGone(to)) {
            channel(to).tell(kind, 0, 0, 0, 0, number, call, content);
        }
    }

    /// Tells the owner of a port how many more rights of it a rank holds.
    void tellHeld(Holding holding, int holder, int change) {
        if (!holding.isDead(0)) {
            tell(holding.rank, RecordDescriptor.HELD, holding.number(), holder, change, 0);
        }
    }

    /// Tells a sender that its messages have been taken.
    void hasRoom(int sender, long port, int messages, long bytes, boolean waitedFor) {
        if (messages != 0) {
            tell(sender, RecordDescriptor.TAKEN, port, messages, bytes, 0);
        }
        if (waitedFor) {
            PostOffice near = neighbour(sender);
            if (near != null) {
                near.bell.wakeWaiters();
            }
        }
    }

    /// Tells a sender the outcome of its message. What ended in another way than by an agent is answered without content.
    ///
    /// @return false if nobody hears it
    boolean answer(PooledMessage message, long call, int status, int result) {
        clearPending(message.sender, call);
        PooledMessage content = status == Status.DONE || status == Status.FAILED ? message : null;
        if (message.asker != null) {
            return message.asker.outcome(rank, call, status, result, content);
        }
        return answer(message.sender, call, status, result, content);
    }

    /// Tells a rank an outcome.
    ///
    /// @return false if nobody hears it
    boolean answer(int to, long call, int status, int result, PooledMessage content) {
        if (isNear(to)) {
            PostOffice near = neighbour(to);
            return near != null && near.outcome(rank, call, status, result, content);
        }
        return !isGone(to) && channel(to).tell(RecordDescriptor.OUTCOME, status, 0, 0, 0, result, call, content);
    }

    // Hearing.

    /// A record has come. Under the lock of those who read.
    ///
    /// @return false if there is no memory for it now
    boolean arrived(Channel channel, MemorySegment from, long at, long header) {
        int peer = channel.peer();
        int kind = RecordDescriptor.kind(header);
        long call = from.get(ValueLayout.JAVA_LONG, at + RecordDescriptor.CALL);
        switch (kind) {
            case RecordDescriptor.DATA -> {
                return dataArrived(peer, from, at, header, call);
            }
            case RecordDescriptor.OUTCOME -> outcomeArrived(peer, from, at, header, call);
            case RecordDescriptor.LOOKUP, RecordDescriptor.PUBLISH, RecordDescriptor.UNPUBLISH -> {
                PooledMessage content = pool.take(from.get(ValueLayout.JAVA_INT, at + RecordDescriptor.PAYLOAD), true);
                content.hold(null, peer, 0, null);
                Records.read(peer, from, at, header, content);
                names.heard(peer, kind, from.get(ValueLayout.JAVA_INT, at + RecordDescriptor.NUMBER), call, content);
                content.release();
            }
            default ->
                heard(
                        peer,
                        kind,
                        from.get(ValueLayout.JAVA_LONG, at + RecordDescriptor.PORT),
                        from.get(ValueLayout.JAVA_LONG, at + RecordDescriptor.HIGH),
                        from.get(ValueLayout.JAVA_LONG, at + RecordDescriptor.LOW),
                        call);
        }
        return true;
    }

    private boolean dataArrived(int peer, MemorySegment from, long at, long header, long call) {
        PooledMessage message = pool.take(from.get(ValueLayout.JAVA_INT, at + RecordDescriptor.PAYLOAD), false);
        if (message == null) {
            return false;
        }
        long number = from.get(ValueLayout.JAVA_LONG, at + RecordDescriptor.PORT);
        int right = from.get(ValueLayout.JAVA_INT, at + RecordDescriptor.NUMBER);
        long high = from.get(ValueLayout.JAVA_LONG, at + RecordDescriptor.HIGH);
        long low = from.get(ValueLayout.JAVA_LONG, at + RecordDescriptor.LOW);
        OpenPort port = ports.get(number);
        message.hold(port, peer, call, null);
        Records.read(peer, from, at, header, message);
        if (port != null && port.admits(right, high, low, peer)) {
            message.isMetered = !port.isInline();
            enterPending(message);
            port.deliver(message);
            return true;
        }
        message.call = 0;
        message.release();
        // Who hears the outcome knows of the right by then. One that was never good is told by its bits, an ended port
        // without.
        tell(peer, RecordDescriptor.ENDED, number, port == null ? 0 : high, 0, 0);
        if (call != 0) {
            answer(peer, call, port == null ? Status.DEAD : Status.REFUSED, 0, null);
        }
        return true;
    }

    private void enterPending(PooledMessage message) {
        if (message.call == 0) {
            return;
        }
        AtomicReferenceArray<PooledMessage> slots = pending.get(message.sender);
        if (slots == null) {
            pending.compareAndSet(message.sender, null, new AtomicReferenceArray<>(CallTable.SIZE));
            slots = pending.get(message.sender);
        }
        slots.setRelease(CallTable.slot(message.call), message);
    }

    private void clearPending(int sender, long call) {
        AtomicReferenceArray<PooledMessage> slots = pending.get(sender);
        if (slots != null) {
            slots.setRelease(CallTable.slot(call), null);
        }
    }

    private void abortArrived(int sender, long call) {
        AtomicReferenceArray<PooledMessage> slots = pending.get(sender);
        PooledMessage message = slots == null ? null : slots.getAcquire(CallTable.slot(call));
        OpenPort port = message == null ? null : message.port;
        if (port != null && !port.withdraw(message, call)) {
            message.requestAbort(call);
        }
    }

    /// The outcome of a message of this rank is here, from a rank of this process.
    ///
    /// @return false if it comes too late: there has been another
    private boolean outcome(int from, long call, int status, int result, PooledMessage content) {
        if (!calls.claim(call, from)) {
            return false;
        }
        PooledMessage into = calls.message(call);
        OpenPort replyPort = calls.replyPort(call);
        long tag = calls.tag(call);
        calls.free(call);
        if (into == null) {
            into = pool.take(content == null ? 0 : content.length, true);
        }
        if (content == null) {
            into.length = 0;
        } else {
            into.copy(content);
        }
        ended(into, replyPort, tag, from, status, result);
        return true;
    }

    private void outcomeArrived(int peer, MemorySegment from, long at, long header, long call) {
        int length = from.get(ValueLayout.JAVA_INT, at + RecordDescriptor.PAYLOAD);
        boolean wanted = calls.claim(call, peer);
        PooledMessage into = wanted ? calls.message(call) : null;
        OpenPort replyPort = wanted ? calls.replyPort(call) : null;
        long tag = wanted ? calls.tag(call) : 0;
        if (wanted) {
            calls.free(call);
        }
        if (into == null) {
            into = pool.take(length, true);
        } else {
            into.makeRoom(length);
        }
        Records.read(peer, from, at, header, into);
        if (wanted) {
            int result = from.get(ValueLayout.JAVA_INT, at + RecordDescriptor.NUMBER);
            ended(into, replyPort, tag, peer, RecordDescriptor.status(header), result);
        } else {
            into.hold(null, peer, 0, null);
            into.release();
        }
    }

    private static void ended(PooledMessage into, OpenPort replyPort, long tag, int from, int status, int result) {
        if (replyPort == null) {
            into.end(status, result);
        } else {
            into.isMetered = false;
            into.hold(MessageKind.REPLY, replyPort, from, tag, status, result);
            replyPort.enqueue(into);
        }
    }

    private void heard(int peer, int kind, long port, long high, long low, long call) {
        switch (kind) {
            case RecordDescriptor.ABORT -> abortArrived(peer, call);
            case RecordDescriptor.FLUSH ->
                answer(peer, call, ports.get(port) == null ? Status.DEAD : Status.DONE, 0, null);
            case RecordDescriptor.TAKEN -> {
                Holding holding = held(peer, port);
                if (holding != null) {
                    holding.took(high, low);
                    bell.wakeWaiters();
                }
            }
            case RecordDescriptor.ENDED -> {
                Holding holding = held(peer, port);
                if (holding != null) {
                    if (high == 0) {
                        holding.die(endedPort(peer));
                    } else {
                        holding.die(high, refusedRight(peer));
                    }
                    bell.wakeWaiters();
                }
            }
            case RecordDescriptor.HELD -> {
                OpenPort held = ports.get(port);
                int holder = (int) high;
                if (held == null) {
                    if (low > 0) {
                        tell(holder, RecordDescriptor.ENDED, port, 0, 0, 0);
                    }
                } else if (!isGone(holder)) {
                    held.count(holder, (int) low);
                }
            }
            case RecordDescriptor.FORGET -> names.forget(peer, call);
            case RecordDescriptor.RETURNED -> loans.returned(high, peer);
            default -> LOG.log(Level.WARNING, "rank {0}: rank {1} sent a record of kind {2}", rank, peer, kind);
        }
    }

    private Holding held(int owner, long number) {
        NumberTable<Holding> table = holdings.get(owner);
        return table == null ? null : table.get(number);
    }

    /// A peer has sent what no rank of this version sends.
    void spoiled(Channel channel, RuntimeException cause) {
        channel.fail("rank " + channel.peer() + " has sent what is no message");
        LOG.log(Level.ERROR, "rank " + rank + ": " + channel.failure() + "; nothing more is read of it", cause);
        buryPorts(channel.peer(), channel.failure());
    }

    private void buryPorts(int peer, String cause) {
        NumberTable<Holding> table = holdings.get(peer);
        if (table != null) {
            table.forEach(each -> each.die(cause));
        }
        endCalls(peer, cause);
    }

    // Waiting, and bringing what has come.

    void await(Awaited awaited) {
        inline.requireMayWait();
        waiter.await(awaited);
    }

    /// Waits, but not for ever.
    ///
    /// @return false if the time is over
    boolean await(Awaited awaited, long deadlineNs) {
        inline.requireMayWait();
        if (deadlineNs == Long.MAX_VALUE) {
            waiter.await(awaited);
            return true;
        }
        TimedWait timed = new TimedWait(awaited, deadlineNs);
        waiter.await(timed);
        return !timed.isLate();
    }

    void checkInline() {
        inline.check();
    }

    /// Brings what has come, if something has. Whoever waits calls this again and again.
    void look() {
        PortProgressAgent relieved = agent;
        if (relieved == null) {
            return;
        }
        LOOKS.setOpaque(this, looks + 1);
        if (relieved.isOnDuty()) {
            relieved.relieve();
        }
        if (hasWork()) {
            read();
        }
    }

    long looks() {
        return (long) LOOKS.getOpaque(this);
    }

    boolean hasWork() {
        if ((long) LONG.getAcquire(control, base + OfficeDescriptor.KNOCKS) != knocks) {
            return true;
        }
        for (Channel each : open) {
            if (each.hasWork()) {
                return true;
            }
        }
        return false;
    }

    /// Brings some of what has come, unless another thread is about it.
    ///
    /// @return how much
    int read() {
        if (hasRemote && INSIDE.get()[0]) {
            return 0;
        }
        if (!reading.tryLock()) {
            inline.check();
            return 0;
        }
        try {
            answerKnocks();
            Channel[] all = open;
            int work = 0;
            int first = turn++;
            for (int i = 0; i < all.length; i++) {
                work += all[Math.floorMod(first + i, all.length)].read();
            }
            return work;
        } finally {
            reading.unlock();
        }
    }

    private void answerKnocks() {
        long now = (long) LONG.getAcquire(control, base + OfficeDescriptor.KNOCKS);
        if (now == knocks) {
            return;
        }
        knocks = now;
        for (int peer = 0; peer < size; peer++) {
            boolean ready = (long) LONG.getAcquire(control, base + OfficeDescriptor.slot(peer)) != 0;
            if (ready && !isNear(peer) && !closed) {
                try {
                    channel(peer).meet(control, base);
                } catch (TransportException | PeerFailedException e) {
                    LOG.log(Level.WARNING, "rank " + rank + " cannot take messages from rank " + peer, e);
                }
            }
        }
    }

    /// The way to a rank that is not in this process; opened if it is not open yet.
    private Channel channel(int peer) {
        Channel channel = channels.getAcquire(peer);
        if (channel == null) {
            channel = openChannel(peer);
        }
        return channel;
    }

    private synchronized Channel openChannel(int peer) {
        Channel channel = channels.get(peer);
        if (channel != null) {
            return channel;
        }
        requireOpen();
        if (isGone(peer)) {
            throw membership.failure(peer, "rank " + rank + " opens a way for messages to it");
        }
        Target theirs = around.controls[peer];
        // Known before the first channel knocks: who waits for that must not look, and open the same channel a second
        // time.
        hasRemote |= theirs.segment == null;
        boolean nested = enter(theirs);
        try {
            channel = new Channel(this, peer, theirs, around.bases[peer]);
        } finally {
            leave(theirs, nested);
        }
        channels.setRelease(peer, channel);
        Channel[] more = java.util.Arrays.copyOf(open, open.length + 1);
        more[open.length] = channel;
        open = more;
        waiter.deliver(this::look);
        channel.meet(control, base);
        return channel;
    }

    /// This thread goes into a transport that may wait, and then calls [#look()] in the middle of something.
    ///
    /// @return what to give to [#leave(Target, boolean)]
    boolean enter(Target way) {
        if (way.segment != null) {
            return false;
        }
        boolean[] inside = INSIDE.get();
        boolean was = inside[0];
        inside[0] = true;
        return was;
    }

    void leave(Target way, boolean nested) {
        if (way.segment == null) {
            INSIDE.get()[0] = nested;
        }
    }

    // Ends.

    /// A rank is gone. Whoever notices may be late: after the release there is nothing to be told, and no memory to tell it in.
    private void gone(int peer) {
        synchronized (listener) {
            if (!released) {
                bury(peer);
            }
        }
    }

    /// What a rank had sent before it went is brought first, as far as that goes without waiting.
    private void bury(int peer) {
        Channel channel = channels.get(peer);
        if (channel != null) {
            for (int tries = 0; channel.hasWork() && tries < CallTable.SIZE; tries++) {
                read();
            }
        }
        buryPorts(peer, goneOwner(peer));
        loans.gone(peer);
        ports.forEach(each -> each.countNone(peer));
        names.gone(peer);
        bell.ring();
    }

    private void endCalls(int peer) {
        endCalls(peer, isGone(peer) ? goneOwner(peer) : endedPort(peer));
    }

    private void endCalls(int peer, String cause) {
        calls.forEach(peer, call -> {
            if (calls.claim(call, peer)) {
                PooledMessage into = calls.message(call);
                OpenPort replyPort = calls.replyPort(call);
                long tag = calls.tag(call);
                calls.free(call);
                if (into != null && into.isWatched() && !into.claimEnd()) {
                    return;
                }
                if (into == null) {
                    into = pool.take(payload, true);
                }
                into.say(cause);
                ended(into, replyPort, tag, peer, Status.GONE, 0);
            }
        });
    }

    /// Ends all ports of this rank. What others send from now on is refused.
    public void close() {
        closed = true;
        ports.forEach(OpenPort::close);
        names.close();
        for (int peer = 0; peer < size; peer++) {
            PostOffice near = neighbour(peer);
            if (near != null) {
                near.endCalls(rank);
            }
            AtomicReferenceArray<PooledMessage> slots = pending.get(peer);
            for (int slot = 0; slots != null && slot < CallTable.SIZE; slot++) {
                PooledMessage message = slots.getAndSet(slot, null);
                long call = message == null ? 0 : message.call;
                if (call != 0) {
                    answer(peer, call, Status.DEAD, 0, null);
                }
            }
        }
    }

    /// Frees everything, once no rank of this process can look at it.
    public void release() {
        closed = true;
        synchronized (listener) {
            released = true;
        }
        membership.forget(listener);
        waiter.deliver(null);
        if (agent != null) {
            agent.close();
        }
        OFFICES.remove(id, this);
        for (Channel each : open) {
            each.close();
        }
        open = new Channel[0];
        loans.endAll();
        bearers.close();
    }
}
