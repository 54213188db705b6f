package org.porthole.internal.check;

import java.util.ArrayList;
import java.util.List;

/// What this rank has done with one rank's part of a window since ranks last compared.
///
/// **Threads.** One at a time.
final class TargetLog {
    /// From how many sets on they are made fewer and coarser.
    private static final int MOST_OPEN = 64;
    private static final int MOST_DONE = 1024;
    private static final int MOST_WORDS = 64;

    private final Clock clock;
    /// Whether all of it is done by lease.
    private final boolean leased;

    private List<AccessSet> open = new ArrayList<>();
    private List<AccessSet> done = new ArrayList<>();
    private AccessSet last;
    /// Words that are being fetched.
    private final long[] words = new long[MOST_WORDS];
    private int wordCount;

    TargetLog(Clock clock, boolean leased) {
        this.clock = clock;
        this.leased = leased;
    }

    /// The earlier access, not complete yet, that a new one conflicts with; null if there is none.
    AccessSet conflict(Operation operation, long begin, long end) {
        for (int i = 0; i < open.size(); i++) {
            AccessSet earlier = open.get(i);
            if (operation.conflictsWithEarlier(earlier.operation) && earlier.bytes.meets(begin, end)) {
                return earlier;
            }
        }
        return null;
    }

    /// Takes down an operation that was started.
    void started(Operation operation, long begin, long end, String site) {
        AccessSet set = last;
        if (set == null
                || set.done != Clock.NEVER
                || set.sealed
                || set.heard != clock.heard()
                || !set.isLike(operation, site)) {
            set = openSet(operation, site);
        }
        last = set;
        set.bytes.add(begin, end);
    }

    private AccessSet openSet(Operation operation, String site) {
        for (AccessSet set : open) {
            if (!set.sealed
                    && set.isLike(operation, site)
                    && (set.heard == clock.heard() || open.size() >= MOST_OPEN)) {
                set.startAt(clock);
                return set;
            }
        }
        AccessSet set = new AccessSet(operation, site, clock, leased);
        open.add(set);
        return set;
    }

    /// Takes down an operation that was complete when it returned.
    void completed(Operation operation, long begin, long end, String site) {
        long when = operation.kind == AccessKind.ATOMIC ? clock.completeAtomic() : clock.complete();
        AccessSet set = last;
        if (set == null || set.done != when || set.heard != clock.heard() || !set.isLike(operation, site)) {
            set = doneSet(operation, site, when);
        }
        last = set;
        set.bytes.add(begin, end);
    }

    private AccessSet doneSet(Operation operation, String site, long when) {
        // Loops do a few different things in turn: the last sets are the likely ones.
        for (int i = done.size() - 1; i >= Math.max(0, done.size() - 8); i--) {
            AccessSet set = done.get(i);
            if (set.done == when && set.heard == clock.heard() && set.isLike(operation, site)) {
                return set;
            }
        }
        AccessSet set = new AccessSet(operation, site, clock, leased);
        set.done = when;
        add(set);
        return set;
    }

    private void add(AccessSet set) {
        if (done.size() >= MOST_DONE) {
            coarsen();
        }
        done.add(set);
    }

    /// Merges neighbours that are alike. Some conflicts are missed then; none is made up.
    private void coarsen() {
        List<AccessSet> kept = new ArrayList<>();
        List<AccessSet> unpaired = new ArrayList<>();
        for (AccessSet set : done) {
            AccessSet partner = null;
            for (AccessSet each : unpaired) {
                if (each.isLike(set.operation, set.site)) {
                    partner = each;
                    break;
                }
            }
            if (partner == null) {
                kept.add(set);
                unpaired.add(set);
            } else {
                partner.merge(set);
                unpaired.remove(partner);
            }
        }
        done = kept;
        last = null;
    }

    /// Sets that later operations do not join: what a request is for.
    List<AccessSet> seal() {
        open.forEach(set -> set.sealed = true);
        last = null;
        return new ArrayList<>(open);
    }

    /// Everything that was started is complete, as far as the target's memory goes.
    void complete() {
        if (!open.isEmpty()) {
            complete(open);
            open = new ArrayList<>();
        }
    }

    /// Some of what was started is complete.
    void complete(List<AccessSet> some) {
        if (some.isEmpty()) {
            return;
        }
        long when = clock.complete();
        for (AccessSet set : some) {
            if (set.done == Clock.NEVER) {
                set.done = when;
                add(set);
            }
        }
        open.removeIf(set -> set.done != Clock.NEVER);
        last = null;
    }

    /// What fetches is complete once its result is here.
    void completeLocally() {
        completeLocally(open);
    }

    /// The same of some of what was started.
    void completeLocally(List<AccessSet> some) {
        complete(some.stream().filter(set -> set.operation.isFetching()).toList());
    }

    /// A word is being fetched which may tell this rank something.
    void fetching(long offset) {
        if (wordCount < MOST_WORDS) {
            words[wordCount++] = offset;
        }
    }

    /// The words that were being fetched are here.
    void hearWords(WindowClocks clocks, int target) {
        for (int i = 0; i < wordCount; i++) {
            clocks.read(target, words[i]);
        }
        wordCount = 0;
    }

    /// Everything since ranks last compared. They are about to: only what is not complete matters to them later.
    ///
    /// @param taken gets it
    void take(List<AccessSet> taken) {
        taken.addAll(done);
        taken.addAll(open);
        done.clear();
        last = null;
    }
}
