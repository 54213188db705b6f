package org.porthole.internal.port;

/// What a rank tells others: about ports, rights and room, and the outcomes of messages. Never waits.
///
/// **Threads.** Any.
final class Notices {
    private final PostOffice office;
    private final int rank;

    Notices(PostOffice office) {
        this.office = office;
        rank = office.rank();
    }

    /// Tells a rank something about a port. Never waits.
    void tell(int to, int kind, long port, long high, long low, long call) {
        if (office.isNear(to)) {
            PostOffice near = office.neighbour(to);
            if (near != null) {
                near.arrivals().heard(rank, kind, port, high, low, call);
            }
        } else if (!office.isGone(to)) {
            office.channels().to(to).tell(kind, 0, port, high, low, 0, call, null);
        }
    }

    /// Tells a rank something that takes words. Never waits.
    void tell(int to, int kind, int number, long call, PooledMessage content) {
        if (office.isNear(to)) {
            PostOffice near = office.neighbour(to);
            if (near != null) {
                PooledMessage copy = near.pool().take(content.length, true);
                copy.hold(null, rank, 0, null);
                copy.copy(content);
                near.names().heard(rank, kind, number, call, copy);
                copy.release();
            }
        } else if (!office.isGone(to)) {
            office.channels().to(to).tell(kind, 0, 0, 0, 0, number, call, content);
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
            PostOffice near = office.neighbour(sender);
            if (near != null) {
                near.bell().wakeWaiters();
            }
        }
    }

    /// Tells a sender the outcome of its message. What ended in another way than by an agent is answered without content.
    ///
    /// @return false if nobody hears it
    boolean answer(PooledMessage message, long call, int status, int result) {
        office.pending().clear(message.sender, call);
        PooledMessage content = status == Status.DONE || status == Status.FAILED ? message : null;
        if (message.asker != null) {
            return message.asker.arrivals().outcome(rank, call, status, result, content);
        }
        return answer(message.sender, call, status, result, content);
    }

    /// Tells a rank an outcome.
    ///
    /// @return false if nobody hears it
    boolean answer(int to, long call, int status, int result, PooledMessage content) {
        if (office.isNear(to)) {
            PostOffice near = office.neighbour(to);
            return near != null && near.arrivals().outcome(rank, call, status, result, content);
        }
        return !office.isGone(to)
                && office.channels().to(to).tell(RecordDescriptor.OUTCOME, status, 0, 0, 0, result, call, content);
    }
}
