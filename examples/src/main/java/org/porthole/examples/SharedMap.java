package org.porthole.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.porthole.Access;
import org.porthole.Team;
import org.porthole.Window;
import org.porthole.WindowSpec;

/// A hash map that is spread over all ranks: how often each word was added by whomever.
///
/// A word's hash says which slot it belongs to, and so at which rank. A rank that adds a word claims a free slot for it by writing the hash
/// with [Access#compareAndExchange(int, long, long, long)]; if another word has the slot already, it tries the next. Whoever has claimed a slot
/// puts the word there, and everybody adds to its count.
final class SharedMap implements AutoCloseable {
    /// Of words with more letters, these first count.
    static final int LONGEST = 48;

    private static final int HASH = 0; // where a slot has what; a hash of 0 says that it is free
    private static final int COUNT = 8;
    private static final int TEXT = 16;
    private static final int SLOT = TEXT + LONGEST;

    private final Window map;
    private final int ranks;
    private final long slotsPerRank;

    /// Collective. An empty map.
    ///
    /// @param slots how many words there is room for at least
    SharedMap(Team team, long slots) {
        ranks = team.size();
        slotsPerRank = slots / ranks + 1;
        map = team.openWindow(WindowSpec.ofBytes(SLOT * slotsPerRank).named("map"));
    }

    /// Adds words, which are not longer than [#LONGEST].
    void addAll(List<String> words) {
        try (Access access = map.lockAll()) {
            for (String word : words) {
                add(access, word);
            }
        }
    }

    private void add(Access access, String word) {
        long hash = hash(word);
        long slots = slotsPerRank * ranks;
        long slot = Long.remainderUnsigned(hash, slots);
        while (true) {
            int owner = (int) (slot / slotsPerRank);
            long offset = slot % slotsPerRank * SLOT;
            long found = access.compareAndExchange(owner, offset + HASH, 0, hash);
            if (found == 0) {
                access.put(owner, offset + TEXT, MemorySegment.ofArray(word.getBytes(ISO_8859_1)));
            }
            if (found == 0 || found == hash) {
                access.fetchAdd(owner, offset + COUNT, 1);
                return;
            }
            slot = (slot + 1) % slots;
        }
    }

    /// A hash of 64 bits, so that two words of a text hardly ever have the same; never 0.
    private static long hash(String word) {
        long hash = 0;
        for (int i = 0; i < word.length(); i++) {
            hash = (hash ^ word.charAt(i)) * 0x9E37_79B9_7F4A_7C15L;
            hash ^= hash >>> 32;
        }
        return hash == 0 ? 1 : hash;
    }

    /// Gets all slots of all ranks, and makes an ordinary map of them.
    Map<String, Long> toMap() {
        Map<String, Long> counts = new HashMap<>();
        try (Access access = map.lockAll();
                Arena arena = Arena.ofConfined()) {
            MemorySegment slots = arena.allocate(SLOT * slotsPerRank, Long.BYTES);
            for (int owner = 0; owner < ranks; owner++) {
                access.get(owner, 0, slots);
                access.flushLocal(owner);
                for (long at = 0; at < slots.byteSize(); at += SLOT) {
                    if (slots.get(ValueLayout.JAVA_LONG, at + HASH) != 0) {
                        byte[] word = slots.asSlice(at + TEXT, LONGEST).toArray(ValueLayout.JAVA_BYTE);
                        counts.merge(
                                new String(word, ISO_8859_1).replace("\0", ""),
                                slots.get(ValueLayout.JAVA_LONG, at + COUNT),
                                Long::sum);
                    }
                }
            }
        }
        return counts;
    }

    /// Collective. Frees the map.
    @Override
    public void close() {
        map.close();
    }
}
