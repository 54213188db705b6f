package org.porthole.internal.port;

import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.porthole.port.MessageKind;

/// What comes to a rank from others: messages, outcomes, and what is told about ports.
///
/// **Threads.** Any; records come under the lock of those who read.
final class Arrivals {
    private static final System.Logger LOG = System.getLogger(Arrivals.class.getName());

    private final PostOffice office;

    Arrivals(PostOffice office) {
        this.office = office;
    }

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
                PooledMessage content =
                        office.pool().take(from.get(ValueLayout.JAVA_INT, at + RecordDescriptor.PAYLOAD), true);
                content.hold(null, peer, 0, null);
                Records.read(peer, from, at, header, content);
                office.names()
                        .heard(peer, kind, from.get(ValueLayout.JAVA_INT, at + RecordDescriptor.NUMBER), call, content);
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
        PooledMessage message =
                office.pool().take(from.get(ValueLayout.JAVA_INT, at + RecordDescriptor.PAYLOAD), false);
        if (message == null) {
            return false;
        }
        long number = from.get(ValueLayout.JAVA_LONG, at + RecordDescriptor.PORT);
        int right = from.get(ValueLayout.JAVA_INT, at + RecordDescriptor.NUMBER);
        long high = from.get(ValueLayout.JAVA_LONG, at + RecordDescriptor.HIGH);
        long low = from.get(ValueLayout.JAVA_LONG, at + RecordDescriptor.LOW);
        OpenPort port = office.port(number);
        message.hold(port, peer, call, null);
        Records.read(peer, from, at, header, message);
        if (port != null && port.admits(right, high, low, peer)) {
            message.isMetered = !port.isInline();
            office.pending().enter(message);
            port.deliver(message);
            return true;
        }
        message.call = 0;
        message.release();
        // Who hears the outcome knows of the right by then. One that was never good is told by its bits, an ended port
        // without.
        office.notices().tell(peer, RecordDescriptor.ENDED, number, port == null ? 0 : high, 0, 0);
        if (call != 0) {
            office.notices().answer(peer, call, port == null ? Status.DEAD : Status.REFUSED, 0, null);
        }
        return true;
    }

    private void outcomeArrived(int peer, MemorySegment from, long at, long header, long call) {
        int length = from.get(ValueLayout.JAVA_INT, at + RecordDescriptor.PAYLOAD);
        CallTable calls = office.outbox().calls();
        boolean wanted = calls.claim(call, peer);
        PooledMessage into = wanted ? calls.message(call) : null;
        OpenPort replyPort = wanted ? calls.replyPort(call) : null;
        long tag = wanted ? calls.tag(call) : 0;
        if (wanted) {
            calls.free(call);
        }
        if (into == null) {
            into = office.pool().take(length, true);
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

    /// The outcome of a message of this rank is here, from a rank of this process.
    ///
    /// @return false if it comes too late: there has been another
    boolean outcome(int from, long call, int status, int result, PooledMessage content) {
        CallTable calls = office.outbox().calls();
        if (!calls.claim(call, from)) {
            return false;
        }
        PooledMessage into = calls.message(call);
        OpenPort replyPort = calls.replyPort(call);
        long tag = calls.tag(call);
        calls.free(call);
        if (into == null) {
            into = office.pool().take(content == null ? 0 : content.length, true);
        }
        if (content == null) {
            into.length = 0;
        } else {
            into.copy(content);
        }
        ended(into, replyPort, tag, from, status, result);
        return true;
    }

    static void ended(PooledMessage into, OpenPort replyPort, long tag, int from, int status, int result) {
        if (replyPort == null) {
            into.end(status, result);
        } else {
            into.isMetered = false;
            into.hold(MessageKind.REPLY, replyPort, from, tag, status, result);
            replyPort.enqueue(into);
        }
    }

    void heard(int peer, int kind, long port, long high, long low, long call) {
        switch (kind) {
            case RecordDescriptor.ABORT -> office.pending().abort(peer, call);
            case RecordDescriptor.FLUSH ->
                office.notices().answer(peer, call, office.port(port) == null ? Status.DEAD : Status.DONE, 0, null);
            case RecordDescriptor.TAKEN -> {
                Holding holding = office.holdings().get(peer, port);
                if (holding != null) {
                    holding.took(high, low);
                    office.bell().wakeWaiters();
                }
            }
            case RecordDescriptor.ENDED -> {
                Holding holding = office.holdings().get(peer, port);
                if (holding != null) {
                    if (high == 0) {
                        holding.die(PostOffice.endedPort(peer));
                    } else {
                        holding.die(high, PostOffice.refusedRight(peer));
                    }
                    office.bell().wakeWaiters();
                }
            }
            case RecordDescriptor.HELD -> {
                OpenPort held = office.port(port);
                int holder = (int) high;
                if (held == null) {
                    if (low > 0) {
                        office.notices().tell(holder, RecordDescriptor.ENDED, port, 0, 0, 0);
                    }
                } else if (!office.isGone(holder)) {
                    held.count(holder, (int) low);
                }
            }
            case RecordDescriptor.FORGET -> office.names().forget(peer, call);
            case RecordDescriptor.RETURNED -> office.loans().returned(high, peer);
            default ->
                LOG.log(Level.WARNING, "rank {0}: rank {1} sent a record of kind {2}", office.rank(), peer, kind);
        }
    }

    /// A peer has sent what no rank of this version sends.
    void spoiled(Channel channel, RuntimeException cause) {
        channel.fail("rank " + channel.peer() + " has sent what is no message");
        LOG.log(
                Level.ERROR,
                "rank " + office.rank() + ": " + channel.failure() + "; nothing more is read of it",
                cause);
        office.buryPorts(channel.peer(), channel.failure());
    }
}
