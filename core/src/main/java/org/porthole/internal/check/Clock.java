package org.porthole.internal.check;

/// A rank's vector clock: how far each rank of the job had come when this one last heard of it, by whatever way.
///
/// A rank's own component counts its releases, that is, what it tells others, in steps of two. It goes on only if there is something new to tell: an
/// operation that was completed since. Atomics would make it go on at each of them; they only make it odd, which tells others that they may have
/// seen this rank's atomics since its last release.
///
/// **Threads.** One at a time.
final class Clock {
    /// When operations that are not complete are done.
    static final long NEVER = Long.MAX_VALUE;

    private final long[] now;
    private final int me;
    private long[] shown;
    private boolean news;
    private boolean atomicNews;
    private long version = 1;
    private long heard;

    Clock(int size, int rank) {
        now = new long[size];
        me = rank;
    }

    int size() {
        return now.length;
    }

    /// Changes whenever there is something new to tell.
    long version() {
        return version;
    }

    /// Changes whenever this rank has heard something new.
    long heard() {
        return heard;
    }

    /// This moment, for accesses that start now; the same array until the rank hears something new.
    long[] start() {
        if (shown == null) {
            shown = now.clone();
        }
        return shown;
    }

    /// This rank's own component.
    long time() {
        return now[me];
    }

    long component(int rank) {
        return now[rank];
    }

    /// When an operation that completes now is done.
    long complete() {
        news = true;
        return (now[me] | 1) + 1;
    }

    /// When an atomic that completes now is done.
    long completeAtomic() {
        atomicNews = true;
        return now[me] | 1;
    }

    /// What others hear from now on includes all that is complete.
    void release() {
        if (news || atomicNews) {
            advance();
        }
    }

    /// What others read from words of windows includes all that is complete.
    void releaseByWord() {
        if (news) {
            advance();
        }
        if ((now[me] & 1) == 0) {
            now[me] |= 1;
            version++;
        }
    }

    /// Something happens that comes after all that was and before all that will be.
    ///
    /// @return when
    long tick() {
        advance();
        return now[me];
    }

    private void advance() {
        now[me] = (now[me] | 1) + 1;
        news = false;
        atomicNews = false;
        version++;
    }

    /// This rank hears how far another had come.
    void hear(int rank, long component) {
        if (rank != me && component > now[rank]) {
            now[rank] = component;
            shown = null;
            heard++;
            version++;
        }
    }
}
