package org.porthole.internal.port;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import org.porthole.Team;
import org.porthole.config.Configuration;
import org.porthole.internal.progress.Membership;
import org.porthole.internal.progress.MessageOrder;
import org.porthole.internal.progress.Waiter;
import org.porthole.internal.route.Routes;
import org.porthole.internal.window.Bearers;
import org.porthole.port.Message;
import org.porthole.port.PortSpec;
import org.porthole.spi.Awaited;
import org.porthole.spi.Memory;

/// The ports of one rank, and the ways of messages to and from the others.
///
/// **Threads.** Any.
public final class PostOffice {
    private static final VarHandle LOOKS;

    static {
        try {
            LOOKS = MethodHandles.lookup().findVarHandle(PostOffice.class, "looks", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int rank;
    private final int size;
    private Team world;
    /// Null unless somebody checks it.
    private MessageOrder order;

    private final Routes routes;
    private final Membership membership;
    private final Waiter waiter;
    private final Neighbourhood around;
    private final Bell bell;
    private final long payload;
    private final long ringBytes;

    private final MessagePool pool;
    private final NumberTable<OpenPort> ports = new NumberTable<>();
    private final AtomicLong nextPort = new AtomicLong();
    private final LoanTable loans = new LoanTable(this);
    private final Bearers bearers;
    private final NameService names;
    private final HoldingTable holdings;
    private final PendingTable pending;
    private final Arrivals arrivals = new Arrivals(this);
    private final Notices notices;
    private final Outbox outbox;
    private final ChannelTable channels;

    private final InlineWatch inline;
    private final IntConsumer listener = this::gone;
    /// Under the listener's monitor.
    private boolean released;
    /// Null if all ranks are in this process.
    private PortProgressAgent agent;

    private volatile boolean closed;

    @SuppressWarnings("UnusedVariable") // by LOOKS
    private long looks;

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
        size = around.ids().length;
        bell = new Bell(memory, around.bases()[rank]);
        PortLimits limits = PortLimits.of(settings);
        payload = limits.payload();
        ringBytes = limits.ring();
        pool = new MessagePool(this, limits.memory());
        names = new NameService(this);
        inline = new InlineWatch(limits.inlineReportNs());
        holdings = new HoldingTable(size, peer -> isGone(peer) ? goneOwner(peer) : null);
        pending = new PendingTable(size);
        notices = new Notices(this);
        outbox = new Outbox(this);
        channels = new ChannelTable(this, around, membership, waiter, memory.segment());
        around.open(rank, this);
        if (!around.isAllNear()) {
            agent = new PortProgressAgent(this, waiter, rank);
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

    /// Lets somebody know what messages order.
    ///
    /// @param newOrder told of all that the program sends and receives; before it does
    public void watch(MessageOrder newOrder) {
        order = newOrder;
    }

    void telling(int to) {
        if (order != null) {
            order.telling(to);
        }
    }

    void heard(int from) {
        if (order != null) {
            order.heard(from);
        }
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

    HoldingTable holdings() {
        return holdings;
    }

    PendingTable pending() {
        return pending;
    }

    Arrivals arrivals() {
        return arrivals;
    }

    Notices notices() {
        return notices;
    }

    Outbox outbox() {
        return outbox;
    }

    ChannelTable channels() {
        return channels;
    }

    boolean isClosed() {
        return closed;
    }

    /// The office of a rank of this process; null if it is elsewhere.
    PostOffice neighbour(int peer) {
        return peer == rank ? this : around.office(peer);
    }

    boolean isNear(int peer) {
        return around.isNear(peer);
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

    void requireOpen() {
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

    String goneOwner(int owner) {
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
            notices.tell(holder, RecordDescriptor.ENDED, port.number(), 0, 0, 0);
        }
    }

    // Hearing.

    void buryPorts(int peer, String cause) {
        holdings.bury(peer, cause);
        outbox.endCalls(peer, cause);
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
        boolean ignored = bring();
    }

    /// The same.
    ///
    /// @return whether there was something
    boolean bring() {
        PortProgressAgent relieved = agent;
        if (relieved == null) {
            return false;
        }
        LOOKS.setOpaque(this, looks + 1);
        if (relieved.isOnDuty()) {
            relieved.relieve();
        }
        return channels.hasWork() && channels.read() > 0;
    }

    long looks() {
        return (long) LOOKS.getOpaque(this);
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
        channels.readOut(peer);
        buryPorts(peer, goneOwner(peer));
        loans.gone(peer);
        ports.forEach(each -> each.countNone(peer));
        names.gone(peer);
        bell.ring();
    }

    /// Ends all ports of this rank. What others send from now on is refused.
    public void close() {
        closed = true;
        ports.forEach(OpenPort::close);
        names.close();
        for (int peer = 0; peer < size; peer++) {
            PostOffice near = neighbour(peer);
            if (near != null) {
                near.outbox.endCalls(rank);
            }
            int sender = peer;
            pending.drain(peer, (message, call) -> notices.answer(sender, call, Status.DEAD, 0, null));
        }
    }

    /// Frees everything, once no rank of this process can look at it.
    public void release() {
        closed = true;
        synchronized (listener) {
            released = true;
        }
        membership.forget(listener);
        waiter.deliver(null, null);
        if (agent != null) {
            agent.close();
        }
        around.close(rank, this);
        channels.close();
        loans.endAll();
        bearers.close();
    }
}
