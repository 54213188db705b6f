package org.porthole.internal.port;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.porthole.DeadPortException;
import org.porthole.port.MessageKind;

/// What this rank knows of one port that it holds rights of: how much it may send, and whether the port is dead.
///
/// **Threads.** Any, but that what is sent is counted under the lock of the way to the owner.
final class Holding implements NumberTable.Numbered {
    private static final VarHandle TAKEN_MESSAGES;
    private static final VarHandle TAKEN_BYTES;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            TAKEN_MESSAGES = lookup.findVarHandle(Holding.class, "takenMessages", long.class);
            TAKEN_BYTES = lookup.findVarHandle(Holding.class, "takenBytes", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /// Who is told that the port, or one right of it, is dead.
    private record Mourner(OpenPort port, long tag, HeldRight right) {}

    final int rank;
    private final long number;
    /// 0 if the port keeps no queue.
    private final int limitMessages;
    private final long limitBytes;
    private final List<Mourner> mourners = new ArrayList<>();

    private long sentMessages;
    private long sentBytes;

    @SuppressWarnings("UnusedVariable") // by TAKEN_MESSAGES
    private long takenMessages;

    @SuppressWarnings("UnusedVariable") // by TAKEN_BYTES
    private long takenBytes;

    private volatile String dead;
    /// Rights that are dead though the port is not, by their first bits: why.
    private final Map<Long, String> ended = new ConcurrentHashMap<>();

    Holding(int rank, long number, int limitMessages, long limitBytes) {
        this.rank = rank;
        this.number = number;
        this.limitMessages = limitMessages;
        this.limitBytes = limitBytes;
    }

    @Override
    public long number() {
        return number;
    }

    int limitMessages() {
        return limitMessages;
    }

    long limitBytes() {
        return limitBytes;
    }

    boolean hasRoom(long length) {
        if (limitMessages == 0) {
            return true;
        }
        long messages = sentMessages - (long) TAKEN_MESSAGES.getAcquire(this);
        return messages == 0
                || (messages < limitMessages && sentBytes - (long) TAKEN_BYTES.getAcquire(this) + length <= limitBytes);
    }

    void sent(long length) {
        sentMessages++;
        sentBytes += length;
    }

    /// The owner tells what its receivers have taken.
    void took(long messages, long bytes) {
        TAKEN_BYTES.getAndAdd(this, bytes);
        TAKEN_MESSAGES.getAndAdd(this, messages);
    }

    /// @param right its first bits
    boolean isDead(long right) {
        return dead != null || (!ended.isEmpty() && ended.containsKey(right));
    }

    void requireAlive(long right) {
        String cause = dead;
        if (cause == null && !ended.isEmpty()) {
            cause = ended.get(right);
        }
        if (cause != null) {
            throw new DeadPortException(rank, cause);
        }
    }

    /// The port is dead. Later causes are not looked at.
    void die(String cause) {
        List<Mourner> told;
        synchronized (mourners) {
            if (dead != null) {
                return;
            }
            dead = cause;
            told = List.copyOf(mourners);
            mourners.clear();
        }
        told.forEach(this::tell);
    }

    /// One right is dead.
    void die(long right, String cause) {
        List<Mourner> told = new ArrayList<>();
        synchronized (mourners) {
            ended.putIfAbsent(right, cause);
            mourners.removeIf(each -> each.right.high() == right && told.add(each));
        }
        told.forEach(this::tell);
    }

    private void tell(Mourner mourner) {
        mourner.port.notify(MessageKind.DEAD_NAME, mourner.tag, rank);
    }

    void mourn(OpenPort port, long tag, HeldRight right) {
        Mourner mourner = new Mourner(port, tag, right);
        synchronized (mourners) {
            if (!isDead(right.high())) {
                mourners.add(mourner);
                return;
            }
        }
        tell(mourner);
    }

    /// Who gave up a right is not told of its end.
    void forget(HeldRight right) {
        synchronized (mourners) {
            mourners.removeIf(each -> each.right == right);
        }
    }
}
