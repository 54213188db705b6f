package org.porthole.internal.window;

import static org.porthole.internal.window.WindowDescriptor.SLEEPERS;

import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.StringJoiner;
import org.porthole.PeerFailedException;
import org.porthole.internal.collective.TeamContext;
import org.porthole.internal.route.Target;
import org.porthole.spi.Awaited;
import org.porthole.spi.Memory;
import org.porthole.spi.Permit;

/// Who has posted to whom and who has completed, in one window: each pair of ranks counts its own epochs, so that the nth start on a rank meets that
/// rank's nth post to this one.
///
/// A rank writes its counts into its own line of the other's control memory, and waits on its own memory only.
///
/// **Threads.** One of the rank at a time for posts and waits on them, one for starts and completions.
final class GroupSync {
    private static final System.Logger LOG = System.getLogger(GroupSync.class.getName());
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    /// For [#post(Group, PermitKeys, Permit...)]: all is allowed to all.
    static final Permit[] EVERYTHING = {};

    private final String windowName;
    private final WindowDescriptor descriptor;
    private final TeamContext context;
    private final Memory memory;
    private final MemorySegment own;
    private final Target[] targets;
    /// How often this rank has posted to each, and so how often each must complete here.
    private final long[] posts;
    /// How often this rank has started on each, and so how often it completes there.
    private final long[] starts;

    GroupSync(String windowName, WindowDescriptor descriptor, TeamContext context, Memory memory, Target[] targets) {
        this.windowName = windowName;
        this.descriptor = descriptor;
        this.context = context;
        this.memory = memory;
        own = memory.segment();
        this.targets = targets;
        posts = new long[targets.length];
        starts = new long[targets.length];
    }

    /// Some ranks of the team, each once; kept in one place from epoch to epoch.
    static final class Group {
        private final int[] ranks;
        private final boolean[] named;
        private int size;

        Group(int most) {
            ranks = new int[most];
            named = new boolean[most];
        }

        /// Takes the ranks over.
        ///
        /// @throws IndexOutOfBoundsException if there is no such rank
        /// @throws IllegalArgumentException  if one is named twice
        void set(OpenWindow window, int... some) {
            for (int i = 0; i < size; i++) {
                named[ranks[i]] = false;
            }
            size = 0;
            for (int rank : some) {
                if (rank < 0 || rank >= named.length) {
                    throw window.noSuchRank(rank);
                }
                if (named[rank]) {
                    throw new IllegalArgumentException("rank " + rank + " is named twice");
                }
                named[rank] = true;
                ranks[size++] = rank;
            }
        }

        int size() {
            return size;
        }

        int rank(int i) {
            return ranks[i];
        }

        boolean names(int rank) {
            return named[rank];
        }

        /// Leaves only the first ones.
        private void keep(int count) {
            while (size > count) {
                named[ranks[--size]] = false;
            }
        }
    }

    /// Opens this rank's part to a group, for everything.
    void post(Group group) {
        post(group, null, EVERYTHING);
    }

    /// Opens this rank's part to a group. Those that have died are passed over: who waits for the group's completions hears of them.
    ///
    /// @param group   if this fails, only those are left in it that have been told
    /// @param keys    gives each its keys; null if they have the window's
    /// @param permits by rank; none if all is allowed
    void post(Group group, PermitKeys keys, Permit... permits) {
        for (int i = 0; i < group.size(); i++) {
            int origin = group.rank(i);
            posts[origin]++;
            try {
                post(origin, permits.length == 0 ? null : permits[origin], keys);
            } catch (PeerFailedException e) {
                LOG.log(Level.DEBUG, "a part is exposed to a rank that has failed", e);
            } catch (RuntimeException e) {
                posts[origin]--;
                group.keep(i);
                throw e;
            }
        }
    }

    private void post(int origin, Permit permit, PermitKeys keys) {
        if (permit != null) {
            tell(origin, permit, keys);
        }
        long count = posts[origin] << WindowDescriptor.POSTED_BITS;
        targets[origin].announce(descriptor.posted(context.rank()), permit == null ? count : count | 1, SLEEPERS);
    }

    /// Writes what is allowed, ahead of the post.
    private void tell(int origin, Permit permit, PermitKeys keys) {
        MemorySegment words = MemorySegment.ofArray(new long[] {permit.rights(), permit.from(), permit.to()});
        targets[origin].put(descriptor.permit(context.rank()), words, 0, words.byteSize());
        if (keys != null) {
            MemorySegment entry = KeyEntry.of(keys.of(permit, KeyEntry.MOST));
            targets[origin].put(descriptor.exposureKeys(context.rank()), entry, 0, entry.byteSize());
        }
        targets[origin].flushLocal();
    }

    /// What a rank has allowed with its last post; null if everything.
    Permit permit(int by) {
        if (((long) LONG.getAcquire(own, descriptor.posted(by)) & 1) == 0) {
            return null;
        }
        long at = descriptor.permit(by);
        return new Permit((int) (long) LONG.get(own, at), (long) LONG.get(own, at + Long.BYTES), (long)
                LONG.get(own, at + 2 * Long.BYTES));
    }

    /// Keys of what a rank has allowed with its last post.
    byte[] keys(int by) {
        return KeyEntry.read(own, descriptor.exposureKeys(by));
    }

    /// Tells each rank of a group that this one has completed its access, after everything that was put there; and waits until the sources of that may
    /// be used again.
    ///
    /// @param covered what was reached, by rank
    /// @return why it cannot be complete at a rank that has died; null if all have been told
    PeerFailedException complete(Group group, Target... covered) {
        PeerFailedException failure = null;
        // What has arrived is announced behind the puts themselves; only then is anything waited for.
        for (int i = 0; i < group.size(); i++) {
            int target = group.rank(i);
            try {
                targets[target].announce(descriptor.completed(context.rank()), starts[target], SLEEPERS);
            } catch (PeerFailedException e) {
                failure = failure == null ? e : failure;
            }
        }
        for (int i = 0; i < group.size(); i++) {
            try {
                covered[group.rank(i)].flushLocal();
            } catch (PeerFailedException e) {
                failure = failure == null ? e : failure;
            }
        }
        return failure;
    }

    /// The exception for a rank of a group that has died, whatever reaches its memory.
    ///
    /// @param access what is over
    /// @return null if all live
    PeerFailedException failure(Group group, GroupAccess access) {
        for (int i = 0; i < group.size(); i++) {
            if (context.membership().isGone(group.rank(i))) {
                return context.membership()
                        .failure(group.rank(i), "what was put there in the " + access.describe() + " is lost");
            }
        }
        return null;
    }

    /// Counts a start on each rank of a group.
    void start(Group group) {
        for (int i = 0; i < group.size(); i++) {
            starts[group.rank(i)]++;
        }
    }

    /// Takes a start back, which nobody was told of.
    void unstart(Group group) {
        for (int i = 0; i < group.size(); i++) {
            starts[group.rank(i)]--;
        }
    }

    /// What waits for a group's posts.
    Arrivals posts(Group group) {
        return new Arrivals(group, true);
    }

    /// What waits for a group's completions.
    Arrivals completions(Group group) {
        return new Arrivals(group, false);
    }

    /// The arrivals of a group, looked at in turn. One object serves all epochs of its kind.
    ///
    /// A post of a rank that has died fails the wait at once: nothing has begun. Completions are waited for until all that live have completed, since they
    /// reach this rank's part until then; who has died does nothing more.
    final class Arrivals implements Awaited {
        private final Group group;
        private final boolean posted;
        private int cursor;
        /// The first rank that was found to be dead instead; -1 if none was.
        private int lost = -1;

        private Arrivals(Group group, boolean posted) {
            this.group = group;
            this.posted = posted;
        }

        void begin() {
            cursor = 0;
            lost = -1;
        }

        /// Whether a rank has died instead of completing, once it is ready.
        boolean hasFailed() {
            return lost >= 0;
        }

        /// @throws PeerFailedException if a rank has died instead of completing
        void requireAll() {
            if (lost >= 0) {
                throw context.membership().failure(lost, describe());
            }
        }

        void await() {
            if (!isReady()) {
                context.waiter().await(this);
            }
        }

        private long offset(int rank) {
            return posted ? descriptor.posted(rank) : descriptor.completed(rank);
        }

        private boolean hasArrived(int rank) {
            long word = (long) LONG.getAcquire(own, offset(rank));
            return posted ? word >>> WindowDescriptor.POSTED_BITS >= starts[rank] : word >= posts[rank];
        }

        @Override
        public boolean isReady() {
            while (cursor < group.size()) {
                int rank = group.rank(cursor);
                if (!hasArrived(rank) && (posted || !isLost(rank))) {
                    return false;
                }
                cursor++;
            }
            return true;
        }

        /// Whether a rank will never arrive.
        private boolean isLost(int rank) {
            // In this order: a rank may arrive and end.
            if (!context.membership().isGone(rank) || hasArrived(rank)) {
                return false;
            }
            lost = lost < 0 ? rank : lost;
            return true;
        }

        @Override
        public void park(long timeoutNs) {
            int rank = group.rank(cursor);
            INT.getAndAdd(own, SLEEPERS, 1);
            try {
                int word = (int) INT.getVolatile(own, offset(rank));
                if (!hasArrived(rank)) {
                    memory.park(offset(rank), word, timeoutNs);
                }
            } finally {
                INT.getAndAdd(own, SLEEPERS, -1);
            }
        }

        @Override
        public void checkPeers() {
            for (int i = cursor; posted && i < group.size(); i++) {
                if (isLost(group.rank(i))) {
                    requireAll();
                }
            }
        }

        @Override
        public String describe() {
            StringJoiner missing = new StringJoiner(", ");
            for (int i = 0; i < group.size(); i++) {
                if (!hasArrived(group.rank(i))) {
                    missing.add(Integer.toString(group.rank(i)));
                }
            }
            return "rank " + context.rank() + " waits for rank(s) " + missing
                    + (posted ? " to post" : " to complete the access to") + " window \"" + windowName + '"'
                    + (posted ? " to it" : "");
        }
    }
}
