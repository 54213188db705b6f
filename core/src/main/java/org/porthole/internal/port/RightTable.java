package org.porthole.internal.port;

import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;

/// The rights of one port, by number. The number of a right that has ended is given to another; its bits never are.
///
/// **Threads.** Any.
final class RightTable {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Deque<Integer> free = new ArrayDeque<>();
    private volatile RightEntry[] entries = {};

    /// Makes a right.
    ///
    /// @param ranks who may use it; null for all
    /// @return its number
    synchronized int add(boolean once, BitSet ranks) {
        Integer reused = free.poll();
        int number = reused == null ? entries.length : reused;
        RightEntry[] grown = Arrays.copyOf(entries, Math.max(entries.length, number + 1));
        grown[number] = new RightEntry(RANDOM.nextLong(), RANDOM.nextLong(), once, ranks);
        entries = grown;
        return number;
    }

    RightEntry get(int number) {
        return entries[number];
    }

    /// Whether a message may come in. A right that is good once is used up.
    boolean admits(int number, long high, long low, int rank) {
        RightEntry[] all = entries;
        RightEntry entry = number >= 0 && number < all.length ? all[number] : null;
        if (entry == null || !entry.admits(high, low, rank)) {
            return false;
        }
        if (entry.once) {
            remove(number, high, low);
        }
        return true;
    }

    /// Ends a right.
    ///
    /// @return false if there is none of these bits
    synchronized boolean remove(int number, long high, long low) {
        RightEntry entry = number >= 0 && number < entries.length ? entries[number] : null;
        if (entry == null || entry.high != high || entry.low != low) {
            return false;
        }
        RightEntry[] fewer = entries.clone();
        fewer[number] = null;
        entries = fewer;
        free.add(number);
        return true;
    }
}
