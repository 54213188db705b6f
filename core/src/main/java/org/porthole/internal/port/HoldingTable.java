package org.porthole.internal.port;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntFunction;

/// What a rank knows of the ports that it holds rights of, or has held.
///
/// **Threads.** Any.
final class HoldingTable {
    private final AtomicReferenceArray<NumberTable<Holding>> holdings;
    private final IntFunction<String> end;

    /// @param end why the ports of a rank have ended; null if the rank is not gone
    HoldingTable(int size, IntFunction<String> end) {
        holdings = new AtomicReferenceArray<>(size);
        this.end = end;
    }

    /// What is known of a port; made if there is nothing yet.
    Holding meet(int owner, long number, int limitMessages, long limitBytes) {
        NumberTable<Holding> table = holdings.get(owner);
        if (table == null) {
            holdings.compareAndSet(owner, null, new NumberTable<>());
            table = holdings.get(owner);
        }
        synchronized (table) {
            Holding holding = table.get(number);
            if (holding == null) {
                holding = new Holding(owner, number, limitMessages, limitBytes);
                table.put(holding);
                String cause = end.apply(owner);
                if (cause != null) {
                    holding.die(cause);
                }
            }
            return holding;
        }
    }

    /// What is known of a port; null if nothing is.
    Holding get(int owner, long number) {
        NumberTable<Holding> table = holdings.get(owner);
        return table == null ? null : table.get(number);
    }

    /// All ports of a rank have ended.
    void bury(int owner, String cause) {
        NumberTable<Holding> table = holdings.get(owner);
        if (table != null) {
            table.forEach(each -> each.die(cause));
        }
    }
}
