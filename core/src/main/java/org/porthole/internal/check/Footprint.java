package org.porthole.internal.check;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// A set of bytes of one part of a window: few runs as they are, many as one bit per byte.
///
/// **Threads.** One at a time.
final class Footprint {
    private static final int MOST_RUNS = 16;
    private static final int PAGE_BITS = 12;
    private static final int WORDS = 1 << (PAGE_BITS - 6);

    private long[] runs = new long[4];
    private int count;
    private Map<Long, long[]> pages;
    private long lastNumber = -1;
    private long[] lastPage;
    private long lowest = Long.MAX_VALUE;
    private long highest = Long.MIN_VALUE;

    /// Adds the bytes from `begin` up to, not including, `end`.
    void add(long begin, long end) {
        lowest = Math.min(lowest, begin);
        highest = Math.max(highest, end);
        if (pages != null) {
            mark(begin, end);
            return;
        }
        int last = 2 * count - 2;
        if (count > 0 && begin <= runs[last + 1] && begin >= runs[last]) {
            runs[last + 1] = Math.max(runs[last + 1], end);
            return;
        }
        if (count == 0 || begin >= runs[last]) {
            append(begin, end);
        } else if (!covers(begin, end)) {
            spread();
            mark(begin, end);
        }
    }

    private boolean covers(long begin, long end) {
        for (int i = 0; i < 2 * count; i += 2) {
            if (runs[i] <= begin && end <= runs[i + 1]) {
                return true;
            }
        }
        return false;
    }

    private void append(long begin, long end) {
        if (count == MOST_RUNS) {
            spread();
            mark(begin, end);
            return;
        }
        if (2 * count == runs.length) {
            runs = Arrays.copyOf(runs, 2 * runs.length);
        }
        runs[2 * count] = begin;
        runs[2 * count + 1] = end;
        count++;
    }

    private void spread() {
        pages = new HashMap<>();
        for (int i = 0; i < count; i++) {
            mark(runs[2 * i], runs[2 * i + 1]);
        }
        count = 0;
    }

    private void mark(long begin, long end) {
        long at = begin;
        while (at < end) {
            long pageEnd = Math.min(end, ((at >>> PAGE_BITS) + 1) << PAGE_BITS);
            set(page(at >>> PAGE_BITS), inPage(at), (int) (pageEnd - at));
            at = pageEnd;
        }
    }

    private static int inPage(long offset) {
        return (int) offset & (1 << PAGE_BITS) - 1;
    }

    private static void set(long[] page, int from, int length) {
        int at = from;
        int end = from + length;
        while (at < end) {
            int bits = Math.min(end - at, Long.SIZE - (at & 63));
            page[at >>> 6] |= mask(at, bits);
            at += bits;
        }
    }

    private static long mask(int at, int bits) {
        return (bits == Long.SIZE ? -1L : (1L << bits) - 1) << (at & 63);
    }

    private long[] page(long number) {
        if (number != lastNumber) {
            lastPage = pages.computeIfAbsent(number, any -> new long[WORDS]);
            lastNumber = number;
        }
        return lastPage;
    }

    /// Whether any of the bytes from `begin` up to, not including, `end` are in the set.
    boolean meets(long begin, long end) {
        if (end <= lowest || begin >= highest) {
            return false;
        }
        if (pages != null) {
            return meetsPages(begin, end);
        }
        for (int i = 0; i < 2 * count; i += 2) {
            if (runs[i] < end && begin < runs[i + 1]) {
                return true;
            }
        }
        return false;
    }

    private boolean meetsPages(long begin, long end) {
        long at = Math.max(begin, lowest);
        long last = Math.min(end, highest);
        while (at < last) {
            long pageEnd = Math.min(last, ((at >>> PAGE_BITS) + 1) << PAGE_BITS);
            long[] page = pages.get(at >>> PAGE_BITS);
            if (page != null && any(page, inPage(at), (int) (pageEnd - at))) {
                return true;
            }
            at = pageEnd;
        }
        return false;
    }

    private static boolean any(long[] page, int from, int length) {
        int at = from;
        int end = from + length;
        while (at < end) {
            int bits = Math.min(end - at, Long.SIZE - (at & 63));
            if ((page[at >>> 6] & mask(at, bits)) != 0) {
                return true;
            }
            at += bits;
        }
        return false;
    }

    /// Adds all bytes of another set.
    void addAll(Footprint other) {
        long[] theirs = other.toRuns();
        for (int i = 0; i < theirs.length; i += 2) {
            add(theirs[i], theirs[i + 1]);
        }
    }

    /// The set as begins and ends in ascending order, none of which touch.
    long[] toRuns() {
        if (pages == null) {
            return merged();
        }
        long[] all = new long[64];
        int length = 0;
        long[] numbers =
                pages.keySet().stream().mapToLong(Long::longValue).sorted().toArray();
        for (long number : numbers) {
            long[] page = pages.get(number);
            long base = number << PAGE_BITS;
            int at = next(page, 0, true);
            while (at < WORDS * Long.SIZE) {
                int end = next(page, at, false);
                if (length > 0 && all[length - 1] == base + at) {
                    all[length - 1] = base + end;
                } else {
                    if (length == all.length) {
                        all = Arrays.copyOf(all, 2 * length);
                    }
                    all[length++] = base + at;
                    all[length++] = base + end;
                }
                at = next(page, end, true);
            }
        }
        return Arrays.copyOf(all, length);
    }

    /// The next bit at or after `from` that is set, or clear; the page's size if there is none.
    private static int next(long[] page, int from, boolean set) {
        int at = from;
        while (at < WORDS * Long.SIZE) {
            long word = set ? page[at >>> 6] : ~page[at >>> 6];
            word = word >>> (at & 63) << (at & 63);
            if (word != 0) {
                return (at & ~63) + Long.numberOfTrailingZeros(word);
            }
            at = (at & ~63) + Long.SIZE;
        }
        return at;
    }

    private long[] merged() {
        long[] all = new long[2 * count];
        int length = 0;
        for (int i = 0; i < 2 * count; i += 2) {
            if (length > 0 && runs[i] <= all[length - 1]) {
                all[length - 1] = Math.max(all[length - 1], runs[i + 1]);
            } else {
                all[length++] = runs[i];
                all[length++] = runs[i + 1];
            }
        }
        return Arrays.copyOf(all, length);
    }
}
