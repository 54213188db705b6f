package org.porthole.internal.check;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// A set of bytes of one part of a window: few runs as they are, many as one bit for each word of 8 bytes, or for each byte once a run begins or ends within
/// a word.
///
/// The bits lie in pages, and those in blocks, so that accesses all over a part find theirs without a search. What random words of 32 MiB leave behind takes
/// half a MiB, and so stays near the core. Adding allocates only what holds the bits of a page that had none.
///
/// **Threads.** One at a time.
final class Footprint {
    private static final int MOST_RUNS = 16;
    private static final int WORD_BITS = 3;
    /// Bits of a page.
    private static final int PAGE_BITS = 12;
    private static final int WORDS = 1 << (PAGE_BITS - 6);
    /// Pages of a block.
    private static final int BLOCK_BITS = 8;

    private static final int BLOCK = 1 << BLOCK_BITS;
    /// How many blocks are found without a search, by the low bits of their numbers: more and more, as there are more.
    private static final int LEAST_KNOWN = 64;

    private static final int MOST_KNOWN = 4096;
    /// Stands for blocks that have no bit.
    private static final long[][] NONE = new long[BLOCK][];

    private long[] runs = new long[4];
    private int count;
    /// By number; null as long as runs are enough.
    private Map<Long, long[][]> blocks;
    /// How many bytes a bit stands for, as a power of two.
    private int unitBits = WORD_BITS;

    private long[] knownNumbers;
    private long[][][] known;
    private long lowest = Long.MAX_VALUE;
    private long highest = Long.MIN_VALUE;

    /// Adds the bytes from `begin` up to, not including, `end`.
    void add(long begin, long end) {
        lowest = Math.min(lowest, begin);
        highest = Math.max(highest, end);
        if (blocks != null) {
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
        long[] before = merged();
        count = 0;
        clear();
        for (int i = 0; i < before.length; i += 2) {
            mark(before[i], before[i + 1]);
        }
    }

    private void clear() {
        blocks = new HashMap<>();
        forgetKnown(LEAST_KNOWN);
    }

    private void forgetKnown(int places) {
        knownNumbers = new long[places];
        known = new long[places][][];
    }

    private void mark(long begin, long end) {
        if (((begin | end) & (1L << unitBits) - 1) != 0) {
            long[] before = toRuns();
            unitBits = 0;
            clear();
            for (int i = 0; i < before.length; i += 2) {
                markUnits(before[i], before[i + 1]);
            }
        }
        markUnits(begin >>> unitBits, end >>> unitBits);
    }

    private void markUnits(long begin, long end) {
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
        int index = (int) number & BLOCK - 1;
        long[] page = block(number >>> BLOCK_BITS)[index];
        return page == null ? addPage(number, index) : page;
    }

    private long[] addPage(long number, int index) {
        long[][] block = blocks.computeIfAbsent(number >>> BLOCK_BITS, any -> new long[BLOCK][]);
        if (blocks.size() > known.length / 2 && known.length < MOST_KNOWN) {
            forgetKnown(2 * known.length);
        }
        know(number >>> BLOCK_BITS, block);
        block[index] = new long[WORDS];
        return block[index];
    }

    private long[][] block(long number) {
        int slot = (int) number & known.length - 1;
        if (knownNumbers[slot] == number && known[slot] != null) {
            return known[slot];
        }
        long[][] block = blocks.getOrDefault(number, NONE);
        know(number, block);
        return block;
    }

    private void know(long number, long[][] block) {
        int slot = (int) number & known.length - 1;
        knownNumbers[slot] = number;
        known[slot] = block;
    }

    private long[] pageIfAny(long number) {
        return block(number >>> BLOCK_BITS)[(int) number & BLOCK - 1];
    }

    /// Whether any of the bytes from `begin` up to, not including, `end` are in the set.
    boolean meets(long begin, long end) {
        if (end <= lowest || begin >= highest) {
            return false;
        }
        if (blocks != null) {
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
        long at = Math.max(begin, lowest) >>> unitBits;
        long last = (Math.min(end, highest) + (1L << unitBits) - 1) >>> unitBits;
        while (at < last) {
            long pageEnd = Math.min(last, ((at >>> PAGE_BITS) + 1) << PAGE_BITS);
            long[] page = pageIfAny(at >>> PAGE_BITS);
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
        if (blocks == null) {
            return merged();
        }
        Runs all = new Runs();
        long[] numbers =
                blocks.keySet().stream().mapToLong(Long::longValue).sorted().toArray();
        for (long number : numbers) {
            long[][] block = blocks.get(number);
            for (int i = 0; i < BLOCK; i++) {
                if (block[i] != null) {
                    addRuns(all, block[i], (number << BLOCK_BITS | i) << PAGE_BITS, unitBits);
                }
            }
        }
        return all.toArray();
    }

    private static void addRuns(Runs all, long[] page, long base, int unitBits) {
        int at = next(page, 0, true);
        while (at < WORDS * Long.SIZE) {
            int end = next(page, at, false);
            all.add((base + at) << unitBits, (base + end) << unitBits);
            at = next(page, end, true);
        }
    }

    /// Begins and ends in ascending order, as they are found.
    private static final class Runs {
        private long[] all = new long[64];
        private int length;

        void add(long begin, long end) {
            if (length > 0 && all[length - 1] == begin) {
                all[length - 1] = end;
                return;
            }
            if (length == all.length) {
                all = Arrays.copyOf(all, 2 * length);
            }
            all[length++] = begin;
            all[length++] = end;
        }

        long[] toArray() {
            return Arrays.copyOf(all, length);
        }
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
