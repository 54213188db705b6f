package org.porthole.internal.check;

import org.porthole.Notifications;

/// Counters by which this rank hears the clocks of those that have raised them.
public final class CheckedNotifications implements Notifications {
    private final CheckedWindow window;
    private final Notifications inner;

    CheckedNotifications(CheckedWindow window, Notifications inner) {
        this.window = window;
        this.inner = inner;
    }

    private long noticed(int id, long value) {
        if (value != 0) {
            notice(id);
        }
        return value;
    }

    private int notice(int id) {
        if (id >= 0) {
            synchronized (window.check()) {
                window.check().sites.completed();
                window.clocks().noticed(id);
            }
        }
        return id;
    }

    @Override
    public int count() {
        return inner.count();
    }

    @Override
    public long get(int id) {
        return noticed(id, inner.get(id));
    }

    @Override
    public long reset(int id) {
        return noticed(id, inner.reset(id));
    }

    @Override
    public long await(int id, long value) {
        return noticed(id, inner.await(id, value));
    }

    @Override
    public long await(int id, long value, int from) {
        return noticed(id, inner.await(id, value, from));
    }

    @Override
    public int testAny(int first, int count) {
        return notice(inner.testAny(first, count));
    }

    @Override
    public int awaitAny(int first, int count) {
        return notice(inner.awaitAny(first, count));
    }
}
