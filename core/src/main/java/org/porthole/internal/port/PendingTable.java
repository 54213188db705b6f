package org.porthole.internal.port;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.ObjLongConsumer;

/// Messages that have come from each rank and wait for their outcomes, by the slots of its calls.
///
/// **Threads.** Any.
final class PendingTable {
    private final AtomicReferenceArray<AtomicReferenceArray<PooledMessage>> pending;

    PendingTable(int size) {
        pending = new AtomicReferenceArray<>(size);
    }

    /// Enters a message, if its outcome is wanted.
    void enter(PooledMessage message) {
        if (message.call == 0) {
            return;
        }
        AtomicReferenceArray<PooledMessage> slots = pending.get(message.sender);
        if (slots == null) {
            pending.compareAndSet(message.sender, null, new AtomicReferenceArray<>(CallTable.SIZE));
            slots = pending.get(message.sender);
        }
        slots.setRelease(CallTable.slot(message.call), message);
    }

    void clear(int sender, long call) {
        AtomicReferenceArray<PooledMessage> slots = pending.get(sender);
        if (slots != null) {
            slots.setRelease(CallTable.slot(call), null);
        }
    }

    /// The sender of a message asks for its end.
    void abort(int sender, long call) {
        AtomicReferenceArray<PooledMessage> slots = pending.get(sender);
        PooledMessage message = slots == null ? null : slots.getAcquire(CallTable.slot(call));
        OpenPort port = message == null ? null : message.port;
        if (port != null && !port.withdraw(message, call)) {
            message.requestAbort(call);
        }
    }

    /// Takes out all messages of a rank.
    ///
    /// @param action given each, and what its outcome refers to
    void drain(int sender, ObjLongConsumer<PooledMessage> action) {
        AtomicReferenceArray<PooledMessage> slots = pending.get(sender);
        for (int slot = 0; slots != null && slot < CallTable.SIZE; slot++) {
            PooledMessage message = slots.getAndSet(slot, null);
            long call = message == null ? 0 : message.call;
            if (call != 0) {
                action.accept(message, call);
            }
        }
    }
}
