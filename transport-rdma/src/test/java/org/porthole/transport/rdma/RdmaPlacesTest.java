package org.porthole.transport.rdma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.porthole.AccessRefusedException;
import org.porthole.transport.rdma.RdmaPair.Shared;

/// Long payloads that the adapter moves from and to the caller's own memory.
@Tag("verbs")
class RdmaPlacesTest {
    private static final int SIZE = 3 << 19;

    @BeforeEach
    void requireDevice() {
        RdmaPair.requireDevice();
    }

    private static void fill(MemorySegment memory, long seed) {
        for (long i = 0; i < memory.byteSize() / Long.BYTES; i++) {
            memory.setAtIndex(ValueLayout.JAVA_LONG, i, seed * 1_000_003 + i);
        }
    }

    private static void putAll(RdmaPair pair, Shared to, MemorySegment source) {
        pair.endpoint.put(to.remote(), 0, source, 0, source.byteSize());
    }

    private static void getAll(RdmaPair pair, Shared from, MemorySegment destination) {
        pair.endpoint.get(from.remote(), 0, destination, 0, destination.byteSize());
    }

    private static void requireSame(Shared shared, MemorySegment other) {
        assertThat(shared.memory().segment().asSlice(0, other.byteSize()).mismatch(other))
                .isEqualTo(-1);
    }

    @Test
    void shouldMoveLongPayloadsBothWays() {
        try (RdmaPair pair = new RdmaPair(RdmaPair.SETTINGS.with(RdmaOptions.REGISTRATION, "1m"));
                Arena arena = Arena.ofShared()) {
            Shared shared = pair.share(SIZE);
            MemorySegment source = arena.allocate(SIZE, 8).asSlice(8);
            MemorySegment back = arena.allocate(SIZE - 8, 8);
            for (int round = 0; round < 4; round++) {
                fill(source, round);
                putAll(pair, shared, source);
                pair.endpoint.flush();
                requireSame(shared, source);
                back.fill((byte) 0);
                getAll(pair, shared, back);
                pair.endpoint.flush();
                assertThat(back.mismatch(source)).isEqualTo(-1);
            }
            assertThat(pair.origin.cache().size()).isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void shouldLeaveTheSourceToItsOwnerOnceItIsLocallyComplete() {
        try (RdmaPair pair = new RdmaPair(RdmaPair.SETTINGS);
                Arena arena = Arena.ofShared()) {
            Shared shared = pair.share(SIZE);
            Shared goes = pair.share(64);
            goes.registration().close();
            MemorySegment source = arena.allocate(SIZE, 8);
            MemorySegment expected = arena.allocate(SIZE, 8);
            for (int round = 0; round < 6; round++) {
                fill(source, round);
                expected.copyFrom(source);
                if (round % 2 == 0) {
                    putAll(pair, shared, source);
                    pair.endpoint.flushLocal();
                } else {
                    pair.put(goes, 0, 1); // so that the next one is posted again, from its source
                    putAll(pair, shared, source);
                    assertThatThrownBy(pair.endpoint::flushLocal).isInstanceOf(AccessRefusedException.class);
                }
                source.fill((byte) 0x55);
                pair.endpoint.flush();
                requireSame(shared, expected);
            }
        }
    }

    @Test
    void shouldMoveTheNewBytesOfMemoryThatIsMappedAnew() throws Throwable {
        try (RdmaPair pair = new RdmaPair(RdmaPair.SETTINGS)) {
            Shared shared = pair.share(SIZE);
            long address = Mapped.map(0, SIZE);
            try {
                for (int round = 0; round < 4; round++) {
                    try (Arena arena = Arena.ofShared()) {
                        MemorySegment memory = Mapped.at(address, SIZE, arena);
                        for (int use = 0; use < 3; use++) {
                            fill(memory, 10L * round + use);
                            putAll(pair, shared, memory);
                            pair.endpoint.flush();
                            requireSame(shared, memory);
                            fill(shared.memory().segment(), 10L * round + use + 5);
                            getAll(pair, shared, memory);
                            pair.endpoint.flush();
                            requireSame(shared, memory);
                        }
                    }
                    Mapped.unmap(address, SIZE);
                    assertThat(Mapped.map(address, SIZE)).isEqualTo(address);
                }
                assertThat(pair.origin.cache().size()).isPositive();
            } finally {
                Mapped.unmap(address, SIZE);
            }
        }
    }

    @Test
    void shouldRegisterInTurnWhatExceedsTheBound() {
        try (RdmaPair pair = new RdmaPair(RdmaPair.SETTINGS.with(RdmaOptions.CACHE_ENTRIES, "1"));
                Arena arena = Arena.ofShared()) {
            int each = SIZE / 3;
            Shared shared = pair.share(SIZE);
            MemorySegment[] sources = new MemorySegment[3];
            for (int i = 0; i < sources.length; i++) {
                sources[i] = arena.allocate(each, 8);
            }
            for (int round = 0; round < 6; round++) {
                for (int i = 0; i < sources.length; i++) {
                    fill(sources[i], 3L * round + i);
                    for (int use = 0; use < 2; use++) {
                        pair.endpoint.put(shared.remote(), (long) i * each, sources[i], 0, each);
                    }
                }
                pair.endpoint.flush();
                for (int i = 0; i < sources.length; i++) {
                    assertThat(shared.memory()
                                    .segment()
                                    .asSlice((long) i * each, each)
                                    .mismatch(sources[i]))
                            .isEqualTo(-1);
                }
                assertThat(pair.origin.cache().size()).isLessThanOrEqualTo(1);
            }
        }
    }

    @Test
    void shouldGoOnBehindARefusedWrite() {
        try (RdmaPair pair = new RdmaPair(RdmaPair.SETTINGS);
                Arena arena = Arena.ofShared()) {
            Shared stays = pair.share(SIZE);
            Shared goes = pair.share(64);
            goes.registration().close();
            MemorySegment source = arena.allocate(SIZE, 8);
            MemorySegment back = arena.allocate(SIZE, 8);
            for (int round = 0; round < 4; round++) {
                fill(source, round);
                pair.put(goes, 0, 1);
                putAll(pair, stays, source);
                pair.endpoint.fence();
                getAll(pair, stays, back);
                assertThatThrownBy(pair.endpoint::flush).isInstanceOf(AccessRefusedException.class);
                pair.endpoint.flush();
                requireSame(stays, source);
                assertThat(back.mismatch(source)).isEqualTo(-1);
            }
            assertThat(pair.origin.cache().size()).isEqualTo(2);
            pair.endpoint.close();
            pair.origin.cache().clear();
            assertThat(pair.origin.cache().size()).isZero();
        }
    }

    @Test
    void shouldAllocateNothingOnceWarm() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (RdmaPair pair = new RdmaPair(RdmaPair.SETTINGS);
                Arena arena = Arena.ofShared()) {
            Shared shared = pair.share(SIZE);
            MemorySegment memory = arena.allocate(64 << 10, 8);
            int operations = 300;
            long allocated = Long.MAX_VALUE;
            for (int round = 0; round < 10 && allocated >= operations; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < operations; i++) {
                    putAll(pair, shared, memory);
                    getAll(pair, shared, memory);
                    pair.endpoint.flush();
                }
                allocated = threads.getCurrentThreadAllocatedBytes() - before;
            }
            assertThat(allocated).isLessThan(operations);
        }
    }

    /// Memory whose pages are replaced.
    @SuppressWarnings("restricted")
    private static final class Mapped {
        private static final int READ_WRITE = 3;
        private static final int PRIVATE_ANONYMOUS = 0x22;
        private static final int FIXED_NOREPLACE = 0x100000;
        private static final Linker LINKER = Linker.nativeLinker();
        private static final MethodHandle MMAP = LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow("mmap"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_LONG));
        private static final MethodHandle MUNMAP = LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow("munmap"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));

        private Mapped() {}

        static long map(long address, long byteSize) throws Throwable {
            int flags = PRIVATE_ANONYMOUS | (address == 0 ? 0 : FIXED_NOREPLACE);
            return (long) MMAP.invokeExact(address, byteSize, READ_WRITE, flags, -1, 0L);
        }

        static void unmap(long address, long byteSize) throws Throwable {
            assertThat((int) MUNMAP.invokeExact(address, byteSize)).isZero();
        }

        static MemorySegment at(long address, long byteSize, Arena arena) {
            return MemorySegment.ofAddress(address).reinterpret(byteSize, arena, null);
        }
    }
}
