package org.porthole.internal.port;

import java.time.Duration;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.porthole.Team;
import org.porthole.port.Message;
import org.porthole.port.MessageKind;
import org.porthole.port.Port;
import org.porthole.port.PortAgent;
import org.porthole.port.PortKind;
import org.porthole.port.PortSpec;
import org.porthole.port.SendRight;

/// A port of this rank.
public final class OpenPort implements Port, NumberTable.Numbered {
    private final PostOffice office;
    private final long number;
    private final PortSpec spec;
    private final PortAgent agent;
    private final boolean inline;
    private final Thread owner = Thread.currentThread();
    private final RightTable rights = new RightTable();
    private final PortQueue queue;
    private final PortQueue.Credits credits = this::hasRoom;
    private final LongAdder refused = new LongAdder();
    private final AtomicReference<ReceiveWait> spare = new AtomicReference<>();
    /// How many rights each rank holds, as far as this rank has been told.
    private final Map<Integer, Integer> holders = new HashMap<>();

    private int common;
    private boolean wantsNoSenders;
    private boolean hadSenders;
    private volatile boolean closed;

    OpenPort(PostOffice office, long number, PortSpec spec) {
        this.office = office;
        this.number = number;
        this.spec = spec;
        agent = spec.agent().orElse(null);
        inline = spec.kind() == PortKind.INLINE;
        queue = new PortQueue(spec.limitMessages(), spec.limitBytes(), office.payload());
        common = rights.add(false, null);
    }

    PostOffice office() {
        return office;
    }

    @Override
    public long number() {
        return number;
    }

    @Override
    public String name() {
        return spec.name();
    }

    @Override
    public PortKind kind() {
        return spec.kind();
    }

    boolean isInline() {
        return inline;
    }

    boolean isClosed() {
        return closed;
    }

    boolean hasQueue() {
        return agent == null;
    }

    PortQueue queue() {
        return queue;
    }

    void requireQueue() {
        if (agent != null) {
            throw new IllegalStateException("a port of kind " + spec.kind() + " has no queue");
        }
        requireOpen();
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException(this + " is closed");
        }
    }

    // Rights.

    private HeldRight held(int right) {
        RightEntry entry = rights.get(right);
        Holding holding =
                office.holdings().meet(office.rank(), number, inline ? 0 : spec.limitMessages(), spec.limitBytes());
        return new HeldRight(office, holding, right, entry.high, entry.low, entry.once);
    }

    @Override
    public SendRight right() {
        synchronized (holders) {
            requireOpen();
            count(office.rank(), 1);
            return held(common);
        }
    }

    @Override
    public SendRight rightFor(Team team) {
        BitSet ranks = new BitSet();
        for (int rank = 0; rank < team.size(); rank++) {
            ranks.set(office.translate(team, rank));
        }
        synchronized (holders) {
            requireOpen();
            count(office.rank(), 1);
            return held(rights.add(false, ranks));
        }
    }

    @Override
    public SendRight onceRight() {
        requireOpen();
        return held(rights.add(true, null));
    }

    /// A right for those who keep the port's name, which is not counted.
    HeldRight uncounted() {
        synchronized (holders) {
            requireOpen();
            return held(common);
        }
    }

    /// A right for a rank that has looked the port up.
    HeldRight rightFor(int rank) {
        synchronized (holders) {
            if (closed) {
                return null;
            }
            count(rank, 1);
            return held(common);
        }
    }

    @Override
    public void revoke(SendRight right) {
        HeldRight ended = (HeldRight) right;
        if (ended.rank() != office.rank() || ended.holding().number() != number) {
            throw new IllegalArgumentException(right + " is not one of " + this);
        }
        synchronized (holders) {
            if (rights.remove(ended.number(), ended.high(), ended.low()) && ended.number() == common) {
                common = rights.add(false, null);
            }
        }
    }

    /// Another rank, or this one, holds more or fewer rights.
    void count(int rank, int change) {
        boolean none;
        synchronized (holders) {
            holders.merge(rank, change, (a, b) -> a + b == 0 ? null : a + b);
            hadSenders = true;
            none = noSenders();
        }
        if (none) {
            notify(MessageKind.NO_SENDERS, 0, office.rank());
        }
    }

    void countNone(int rank) {
        boolean none;
        synchronized (holders) {
            none = holders.remove(rank) != null && noSenders();
        }
        if (none) {
            notify(MessageKind.NO_SENDERS, 0, office.rank());
        }
    }

    private boolean noSenders() {
        boolean none = wantsNoSenders && hadSenders && holders.isEmpty() && !closed;
        if (none) {
            wantsNoSenders = false;
        }
        return none;
    }

    @Override
    public void notifyNoSenders() {
        requireQueue();
        boolean none;
        synchronized (holders) {
            wantsNoSenders = true;
            none = noSenders();
        }
        if (none) {
            notify(MessageKind.NO_SENDERS, 0, office.rank());
        }
    }

    /// Whether a rank may send a message with a right.
    boolean admits(int right, long high, long low, int rank) {
        if (!rights.admits(right, high, low, rank)) {
            refused.increment();
            return false;
        }
        return true;
    }

    @Override
    public long refused() {
        return refused.sum();
    }

    // Messages that come.

    /// Whether a rank of this process may bring a message now.
    boolean hasRoom(int rank, long length) {
        return agent != null || queue.hasRoom(rank, length);
    }

    /// Deals with a message that has been admitted. What nobody gets is answered.
    void deliver(PooledMessage message) {
        if (closed) {
            bury(message);
        } else if (inline) {
            runInline(message);
        } else if (agent != null) {
            message.queuedBytes = message.length;
            Thread.ofVirtual().name("porthole-message").start(() -> run(agent, message));
        } else {
            enqueue(message);
        }
    }

    /// The same for a message that this thread brings from another rank of this process.
    void deliverNear(PooledMessage message) {
        if (inline && !closed) {
            run(agent, message);
        } else {
            deliver(message);
        }
    }

    /// Appends a message to the queue, which has room.
    void enqueue(PooledMessage message) {
        if (queue.append(message)) {
            office.bell().wakeWaiters();
        } else {
            bury(message);
        }
    }

    private void runInline(PooledMessage message) {
        InlineWatch watch = office.inline();
        watch.enter(this);
        try {
            run(agent, message);
        } finally {
            watch.leave();
        }
    }

    private static void run(PortAgent agent, PooledMessage message) {
        message.port.office.heard(message.sender);
        int result;
        try {
            result = agent.onMessage(message);
        } catch (Throwable t) { // whatever the agent throws is its answer
            if (t instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            message.failBy(t);
            return;
        }
        if (result != PortAgent.ASYNC) {
            message.finish(result);
        }
    }

    /// A thread of this process calls the agent itself.
    int call(HeldRight right, PooledMessage message) {
        start(right, message);
        return message.await();
    }

    void start(HeldRight right, PooledMessage message) {
        message.begin(right);
        int rank = message.office().rank();
        if (closed || !admits(right.number(), right.high(), right.low(), rank)) {
            message.unbegin();
            office.outbox().refuse(right, closed);
            right.require();
        }
        right.spent();
        PooledMessage lent = message.lend(this, rank);
        office.heard(rank);
        int result;
        try {
            result = agent.onMessage(lent);
        } catch (Throwable t) { // whatever the agent throws is its answer
            lent.failBy(t);
            return;
        }
        if (result == PortAgent.ASYNC) {
            message.office().outbox().watch(right, message);
        } else {
            lent.finish(result);
        }
    }

    /// A message of the runtime's own, for which there is always room.
    void notify(MessageKind what, long tag, int rank) {
        PooledMessage message = office.pool().take(0, true);
        message.length = 0;
        message.isMetered = false;
        message.hold(what, this, rank, tag, Status.DONE, 0);
        enqueue(message);
    }

    private void bury(PooledMessage message) {
        message.answer(Status.DEAD, 0);
        message.release();
    }

    /// A message that was held here is done with.
    void released(PooledMessage message) {
        if (spec.kind() == PortKind.PER_MESSAGE && message.asker == null && message.isMetered && !closed) {
            queue.took(message.sender, message.queuedBytes, credits);
        }
    }

    private void hasRoom(int sender, int messages, long bytes, boolean waitedFor) {
        office.notices().hasRoom(sender, number, messages, bytes, waitedFor);
    }

    /// Takes a message back that waits here.
    ///
    /// @return false if it does not wait any more
    boolean withdraw(PooledMessage message, long call) {
        if (!queue.remove(message, call)) {
            return false;
        }
        message.answer(Status.ABORTED, 0);
        if (message.asker == null) {
            queue.took(message.sender, message.queuedBytes, credits);
        }
        message.release();
        return true;
    }

    // Receiving.

    void requireReceiver() {
        requireQueue();
        if (spec.kind() == PortKind.QUEUE && Thread.currentThread() != owner) {
            throw new WrongThreadException(this + " is received from by " + owner.getName()
                    + ", which opened it, not by " + Thread.currentThread().getName());
        }
    }

    PooledMessage poll() {
        PooledMessage message = queue.poll(credits);
        if (message != null) {
            office.heard(message.sender);
        }
        return message;
    }

    @Override
    public Message receive() {
        return receive(Long.MAX_VALUE);
    }

    @Override
    public Message receive(Duration deadline) {
        return receive(Math.max(0, deadline.toNanos()));
    }

    private Message receive(long deadlineNs) {
        Message message = tryReceive();
        if (message != null) {
            return message;
        }
        ReceiveWait kept = spare.getAndSet(null);
        ReceiveWait wait = kept == null ? new ReceiveWait(office, this) : kept;
        wait.begin();
        office.await(wait, deadlineNs);
        message = wait.taken();
        spare.set(wait);
        if (message == null) {
            requireOpen();
        }
        return message;
    }

    @Override
    public Message tryReceive() {
        requireReceiver();
        PooledMessage message = poll();
        if (message == null) {
            office.look();
            message = poll();
        }
        return message;
    }

    @Override
    public int serve(PortAgent by, int limit) {
        requireReceiver();
        office.look();
        int served = 0;
        for (PooledMessage message; served < limit && (message = poll()) != null; served++) {
            run(by, message);
        }
        return served;
    }

    @Override
    public int queued() {
        return queue.size();
    }

    // Names, and the end.

    @Override
    public void publish(String jobName) {
        requireOpen();
        office.publish(jobName, this);
    }

    @Override
    public void close() {
        int[] told;
        synchronized (holders) {
            if (closed) {
                return;
            }
            closed = true;
            told = holders.keySet().stream().mapToInt(Integer::intValue).toArray();
            holders.clear();
        }
        office.forget(this, told);
        queue.close(this::bury);
        office.bell().wakeWaiters();
    }

    @Override
    public String toString() {
        return "port " + number + (spec.name().isEmpty() ? "" : " \"" + spec.name() + '"') + " of rank "
                + office.rank();
    }
}
