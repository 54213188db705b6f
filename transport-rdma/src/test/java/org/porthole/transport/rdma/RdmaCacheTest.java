package org.porthole.transport.rdma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.porthole.transport.rdma.RdmaCache.Place;

/// Which memory is registered, how long, and for whom.
class RdmaCacheTest {
    private static final int SIZE = 4096;

    private final Arena arena = Arena.ofShared();
    private final List<String> log = new ArrayList<>();
    private boolean refusing;

    private static final class Ledger implements RdmaCache.Registered {
        private final List<String> log;
        private final int key;

        Ledger(List<String> log, int key) {
            this.log = log;
            this.key = key;
        }

        @Override
        public int key() {
            return key;
        }

        @Override
        public void end() {
            log.add("end " + key);
        }
    }

    private RdmaCache cache(int most, long mostBytes) {
        return new RdmaCache(
                (address, byteSize) -> {
                    if (refusing) {
                        log.add("refuse");
                        throw new IOException("no more can be locked");
                    }
                    int key = (int)
                            log.stream().filter(each -> each.startsWith("make")).count();
                    log.add("make " + key);
                    return new Ledger(log, key);
                },
                SIZE,
                most,
                mostBytes);
    }

    private MemorySegment memory() {
        return arena.allocate(SIZE, SIZE);
    }

    /// As another arena's, at the same addresses.
    @SuppressWarnings("restricted")
    private static MemorySegment of(Arena other, MemorySegment memory) {
        return MemorySegment.ofAddress(memory.address()).reinterpret(memory.byteSize(), other, null);
    }

    private static Place take(RdmaCache cache, MemorySegment memory) {
        return cache.take(memory, 0, memory.byteSize());
    }

    private static Place takeTwice(RdmaCache cache, MemorySegment memory) {
        assertThat(take(cache, memory)).isNull();
        return take(cache, memory);
    }

    private static void use(RdmaCache cache, MemorySegment memory) {
        takeTwice(cache, memory).leave();
    }

    @AfterEach
    void closeArena() {
        arena.close();
    }

    @Test
    void shouldRegisterWhatIsSeenAgainAndFindIt() {
        RdmaCache cache = cache(4, 1 << 20);
        MemorySegment memory = memory();
        Place place = takeTwice(cache, memory);
        assertThat(place).isNotNull();
        assertThat(cache.take(memory, 100, 50)).isSameAs(place);
        assertThat(cache.take(memory.asSlice(1000), 0, 96)).isSameAs(place);
        assertThat(log).containsExactly("make 0");
        cache.close();
        assertThat(log).containsExactly("make 0", "end 0");
    }

    @Test
    void shouldNotUseTheRegistrationOfAnotherScopeAtTheSameAddresses() {
        RdmaCache cache = cache(4, 1 << 20);
        MemorySegment memory = memory();
        try (Arena first = Arena.ofShared()) {
            use(cache, of(first, memory));
        }
        try (Arena second = Arena.ofShared()) {
            MemorySegment anew = of(second, memory);
            assertThat(takeTwice(cache, anew).key()).isEqualTo(1);
        }
        assertThat(log).containsExactly("make 0", "end 0", "make 1");
        cache.close();
    }

    @Test
    void shouldLeaveOutWhatMayBeFreedUnseenOrMoved() {
        RdmaCache cache = cache(4, 1 << 20);
        MemorySegment global = MemorySegment.ofAddress(memory().address());
        @SuppressWarnings("restricted")
        MemorySegment unscoped = global.reinterpret(SIZE);
        try (Arena confined = Arena.ofConfined()) {
            MemorySegment own = confined.allocate(SIZE);
            MemorySegment heap = MemorySegment.ofArray(new long[SIZE / Long.BYTES]);
            for (int i = 0; i < 3; i++) {
                assertThat(take(cache, unscoped)).isNull();
                assertThat(take(cache, own)).isNull();
                assertThat(take(cache, heap)).isNull();
            }
        }
        assertThat(log).isEmpty();
        assertThat(cache(0, 1 << 20).isLong(Long.MAX_VALUE - 1)).isFalse();
    }

    @Test
    void shouldLeaveOutMemoryThatIsClosedAndRejectWhatLeavesIt() {
        RdmaCache cache = cache(4, 1 << 20);
        MemorySegment closed;
        try (Arena closing = Arena.ofShared()) {
            MemorySegment memory = closing.allocate(SIZE);
            use(cache, memory);
            assertThatThrownBy(() -> cache.take(memory, 1, SIZE)).isInstanceOf(IndexOutOfBoundsException.class);
            closed = memory;
        }
        assertThat(take(cache, closed)).isNull();
        cache.close();
    }

    @Test
    void shouldEndTheLeastRecentlyUsed() {
        RdmaCache cache = cache(2, 1 << 20);
        MemorySegment first = memory();
        MemorySegment second = memory();
        use(cache, first);
        use(cache, second);
        take(cache, first).leave();
        use(cache, memory());
        assertThat(log).containsExactly("make 0", "make 1", "end 1", "make 2");
        take(cache, first).leave();
        cache.close();
    }

    @Test
    void shouldKeepToItsBoundInBytes() {
        RdmaCache cache = cache(10, 2 * SIZE);
        use(cache, memory());
        use(cache, memory());
        use(cache, memory());
        assertThat(log).containsExactly("make 0", "make 1", "end 0", "make 2");
        assertThat(takeTwice(cache, arena.allocate(3 * SIZE, SIZE))).isNull();
        cache.close();
    }

    @Test
    void shouldNotEndWhatIsInUse() {
        RdmaCache cache = cache(1, 1 << 20);
        Place used = takeTwice(cache, memory());
        used.enter();
        used.leave();
        MemorySegment other = memory();
        assertThat(takeTwice(cache, other)).isNull();
        cache.clear();
        assertThat(log).containsExactly("make 0");
        used.leave();
        assertThat(takeTwice(cache, other)).isNotNull();
        assertThat(log).containsExactly("make 0", "end 0", "make 1");
        cache.close();
    }

    @Test
    void shouldAskNoMoreForAWhileWhenTheSystemHasRefused() {
        RdmaCache cache = cache(4, 1 << 20);
        refusing = true;
        MemorySegment memory = memory();
        for (int i = 0; i < 100; i++) {
            assertThat(take(cache, memory)).isNull();
        }
        assertThat(log).containsExactly("refuse");
        refusing = false;
        for (int i = 0; i < 3000 && cache.size() == 0; i++) {
            Place place = take(cache, memory);
            if (place != null) {
                place.leave();
            }
        }
        assertThat(cache.size()).isEqualTo(1);
        cache.close();
    }

    @Test
    void shouldRegisterNoMoreThanABlockAtOnce() {
        RdmaCache cache = cache(4, 1L << 30);
        MemorySegment memory = arena.allocate(2 * RdmaCache.BLOCK, SIZE);
        long first = RdmaCache.reach(memory.address(), memory.byteSize());
        assertThat(first).isLessThanOrEqualTo(RdmaCache.BLOCK);
        Place place = cache.take(memory, 0, first);
        assertThat(place).isNull();
        place = cache.take(memory, 0, first);
        assertThat(cache.take(memory, first - SIZE, SIZE)).isSameAs(place);
        assertThat(cache.take(memory, first, SIZE)).isNull();
        assertThat(cache.take(memory, first, SIZE)).isNotNull().isNotSameAs(place);
        cache.close();
    }
}
