package org.porthole.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.porthole.transport.tcp.TcpWire.INT;
import static org.porthole.transport.tcp.TcpWire.LONG;
import static org.porthole.transport.tcp.TcpWire.REQUEST;
import static org.porthole.transport.tcp.TcpWire.RESPONSE;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.config.Configuration;
import org.porthole.spi.Memory;
import org.porthole.spi.Registration;
import org.porthole.spi.SignalKind;
import org.porthole.spi.TargetAtomics;
import org.porthole.spi.TransportContext;

/// Members that send what no member would: their connection ends with a word about the protocol, and nothing else happens.
@Timeout(600)
@Tag("fuzz")
@SuppressWarnings("EnumOrdinal") // they travel so
class TcpFuzzTest {
    /// Says how many streams of requests, and of answers, are tried: `-Pfuzz` for many.
    private static final int STREAMS = Integer.getInteger("porthole.test.streams", 100_000);

    private static final int MOST_FRAMES = 5;
    private static final int STREAM = MOST_FRAMES * (REQUEST + TcpConnection.WHOLE);
    private static final int GUARDED = 6000;
    private static final int GUARD_BYTES = 4096;
    private static final byte GUARD = 0x5a;
    /// A connection with its tables, an exception with its stack; never what a length on the wire says.
    private static final long MOST_ALLOCATED = 256 << 10;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final List<String> causes = new ArrayList<>();
    private final Arena arena = Arena.ofShared();
    private final MemorySegment all = arena.allocate(GUARDED + 2L * GUARD_BYTES, Long.BYTES);
    private final MemorySegment staging = arena.allocate(TcpConnection.STAGED, Long.BYTES);
    private final MemorySegment stream = arena.allocate(2L * MOST_FRAMES * (REQUEST + GUARDED), Long.BYTES);
    private final TcpTransport transport = new TcpTransport(new TransportContext(
            1,
            2,
            Configuration.load(Map.of(), Map.of()).with(TcpOptions.RECONNECT, "0s"),
            (peer, cause) -> causes.add(cause),
            awaited -> {}));

    private final Logger log = Logger.getLogger(TcpTransport.class.getName());

    @BeforeEach
    void beSilent() {
        log.setLevel(Level.OFF); // a line for each stream, or nearly
    }

    @AfterEach
    void close() {
        log.setLevel(null);
        transport.close();
        arena.close();
    }

    /// A window in the middle of guards.
    private record Guarded(MemorySegment segment) implements Memory {
        @Override
        public void park(long offset, int expected, long timeoutNs) {}

        @Override
        public boolean isParkFencing() {
            return false;
        }

        @Override
        public void unpark(long offset) {}

        @Override
        public void close() {}
    }

    private void requireGuards(long seed) {
        for (int i = 0; i < GUARD_BYTES; i++) {
            if (all.get(ValueLayout.JAVA_BYTE, i) != GUARD
                    || all.get(ValueLayout.JAVA_BYTE, (long) GUARD_BYTES + GUARDED + i) != GUARD) {
                throw new AssertionError("seed " + seed + " has written outside of the window");
            }
        }
    }

    private void requireCleanEnds(long seed) {
        for (String each : causes) {
            assertThat(each).as("seed %d", seed).matches("it broke the protocol: .*|it has left the job");
        }
        causes.clear();
    }

    private static void requireFrugal(long before, int streams) {
        assertThat((THREADS.getCurrentThreadAllocatedBytes() - before) / streams)
                .isLessThan(MOST_ALLOCATED);
    }

    /// Changes some bytes, or the length.
    private static long spoil(Random random, MemorySegment frames, long length) {
        long left = length;
        for (int i = random.nextInt(4); i > 0 && left > 0; i--) {
            long at = random.nextLong(left);
            switch (random.nextInt(5)) {
                case 0 -> frames.set(ValueLayout.JAVA_BYTE, at, (byte) random.nextInt());
                case 1 ->
                    frames.set(ValueLayout.JAVA_BYTE, at, (byte)
                            (frames.get(ValueLayout.JAVA_BYTE, at) ^ (1 << random.nextInt(8))));
                case 2 -> frames.set(LONG, at & -Long.BYTES, edge(random));
                case 3 -> {
                    MemorySegment.copy(frames, at, frames, at + 1, left - at);
                    left++;
                }
                default -> left = at;
            }
        }
        return left;
    }

    private static long edge(Random random) {
        long base = switch (random.nextInt(6)) {
            case 0 -> 0;
            case 1 -> Long.MIN_VALUE;
            case 2 -> Long.MAX_VALUE;
            case 3 -> Integer.MAX_VALUE;
            case 4 -> GUARDED;
            default -> 1L << random.nextInt(63);
        };
        return base + random.nextInt(-9, 10);
    }

    @Test
    void shouldRefuseRequestsThatAreNone() {
        all.fill(GUARD);
        Memory memory = new Guarded(all.asSlice(GUARD_BYTES, GUARDED));
        MemorySegment out = arena.allocate(TcpTarget.OUT, Long.BYTES);
        try (Registration registration = transport.register(memory, TargetAtomics.of(memory))) {
            long key = ByteBuffer.wrap(registration.key().bytes()).getLong();
            long before = THREADS.getCurrentThreadAllocatedBytes();
            int ended = 0;
            for (int seed = 0; seed < STREAMS; seed++) {
                Random random = new Random(seed);
                long length = spoil(random, stream, requests(random, key));
                FickleSocket socket = new FickleSocket(stream.asSlice(0, length), random, sent -> {});
                TcpTarget target = new TcpTarget(transport, socket, 0, staging, out);
                socket.driveToTheEnd(target);
                ended += target.isOpen() ? 0 : 1;
                requireCleanEnds(seed);
                assertThat(socket.taken()).isLessThan((long) STREAM * 64 + (long) MOST_FRAMES * (GUARDED + RESPONSE));
                if (seed % 64 == 0) {
                    requireGuards(seed);
                }
            }
            requireGuards(STREAMS);
            requireFrugal(before, STREAMS);
            assertThat(ended).isBetween(STREAMS / 10, STREAMS - STREAMS / 10);
        }
    }

    /// Writes a few requests that are right.
    private long requests(Random random, long key) {
        long at = 0;
        for (int i = 1 + random.nextInt(MOST_FRAMES); i > 0; i--) {
            int kind = TcpWire.PUT + random.nextInt(TcpWire.ATTACH - TcpWire.PUT + 1);
            DataType type = DataType.LONG;
            Operator op = Operator.values()[random.nextInt(Operator.values().length)];
            int length = switch (kind) {
                case TcpWire.FETCH, TcpWire.SIGNAL, TcpWire.ATTACH -> Long.BYTES;
                case TcpWire.EXCHANGE -> 2 * Long.BYTES;
                case TcpWire.FLUSH -> 0;
                default -> Long.BYTES * random.nextInt(random.nextBoolean() ? 4 : 500);
            };
            int operator = kind == TcpWire.SIGNAL ? random.nextInt(SignalKind.values().length) : op.ordinal();
            stream.set(LONG, at, kind | (type.ordinal() << Byte.SIZE) | ((long) operator << (2 * Byte.SIZE)));
            stream.set(LONG, at + TcpWire.KEY, key);
            stream.set(LONG, at + TcpWire.OFFSET, Long.BYTES * random.nextLong((GUARDED - length) / Long.BYTES));
            stream.set(LONG, at + TcpWire.LENGTH, length);
            at += REQUEST;
            if (kind != TcpWire.GET) {
                at += length;
            }
        }
        return at;
    }

    @Test
    void shouldRefuseAnswersThatAreNone() {
        all.fill(GUARD);
        MemorySegment destination = all.asSlice(GUARD_BYTES, GUARDED);
        MemorySegment ring = arena.allocate(TcpOrigin.RING, Long.BYTES);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        int ended = 0;
        for (int seed = 0; seed < STREAMS; seed++) {
            Random random = new Random(seed);
            int[] lengths = random.ints(1 + random.nextInt(MOST_FRAMES), 0, random.nextBoolean() ? 64 : GUARDED)
                    .toArray();
            long length = spoil(random, stream, answers(lengths));
            FickleSocket socket = new FickleSocket(stream.asSlice(0, length), random, sent -> {});
            TcpOrigin origin = new TcpOrigin(transport, socket, 0, staging, ring);
            for (int each : lengths) {
                origin.begin(TcpWire.GET, 0, 0, 1, 0, each);
                origin.expect(destination, random.nextInt(GUARDED - each), each, false);
                origin.publish();
            }
            socket.driveToTheEnd(origin);
            ended += origin.isOpen() ? 0 : 1;
            requireCleanEnds(seed);
            if (seed % 64 == 0) {
                requireGuards(seed);
            }
        }
        requireGuards(STREAMS);
        requireFrugal(before, STREAMS);
        assertThat(ended).isBetween(STREAMS / 10, STREAMS - STREAMS / 10);
    }

    /// Writes the answers to gets of these lengths.
    private long answers(int... lengths) {
        long at = 0;
        for (int i = 0; i < lengths.length; i++) {
            stream.set(LONG, at, TcpWire.DATA);
            stream.set(INT, at + TcpWire.RESPONSE_LENGTH, lengths[i]);
            stream.set(LONG, at + TcpWire.CARRIED_OUT, i + 1);
            at += RESPONSE + lengths[i];
        }
        return at;
    }
}
