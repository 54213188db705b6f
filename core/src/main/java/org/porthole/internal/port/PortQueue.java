package org.porthole.internal.port;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.porthole.internal.progress.SpinLock;

/// The messages that wait at a port: a queue for each sender, which are served in turn.
///
/// **Threads.** Any.
final class PortQueue {
    private static final VarHandle SIZE;

    static {
        try {
            SIZE = MethodHandles.lookup().findVarHandle(PortQueue.class, "size", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int limitMessages;
    private final long limitBytes;
    private final int untoldMessages;
    private final long untoldBytes;
    private final SpinLock lock = new SpinLock();
    private Inbox[] inboxes = new Inbox[4];
    private int senders;
    /// Inboxes that have messages, in the order in which they are served.
    private Inbox first;

    private Inbox last;
    private Sleeper sleepers;
    /// Changed under the lock, read by all.
    private int size;
    private boolean closed;

    /// A virtual thread that waits for a message.
    static final class Sleeper {
        private final Thread thread = Thread.currentThread();
        private Sleeper next;
    }

    /// @param longest how long a message can be: one that fits only if nothing else waits must not be kept out by what a sender has not been told yet
    PortQueue(int limitMessages, long limitBytes, long longest) {
        this.limitMessages = limitMessages;
        this.limitBytes = limitBytes;
        boolean isRoomy = limitBytes - limitBytes / 4 >= longest;
        untoldMessages = isRoomy ? Math.max(0, limitMessages / 4 - 1) : 0;
        untoldBytes = isRoomy ? limitBytes / 4 : 0;
    }

    int size() {
        return (int) SIZE.getAcquire(this);
    }

    private void resize(int newSize) {
        SIZE.setRelease(this, newSize);
    }

    private Inbox inbox(int sender) {
        int mask = inboxes.length - 1;
        for (int i = sender & mask; ; i = i + 1 & mask) {
            Inbox each = inboxes[i];
            if (each == null) {
                return addInbox(sender);
            }
            if (each.sender == sender) {
                return each;
            }
        }
    }

    private Inbox addInbox(int sender) {
        if (2 * (senders + 1) > inboxes.length) {
            Inbox[] old = inboxes;
            inboxes = new Inbox[2 * old.length];
            for (Inbox each : old) {
                if (each != null) {
                    store(each);
                }
            }
        }
        senders++;
        Inbox inbox = new Inbox(sender);
        store(inbox);
        return inbox;
    }

    private void store(Inbox inbox) {
        int mask = inboxes.length - 1;
        int i = inbox.sender & mask;
        while (inboxes[i] != null) {
            i = i + 1 & mask;
        }
        inboxes[i] = inbox;
    }

    /// Whether a message of a rank of this process fits; if not, that rank is woken when one does.
    boolean hasRoom(int sender, long length) {
        lock.lock();
        try {
            Inbox inbox = inbox(sender);
            inbox.isWaitedFor = !inbox.hasRoom(limitMessages, limitBytes, length);
            return !inbox.isWaitedFor;
        } finally {
            lock.unlock();
        }
    }

    /// Appends a message, whoever is full.
    ///
    /// @return false if the queue is closed
    boolean append(PooledMessage message) {
        Thread woken;
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            message.queuedBytes = message.length;
            Inbox inbox = inbox(message.sender);
            if (inbox.messages() == 0) {
                enrol(inbox);
            }
            inbox.append(message);
            resize(size + 1);
            woken = nextSleeper();
        } finally {
            lock.unlock();
        }
        if (woken != null) {
            LockSupport.unpark(woken);
        }
        return true;
    }

    private void enrol(Inbox inbox) {
        inbox.next = null;
        if (first == null) {
            first = inbox;
        } else {
            last.next = inbox;
        }
        last = inbox;
    }

    private Thread nextSleeper() {
        Sleeper sleeper = sleepers;
        if (sleeper == null) {
            return null;
        }
        sleepers = sleeper.next;
        return sleeper.thread;
    }

    /// Takes the next message.
    ///
    /// @param teller told, outside the lock, if the message's sender is to learn that there is room again
    /// @return null if there is none
    PooledMessage poll(Credits teller) {
        if (size() == 0) {
            return null;
        }
        PooledMessage message;
        int messages = 0;
        long bytes = 0;
        boolean waitedFor = false;
        lock.lock();
        try {
            Inbox inbox = first;
            if (inbox == null) {
                return null;
            }
            message = inbox.poll();
            resize(size - 1);
            first = inbox.next;
            if (inbox.messages() > 0) {
                enrol(inbox);
            }
            if (message.asker == null && message.isMetered) {
                if (inbox.took(message.queuedBytes, untoldMessages, untoldBytes)) {
                    messages = inbox.tellMessages();
                    bytes = inbox.tellBytes();
                }
            }
            waitedFor = inbox.isWaitedFor;
            inbox.isWaitedFor = false;
        } finally {
            lock.unlock();
        }
        if (messages != 0 || waitedFor) {
            teller.hasRoom(message.sender, messages, bytes, waitedFor);
        }
        return message;
    }

    /// Counts what an agent has done with.
    void took(int sender, long length, Credits teller) {
        int messages = 0;
        long bytes = 0;
        lock.lock();
        try {
            Inbox inbox = inbox(sender);
            if (inbox.took(length, untoldMessages, untoldBytes)) {
                messages = inbox.tellMessages();
                bytes = inbox.tellBytes();
            }
        } finally {
            lock.unlock();
        }
        if (messages != 0) {
            teller.hasRoom(sender, messages, bytes, false);
        }
    }

    /// Who tells senders that there is room.
    @FunctionalInterface
    interface Credits {
        /// A sender has room again.
        ///
        /// @param waitedFor whether a rank of this process waits
        void hasRoom(int sender, int messages, long bytes, boolean waitedFor);
    }

    /// Takes a certain message out.
    ///
    /// @param call what its outcome refers to, since the message may be another by now
    boolean remove(PooledMessage message, long call) {
        lock.lock();
        try {
            if (message.call != call || size == 0) {
                return false;
            }
            Inbox inbox = inbox(message.sender);
            if (!inbox.remove(message)) {
                return false;
            }
            resize(size - 1);
            if (inbox.messages() == 0) {
                retire(inbox);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void retire(Inbox inbox) {
        Inbox before = null;
        for (Inbox each = first; each != null; before = each, each = each.next) {
            if (each == inbox) {
                if (before == null) {
                    first = each.next;
                } else {
                    before.next = each.next;
                }
                if (last == each) {
                    last = before;
                }
                return;
            }
        }
    }

    /// Has a virtual thread unparked when a message comes.
    Sleeper sleep() {
        Sleeper sleeper = new Sleeper();
        lock.lock();
        try {
            sleeper.next = sleepers;
            sleepers = sleeper;
        } finally {
            lock.unlock();
        }
        return sleeper;
    }

    /// It waits no more. If it was woken for a message that it did not take, the next is.
    void leave(Sleeper sleeper) {
        Thread woken = null;
        lock.lock();
        try {
            Sleeper before = null;
            Sleeper each = sleepers;
            while (each != null && each != sleeper) {
                before = each;
                each = each.next;
            }
            if (each == null) {
                woken = size > 0 ? nextSleeper() : null;
            } else if (before == null) {
                sleepers = each.next;
            } else {
                before.next = each.next;
            }
        } finally {
            lock.unlock();
        }
        if (woken != null) {
            LockSupport.unpark(woken);
        }
    }

    /// Takes no more messages, and hands over those that are there.
    void close(Consumer<PooledMessage> taker) {
        PooledMessage left = null;
        Sleeper waiting;
        lock.lock();
        try {
            closed = true;
            waiting = sleepers;
            sleepers = null;
            while (first != null) {
                PooledMessage message = first.poll();
                if (message == null) {
                    first = first.next;
                } else {
                    message.next = left;
                    left = message;
                }
            }
            resize(0);
        } finally {
            lock.unlock();
        }
        for (Sleeper each = waiting; each != null; each = each.next) {
            LockSupport.unpark(each.thread);
        }
        while (left != null) {
            PooledMessage message = left;
            left = message.next;
            taker.accept(message);
        }
    }
}
