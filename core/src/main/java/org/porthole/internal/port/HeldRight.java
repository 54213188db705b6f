package org.porthole.internal.port;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Objects;
import org.porthole.DeadPortException;
import org.porthole.port.Message;
import org.porthole.port.Port;
import org.porthole.port.SendRight;

/// A send right that this rank holds.
public final class HeldRight implements SendRight {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

    private final PostOffice office;
    private final Holding holding;
    private final int number;
    private final long high;
    private final long low;
    private final boolean once;
    /// The port itself, if its owner is in this process.
    private final OpenPort port;

    private volatile boolean closed;
    /// Whether it was good once, and has travelled on: it may come back as another object.
    private volatile boolean given;

    /// A right that is counted here by its owner already.
    HeldRight(PostOffice office, Holding holding, int number, long high, long low, boolean once) {
        this.office = office;
        this.holding = holding;
        this.number = number;
        this.high = high;
        this.low = low;
        this.once = once;
        PostOffice owner = office.neighbour(holding.rank);
        port = owner == null ? null : owner.port(holding.number());
        if (port == null && owner != null) {
            holding.die(PostOffice.endedPort(holding.rank));
        }
    }

    static HeldRight read(PostOffice office, MemorySegment from, long at) {
        int rank = from.get(INT, at);
        if (rank < 0 || rank >= office.size()) {
            throw new IllegalArgumentException("a right to a port of rank " + rank + " has come");
        }
        Holding holding =
                office.holdings().meet(rank, from.get(LONG, at + 8), from.get(INT, at + 36), from.get(LONG, at + 40));
        return new HeldRight(
                office,
                holding,
                from.get(INT, at + 32),
                from.get(LONG, at + 16),
                from.get(LONG, at + 24),
                from.get(INT, at + 4) != 0);
    }

    void write(MemorySegment to, long at) {
        to.set(INT, at, holding.rank);
        to.set(INT, at + 4, once ? 1 : 0);
        to.set(LONG, at + 8, holding.number());
        to.set(LONG, at + 16, high);
        to.set(LONG, at + 24, low);
        to.set(INT, at + 32, number);
        to.set(INT, at + 36, holding.limitMessages());
        to.set(LONG, at + 40, holding.limitBytes());
    }

    /// The same right for another rank of this process.
    HeldRight heldBy(PostOffice other) {
        return new HeldRight(
                other,
                other.holdings().meet(holding.rank, holding.number(), holding.limitMessages(), holding.limitBytes()),
                number,
                high,
                low,
                once);
    }

    PostOffice office() {
        return office;
    }

    Holding holding() {
        return holding;
    }

    OpenPort port() {
        return port;
    }

    int number() {
        return number;
    }

    long high() {
        return high;
    }

    long low() {
        return low;
    }

    boolean isOnce() {
        return once;
    }

    @Override
    public int rank() {
        return holding.rank;
    }

    @Override
    public boolean isDead() {
        return given || holding.isDead(high);
    }

    /// Refuses what is closed or dead.
    void require() {
        if (closed) {
            throw new IllegalStateException("the right to a port of rank " + holding.rank + " is closed");
        }
        if (given) {
            throw new DeadPortException(holding.rank, usedUp());
        }
        holding.requireAlive(high);
    }

    private String usedUp() {
        return "the right to a port of rank " + holding.rank + " was good for one message";
    }

    /// A right that was good once has been used.
    void spent() {
        if (once) {
            holding.die(high, usedUp());
        }
    }

    /// A right that is good once has travelled on.
    void given() {
        given = true;
    }

    @Override
    public void send(Message message) {
        PooledMessage sent = office.own(message);
        if (!office.outbox().post(this, sent, Long.MAX_VALUE)) {
            throw new AssertionError("a send without deadline gave up");
        }
    }

    @Override
    public boolean send(Message message, Duration deadline) {
        return office.outbox().post(this, office.own(message), Math.max(0, deadline.toNanos()));
    }

    @Override
    public boolean trySend(Message message) {
        return office.outbox().post(this, office.own(message), 0);
    }

    @Override
    public int call(Message message) {
        PooledMessage called = office.own(message);
        require();
        if (port != null && port.isInline()) {
            return port.call(this, called);
        }
        office.outbox().start(this, called);
        return called.await();
    }

    @Override
    public void start(Message message) {
        PooledMessage started = office.own(message);
        require();
        if (port != null && port.isInline()) {
            port.start(this, started);
        } else {
            office.outbox().start(this, started);
        }
    }

    @Override
    public void flush() {
        if (closed) {
            throw new IllegalStateException("the right to a port of rank " + holding.rank + " is closed");
        }
        office.outbox().flush(this);
    }

    @Override
    public void notifyDead(Port to, long tag) {
        OpenPort mourner = (OpenPort) Objects.requireNonNull(to, "port");
        office.requireOwn(mourner);
        holding.mourn(mourner, tag, this);
    }

    @Override
    public SendRight copy() {
        if (closed || once) {
            throw new IllegalStateException("the right to a port of rank " + holding.rank
                    + (closed ? " is closed" : " is good for one message only") + ": it cannot be copied");
        }
        office.notices().tellHeld(holding, office.rank(), 1);
        return new HeldRight(office, holding, number, high, low, false);
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        holding.forget(this);
        if (!once) {
            office.notices().tellHeld(holding, office.rank(), -1);
        }
    }

    /// Shows no bits: they are the right.
    @Override
    public String toString() {
        return "right " + number + " to port " + holding.number() + " of rank " + holding.rank;
    }
}
