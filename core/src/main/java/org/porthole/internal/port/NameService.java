package org.porthole.internal.port;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.porthole.DeadPortException;
import org.porthole.JobTimeoutException;
import org.porthole.PeerFailedException;

/// The names of this rank's ports, and those of the job's that this rank keeps for all.
///
/// A published name is kept by the first living rank from the one on that the name's hash gives. When that one dies, owners publish again at the next, and
/// who was asking asks there.
///
/// **Threads.** Any.
final class NameService {
    /// Of a lookup: the name is one of the asked rank's own ports, or one of the job's.
    private static final int OWN = 0;

    private static final int PUBLISHED = 1;

    private record Asker(int rank, long call) {}

    private record Entry(int owner, HeldRight right) {}

    private final PostOffice office;
    private final Map<String, OpenPort> ports = new HashMap<>();
    private final Map<String, OpenPort> publishedHere = new HashMap<>();
    private final Map<String, Entry> kept = new HashMap<>();
    private final Map<String, List<Asker>> askersOfOwn = new HashMap<>();
    private final Map<String, List<Asker>> askersOfKept = new HashMap<>();

    NameService(PostOffice office) {
        this.office = office;
    }

    // This rank's ports.

    /// A port is found from now on, and those who wait for its name get a right.
    synchronized void add(OpenPort port) {
        if (port.name().isEmpty()) {
            return;
        }
        if (ports.putIfAbsent(port.name(), port) != null) {
            throw new IllegalStateException("rank " + office.rank() + " has a port \"" + port.name() + "\" already");
        }
        List<Asker> askers = askersOfOwn.remove(port.name());
        if (askers != null) {
            askers.forEach(each -> answer(each, port.rightFor(each.rank)));
        }
    }

    void remove(OpenPort port) {
        List<String> names = new ArrayList<>();
        synchronized (this) {
            ports.remove(port.name(), port);
            publishedHere.forEach((name, each) -> {
                if (each == port) {
                    names.add(name);
                }
            });
            names.forEach(publishedHere::remove);
        }
        for (String name : names) {
            PooledMessage content = content(name);
            office.notices().tell(home(name, -1), RecordDescriptor.UNPUBLISH, 0, port.number(), content);
        }
    }

    /// Publishes a port; waits for the rank that keeps the name.
    void publish(String name, OpenPort port) {
        synchronized (this) {
            if (publishedHere.containsKey(name)) {
                throw new IllegalStateException("a port \"" + name + "\" is published already");
            }
        }
        for (; ; ) {
            PooledMessage content = content(name);
            content.add(port.uncounted());
            PooledMessage outcome = ask(home(name, -1), RecordDescriptor.PUBLISH, 0, content, Long.MAX_VALUE);
            if (outcome.endedAs() == Status.DONE) {
                if (outcome.endedWith() != 0) {
                    throw new IllegalStateException("a port \"" + name + "\" is published already");
                }
                synchronized (this) {
                    publishedHere.put(name, port);
                }
                return;
            }
        }
    }

    // Asking.

    HeldRight find(int owner, String name, long limitNs) {
        PooledMessage outcome = ask(owner, RecordDescriptor.LOOKUP, OWN, content(name), limitNs);
        if (outcome == null) {
            throw new JobTimeoutException("rank " + office.rank() + " found no port \"" + name + "\" at rank " + owner
                    + " within " + limitNs / 1_000_000 + " ms");
        }
        if (outcome.endedAs() == Status.GONE) {
            throw new PeerFailedException(owner, outcome.decoded());
        }
        return right(outcome, owner, name);
    }

    HeldRight findPublished(String name, long limitNs) {
        long begin = System.nanoTime();
        for (; ; ) {
            int home = home(name, -1);
            long leftNs = limitNs - (System.nanoTime() - begin);
            PooledMessage outcome = ask(home, RecordDescriptor.LOOKUP, PUBLISHED, content(name), Math.max(0, leftNs));
            if (outcome == null) {
                throw new JobTimeoutException("rank " + office.rank() + " found no port that was published as \"" + name
                        + "\" within " + limitNs / 1_000_000 + " ms");
            }
            if (outcome.endedAs() != Status.GONE) {
                return right(outcome, home, name);
            }
        }
    }

    private static HeldRight right(PooledMessage outcome, int asked, String name) {
        if (outcome.endedAs() != Status.DONE) {
            throw new DeadPortException(asked, "rank " + asked + ", asked for port \"" + name + "\", leaves the job");
        }
        return (HeldRight) outcome.right(0);
    }

    private PooledMessage content(String name) {
        PooledMessage content = new PooledMessage(office, MessagePool.memory(Long.BYTES), true);
        content.setText(name);
        return content;
    }

    /// @return null if there is no answer in time
    private PooledMessage ask(int to, int kind, int number, PooledMessage content, long limitNs) {
        PooledMessage outcome = new PooledMessage(office, MessagePool.memory(Long.BYTES), true);
        long call = office.outbox().ask(to, kind, number, content, outcome);
        boolean ended = false;
        try {
            ended = office.await(outcome, limitNs);
        } finally {
            if (!ended && office.outbox().dropCall(call, to)) {
                office.notices().tell(to, RecordDescriptor.FORGET, 0, 0, 0, call);
            } else {
                ended = true;
            }
        }
        if (ended && !outcome.isReady()) {
            office.await(outcome); // it is being stored
        }
        return ended ? outcome : null;
    }

    // Answering.

    /// What another rank, or this one, asks or tells.
    void heard(int from, int kind, int number, long call, PooledMessage content) {
        String name = content.text();
        switch (kind) {
            case RecordDescriptor.LOOKUP -> {
                if (number == OWN) {
                    lookup(name, new Asker(from, call));
                } else {
                    lookupKept(name, new Asker(from, call));
                }
            }
            case RecordDescriptor.PUBLISH -> keep(name, from, call, (HeldRight) content.right(0));
            default -> free(name, from, call);
        }
    }

    private synchronized void lookup(String name, Asker asker) {
        OpenPort port = ports.get(name);
        if (port == null) {
            askersOfOwn.computeIfAbsent(name, none -> new ArrayList<>()).add(asker);
        } else {
            answer(asker, port.rightFor(asker.rank));
        }
    }

    private synchronized void lookupKept(String name, Asker asker) {
        Entry entry = kept.get(name);
        if (entry == null || entry.right.isDead()) {
            kept.remove(name);
            askersOfKept.computeIfAbsent(name, none -> new ArrayList<>()).add(asker);
        } else {
            answerKept(asker, entry.right);
        }
    }

    private void answerKept(Asker asker, HeldRight right) {
        office.notices().tellHeld(right.holding(), asker.rank, 1);
        answer(asker, right);
    }

    private void answer(Asker asker, HeldRight right) {
        if (right == null) {
            office.notices().answer(asker.rank, asker.call, Status.DEAD, 0, null);
            return;
        }
        PooledMessage content = new PooledMessage(office, MessagePool.memory(Long.BYTES), true);
        content.add(right);
        office.notices().answer(asker.rank, asker.call, Status.DONE, 0, content);
    }

    private synchronized void keep(String name, int owner, long call, HeldRight right) {
        Entry entry = kept.get(name);
        boolean taken = entry != null
                && !entry.right.isDead()
                && (entry.owner != owner || entry.right.holding() != right.holding());
        if (!taken) {
            kept.put(name, new Entry(owner, right));
        }
        if (call != 0) {
            office.notices().answer(owner, call, Status.DONE, taken ? 1 : 0, null);
        }
        List<Asker> askers = taken ? null : askersOfKept.remove(name);
        if (askers != null) {
            askers.forEach(each -> answerKept(each, right));
        }
    }

    private synchronized void free(String name, int owner, long port) {
        Entry entry = kept.get(name);
        if (entry != null && entry.owner == owner && entry.right.holding().number() == port) {
            kept.remove(name);
        }
    }

    /// Who asked does so no more.
    synchronized void forget(int rank, long call) {
        removeAskers(askersOfOwn, rank, call);
        removeAskers(askersOfKept, rank, call);
    }

    private static void removeAskers(Map<String, List<Asker>> askers, int rank, long call) {
        for (Iterator<List<Asker>> all = askers.values().iterator(); all.hasNext(); ) {
            List<Asker> some = all.next();
            some.removeIf(each -> each.rank == rank && (call == 0 || each.call == call));
            if (some.isEmpty()) {
                all.remove();
            }
        }
    }

    /// A rank is gone: it asks no more, owns nothing, and what it kept is kept by another.
    void gone(int rank) {
        Map<String, OpenPort> moved = new HashMap<>();
        synchronized (this) {
            removeAskers(askersOfOwn, rank, 0);
            removeAskers(askersOfKept, rank, 0);
            kept.values().removeIf(each -> each.owner == rank);
            publishedHere.forEach((name, port) -> {
                if (home(name, rank) == rank) {
                    moved.put(name, port);
                }
            });
        }
        moved.forEach((name, port) -> {
            PooledMessage content = content(name);
            content.add(port.uncounted());
            office.notices().tell(home(name, -1), RecordDescriptor.PUBLISH, 0, 0, content);
        });
    }

    /// Who waits for a name here is told that this rank leaves.
    synchronized void close() {
        for (Map<String, List<Asker>> askers : List.of(askersOfOwn, askersOfKept)) {
            askers.values().forEach(some -> some.forEach(each -> answer(each, null)));
            askers.clear();
        }
    }

    /// The rank that keeps a name.
    ///
    /// @param alive a rank that counts as alive though it is gone; -1 for none
    private int home(String name, int alive) {
        int first = Math.floorMod(name.hashCode(), office.size());
        for (int i = 0; i < office.size(); i++) {
            int rank = (first + i) % office.size();
            if (rank == alive || !office.isGone(rank)) {
                return rank;
            }
        }
        return office.rank();
    }
}
