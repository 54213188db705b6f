package org.porthole.internal.check;

import java.lang.System.Logger.Level;
import java.util.List;
import org.porthole.Access;
import org.porthole.PortholeException;
import org.porthole.Request;

/// An epoch whose operations are taken down, and what completes them: the epoch's end, flushes, requests and fences.
///
/// **Threads.** Any for operations, one after the other; one for beginning and closing.
public sealed class CheckedAccess extends CheckedOperations implements Access permits CheckedEpoch {
    /// What an epoch is a synchronisation of.
    enum Form {
        FENCE,
        EXCHANGE,
        START,
        SHARED,
        EXCLUSIVE,
        /// By lease: its owner's clock says when it ends.
        LEASE
    }

    private static final System.Logger LOG = System.getLogger(Findings.LOGGER);

    Form form;
    private int[] covered = {};

    CheckedAccess(CheckedWindow window, Form form) {
        super(window);
        this.form = form;
    }

    final void exclusive(boolean isExclusive) {
        form = isExclusive ? Form.EXCLUSIVE : Form.SHARED;
    }

    final CheckedAccess begin(Access begun, int... targets) {
        inner = begun;
        covered = targets;
        synchronized (check) {
            check.sites.refresh();
        }
        return this;
    }

    /// Completes everything and tells those who wait for this epoch's end how far this rank has come.
    final void ending() {
        if (!inner.isOpen() || form == Form.LEASE) {
            return;
        }
        if (form == Form.FENCE) {
            window.announceEnd();
            return;
        }
        for (int target : covered) {
            flushIfPossible(target);
        }
        synchronized (check) {
            check.sites.refresh();
            for (int target : covered) {
                log(target).complete();
            }
            switch (form) {
                case SHARED, EXCLUSIVE -> {
                    for (int target : covered) {
                        window.clocks().unlocking(target, form == Form.EXCLUSIVE);
                    }
                }
                default -> window.clocks().completing(covered);
            }
        }
    }

    private void flushIfPossible(int target) {
        try {
            inner.flush(target);
        } catch (PortholeException e) {
            LOG.log(Level.DEBUG, "an epoch ends without a rank that failed", e); // closing says so, if it matters
        }
    }

    /// Takes the completion down, and hears those who were waited for.
    final void ended() {
        synchronized (check) {
            if (form == Form.EXCHANGE) {
                window.clocks().completed(covered);
            }
            window.complete(this::log, covered);
        }
        if (form == Form.FENCE) {
            window.meet();
        }
    }

    final void beginningNext() {
        synchronized (check) {
            window.clocks().posting(covered);
        }
    }

    final void begunNext() {
        synchronized (check) {
            window.clocks().started(covered);
        }
    }

    @Override
    public final void close() {
        if (inner.isOpen()) {
            ending();
            try {
                inner.close();
            } finally { // it may end, and say that a rank has died
                if (!inner.isOpen()) {
                    ended();
                }
            }
        }
    }

    @Override
    public final boolean isOpen() {
        return inner.isOpen();
    }

    @Override
    final TargetLog log(int target) {
        return form == Form.LEASE ? window.leasedLog(target) : window.log(target);
    }

    @Override
    public final void raise(int target, int id, long delta) {
        synchronized (check) {
            check.sites.completed();
            if (window.hasRank(target) && id >= 0 && id < window.notifications().count()) {
                log(target).complete();
                window.clocks().raising(target, id);
            }
            inner.raise(target, id, delta);
        }
    }

    @Override
    public final void fence(int target) {
        inner.fence(target);
        synchronized (check) {
            check.sites.completed();
            log(target).complete();
        }
    }

    @Override
    public final Request request(int target) {
        Request request = inner.request(target);
        synchronized (check) {
            List<AccessSet> sets = log(target).seal();
            long mark = check.buffers.mark();
            return window.request(request, () -> {
                synchronized (check) {
                    check.sites.completed();
                    log(target).complete(sets);
                    log(target).hearWords(window.clocks(), target);
                    check.buffers.complete(window, target, mark);
                }
            });
        }
    }

    @Override
    public final Request requestLocal(int target) {
        Request request = inner.requestLocal(target);
        synchronized (check) {
            List<AccessSet> sets = log(target).seal();
            long mark = check.buffers.mark();
            return window.request(request, () -> {
                synchronized (check) {
                    check.sites.completed();
                    log(target).hearWords(window.clocks(), target);
                    log(target).completeLocally(sets);
                    check.buffers.complete(window, target, mark);
                }
            });
        }
    }

    @Override
    public final void flush(int target) {
        try {
            inner.flush(target);
        } finally { // what could not be completed has failed
            synchronized (check) {
                flushed(target);
            }
        }
    }

    private void flushed(int target) {
        if (!window.hasRank(target)) {
            return; // refused
        }
        check.sites.completed();
        window.complete(this::log, target);
    }

    @Override
    public final void flushAll() {
        try {
            inner.flushAll();
        } finally {
            synchronized (check) {
                for (int target : covered) {
                    flushed(target);
                }
            }
        }
    }

    @Override
    public final void flushLocal(int target) {
        try {
            inner.flushLocal(target);
        } finally {
            synchronized (check) {
                flushedLocal(target);
            }
        }
    }

    private void flushedLocal(int target) {
        if (!window.hasRank(target)) {
            return; // refused
        }
        check.sites.completed();
        log(target).hearWords(window.clocks(), target);
        log(target).completeLocally();
        check.buffers.complete(window, target);
    }

    @Override
    public final void flushLocalAll() {
        try {
            inner.flushLocalAll();
        } finally {
            synchronized (check) {
                for (int target : covered) {
                    flushedLocal(target);
                }
            }
        }
    }
}
