package org.porthole.internal.port;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;

/// Things by their numbers, found without lock or allocation.
///
/// **Threads.** Any.
///
/// @param <T> what they are
final class NumberTable<T extends NumberTable.Numbered> {
    /// What has a number, not 0, that never changes.
    interface Numbered {
        long number();
    }

    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Object[].class);
    private static final Object GONE = new Object();

    private volatile Object[] slots = new Object[16];
    private int filled;
    private int count;

    private static int place(long number, int length) {
        long mixed = number * 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 32) & (length - 1);
    }

    @SuppressWarnings("unchecked") // only put stores
    T get(long number) {
        Object[] table = slots;
        for (int i = place(number, table.length); ; i = i + 1 & table.length - 1) {
            Object each = SLOT.getAcquire(table, i);
            if (each == null) {
                return null;
            }
            if (each != GONE && ((T) each).number() == number) {
                return (T) each;
            }
        }
    }

    synchronized void put(T thing) {
        if (2 * (filled + 1) > slots.length) {
            rebuild();
        }
        store(slots, thing);
        filled++;
        count++;
    }

    private static void store(Object[] table, NumberTable.Numbered thing) {
        int i = place(thing.number(), table.length);
        while (table[i] != null) {
            i = i + 1 & table.length - 1;
        }
        SLOT.setRelease(table, i, thing);
    }

    private void rebuild() {
        int length = 16;
        while (length < 4 * (count + 1)) {
            length *= 2;
        }
        Object[] table = new Object[length];
        forEach(each -> store(table, each));
        filled = count;
        slots = table;
    }

    synchronized void remove(T thing) {
        Object[] table = slots;
        for (int i = place(thing.number(), table.length); table[i] != null; i = i + 1 & table.length - 1) {
            if (table[i].equals(thing)) {
                SLOT.setRelease(table, i, GONE);
                count--;
                return;
            }
        }
    }

    @SuppressWarnings("unchecked") // only put stores
    synchronized void forEach(Consumer<T> action) {
        for (Object each : slots.clone()) {
            if (each != null && each != GONE) {
                action.accept((T) each);
            }
        }
    }
}
