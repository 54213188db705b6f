package org.porthole.internal.port;

/// What waits at a port of one sender, in order.
///
/// **Threads.** Under the port's lock.
final class Inbox {
    final int sender;
    /// The next inbox that has messages.
    Inbox next;
    /// Whether this sender, a rank of this process, waits for room.
    boolean isWaitedFor;

    private PooledMessage first;
    private PooledMessage last;
    private int messages;
    private long bytes;
    private int takenMessages;
    private long takenBytes;

    Inbox(int sender) {
        this.sender = sender;
    }

    int messages() {
        return messages;
    }

    /// Whether a message of a sender that keeps no count itself fits.
    boolean hasRoom(int limitMessages, long limitBytes, long length) {
        return messages == 0 || (messages < limitMessages && bytes + length <= limitBytes);
    }

    void append(PooledMessage message) {
        message.next = null;
        if (first == null) {
            first = message;
        } else {
            last.next = message;
        }
        last = message;
        messages++;
        bytes += message.queuedBytes;
    }

    PooledMessage poll() {
        PooledMessage message = first;
        if (message != null) {
            first = message.next;
            left(message);
        }
        return message;
    }

    /// Takes a message out of the middle.
    boolean remove(PooledMessage message) {
        PooledMessage before = null;
        for (PooledMessage each = first; each != null; each = each.next) {
            if (each == message) {
                if (before == null) {
                    first = each.next;
                } else {
                    before.next = each.next;
                }
                if (last == each) {
                    last = before;
                }
                left(message);
                return true;
            }
            before = each;
        }
        return false;
    }

    private void left(PooledMessage message) {
        messages--;
        bytes -= message.queuedBytes;
    }

    /// Counts what the sender may send again.
    ///
    /// @param untoldMessages how many may be taken before it is told
    /// @param untoldBytes    how many of their bytes
    /// @return whether it is time to tell
    boolean took(long length, int untoldMessages, long untoldBytes) {
        takenMessages++;
        takenBytes += length;
        return takenMessages > untoldMessages || takenBytes > untoldBytes;
    }

    int tellMessages() {
        int told = takenMessages;
        takenMessages = 0;
        return told;
    }

    long tellBytes() {
        long told = takenBytes;
        takenBytes = 0;
        return told;
    }
}
