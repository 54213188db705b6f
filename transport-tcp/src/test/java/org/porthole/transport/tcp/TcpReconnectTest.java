package org.porthole.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.porthole.AccessRefusedException;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.PeerFailedException;
import org.porthole.config.Configuration;
import org.porthole.spi.Awaited;
import org.porthole.spi.Endpoint;
import org.porthole.spi.Memory;
import org.porthole.spi.Registration;
import org.porthole.spi.RemoteMemory;
import org.porthole.spi.SignalKind;
import org.porthole.spi.TargetAtomics;
import org.porthole.spi.TransportContext;

/// Connections that are cut again and again: nothing is lost, and nothing is done twice.
@Timeout(120)
class TcpReconnectTest {
    private static final int COUNTER = 0;
    private static final int SIGNALS = 8;
    private static final int SUMS = 64;
    private static final int SUM_BYTES = 4096;
    private static final int DATA = 1 << 16;
    private static final int DATA_BYTES = 1 << 20;
    private static final int LONG = 300_000;
    private static final int SEEDS = Integer.getInteger("porthole.test.cuts", 12);

    private final Queue<String> gone = new ConcurrentLinkedQueue<>();

    private TcpTransport open(int rank, String reconnect) {
        Configuration configuration = Configuration.load(Map.of(), Map.of()).with(TcpOptions.RECONNECT, reconnect);
        return new TcpTransport(new TransportContext(
                rank, 2, configuration, (peer, cause) -> gone.add(peer + ": " + cause), TcpReconnectTest::await));
    }

    private static void await(Awaited awaited) {
        while (!awaited.isReady()) {
            awaited.checkPeers();
            awaited.park(1_000_000);
        }
    }

    /// The target's address as if it listened at the relay.
    private static byte[] by(CuttingRelay relay, TcpTransport target) {
        TcpAddress there = TcpAddress.decode(target.address());
        return new TcpAddress(
                        there.host(),
                        there.nonce(),
                        relay.port(),
                        there.tls(),
                        List.of(InetAddress.ofLiteral("127.0.0.1")))
                .encode();
    }

    @Test
    void shouldDoEverythingOnceThoughItIsCut() throws IOException {
        int cuts = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            int most = seed % 3 == 0 ? 2_000 : seed % 3 == 1 ? 60_000 : 4_000_000;
            try (TcpTransport target = open(1, "30s");
                    CuttingRelay relay =
                            new CuttingRelay(TcpAddress.decode(target.address()).port(), most, seed)) {
                run(target, relay, seed, Math.min(LONG, most / 40));
                cuts += relay.cuts();
            }
            assertThat(gone).as("seed %d", seed).isEmpty();
        }
        assertThat(cuts).isGreaterThan(SEEDS * 2);
    }

    private void run(TcpTransport target, CuttingRelay relay, int seed, int longest) {
        try (Memory memory = target.allocate(DATA + DATA_BYTES, "test");
                Registration registration = target.register(memory, TargetAtomics.of(memory));
                TcpTransport origin = open(0, "30s")) {
            // A connection that is cut in its handshake was never there.
            Endpoint way = origin.connect(1, by(relay, target));
            RemoteMemory remote = attached(way, registration);
            try (Arena arena = Arena.ofShared()) {
                new Program(way, remote, memory.segment(), arena, seed, longest).run();
            }
            relay.cutNoMore();
            way.flush();
            way.close();
        }
    }

    private static RemoteMemory attached(Endpoint way, Registration registration) {
        for (; ; ) {
            try {
                return way.attach(registration.key());
            } catch (org.porthole.TransportException e) {
                assertThat(e).hasMessageContaining("cannot be reached");
            }
        }
    }

    /// Operations of all kinds, beside a model of what they do.
    private static final class Program {
        private final Endpoint way;
        private final RemoteMemory remote;
        private final MemorySegment memory;
        private final Arena arena;
        private final Random random;
        private final byte[] data = new byte[DATA_BYTES];
        /// So that a request gets through before the next cut, now and then.
        private final int longest;
        private final long[] sums = new long[SUM_BYTES / Long.BYTES];
        private long count;
        private long signals;

        Program(Endpoint way, RemoteMemory remote, MemorySegment memory, Arena arena, long seed, int longest) {
            this.longest = longest;
            this.way = way;
            this.remote = remote;
            this.memory = memory;
            this.arena = arena;
            random = new Random(seed);
        }

        void run() {
            MemorySegment fetched = arena.allocate(64 * Long.BYTES, Long.BYTES);
            for (int round = 0; round < 100; round++) {
                long before = count;
                int adds = random.nextInt(8);
                for (int i = 0; i < adds; i++) {
                    MemorySegment result = fetched.asSlice((long) i * Long.BYTES, Long.BYTES);
                    way.fetchAndOp(remote, COUNTER, DataType.LONG, Operator.SUM, 1, result);
                    count++;
                    one();
                }
                MemorySegment got = get();
                way.flush();
                for (int i = 0; i < adds; i++) {
                    assertThat(fetched.getAtIndex(ValueLayout.JAVA_LONG, i)).isEqualTo(before + i);
                }
                assertThat(got.mismatch(MemorySegment.ofArray(data).asSlice(0, got.byteSize())))
                        .isEqualTo(-1);
            }
            assertThat(memory.get(ValueLayout.JAVA_LONG, COUNTER)).isEqualTo(count);
            assertThat(memory.get(ValueLayout.JAVA_LONG, SIGNALS)).isEqualTo(signals);
            assertThat(memory.asSlice(SUMS, SUM_BYTES).mismatch(MemorySegment.ofArray(sums)))
                    .isEqualTo(-1);
            assertThat(memory.asSlice(DATA).mismatch(MemorySegment.ofArray(data)))
                    .isEqualTo(-1);
        }

        private MemorySegment get() {
            MemorySegment into = random.nextBoolean()
                    ? arena.allocate(longest)
                    : MemorySegment.ofArray(new byte[1 + random.nextInt(longest)]);
            way.get(remote, DATA, into, 0, into.byteSize());
            return into;
        }

        private void one() {
            switch (random.nextInt(8)) {
                case 0 -> {
                    way.signal(remote, SIGNALS, SignalKind.ADD, 3);
                    signals += 3;
                }
                case 1, 2 -> add();
                case 3 -> put(longest);
                case 4 -> put(Math.min(9_000, longest));
                default -> put(100);
            }
        }

        private void put(int most) {
            byte[] bytes = new byte[1 + random.nextInt(most)];
            random.nextBytes(bytes);
            int offset = random.nextInt(DATA_BYTES - bytes.length);
            System.arraycopy(bytes, 0, data, offset, bytes.length);
            MemorySegment source = MemorySegment.ofArray(bytes);
            if (random.nextBoolean()) {
                source = arena.allocate(bytes.length).copyFrom(source);
            }
            way.put(remote, DATA + offset, source, 0, bytes.length);
        }

        private void add() {
            long[] operands = new long[1 + random.nextInt(Math.min(sums.length, longest / Long.BYTES))];
            MemorySegment result = random.nextBoolean() ? arena.allocate(operands.length * 8L, 8) : null;
            for (int i = 0; i < operands.length; i++) {
                operands[i] = random.nextLong();
                sums[i] += operands[i];
            }
            way.accumulate(
                    remote,
                    SUMS,
                    DataType.LONG,
                    Operator.SUM,
                    MemorySegment.ofArray(operands),
                    0,
                    operands.length * 8L,
                    result,
                    0);
        }
    }

    /// A target writes as soon as it is told that it was read.
    @Test
    void shouldGetWhatWasThereBeforeTheSignal() throws Exception {
        int rounds = 400;
        int longs = 2_000;
        try (TcpTransport target = open(1, "30s");
                CuttingRelay relay =
                        new CuttingRelay(TcpAddress.decode(target.address()).port(), 60_000, 7);
                Memory memory = target.allocate(DATA + DATA_BYTES, "test");
                Registration registration = target.register(memory, TargetAtomics.of(memory));
                TcpTransport origin = open(0, "30s");
                ExecutorService writer = Executors.newSingleThreadExecutor()) {
            Endpoint way = origin.connect(1, by(relay, target));
            RemoteMemory remote = attached(way, registration);
            AtomicInteger written = new AtomicInteger();
            Future<?> writing = writer.submit(() -> {
                VarHandle word = ValueLayout.JAVA_LONG.varHandle();
                for (int round = 1; round <= rounds; round++) {
                    while ((long) word.getAcquire(memory.segment(), (long) SIGNALS) < round) {
                        if (Thread.interrupted()) {
                            return;
                        }
                        Thread.onSpinWait();
                    }
                    for (int i = 0; i < longs; i++) {
                        memory.segment().set(ValueLayout.JAVA_LONG, DATA + 8L * i, round);
                    }
                    written.setRelease(round);
                }
            });
            try {
                long[] expected = new long[longs];
                MemorySegment got = MemorySegment.ofArray(new long[longs]);
                for (int round = 0; round < rounds; round++) {
                    while (written.getAcquire() < round) {
                        Thread.onSpinWait();
                    }
                    way.get(remote, DATA, got, 0, got.byteSize());
                    way.signal(remote, SIGNALS, SignalKind.ADD, 1);
                    way.flush();
                    Arrays.fill(expected, round);
                    assertThat(got.mismatch(MemorySegment.ofArray(expected)))
                            .as("round %d", round)
                            .isEqualTo(-1);
                }
                writing.get();
            } finally {
                writer.shutdownNow();
            }
            assertThat(relay.cuts()).isGreaterThan(10);
            relay.cutNoMore();
            way.flush();
            way.close();
        }
    }

    /// What is sent again after a cut comes too late as well.
    @Test
    void shouldChangeNothingOnceARegistrationHasEnded() throws Exception {
        int endings = 40;
        try (TcpTransport target = open(1, "30s");
                CuttingRelay relay =
                        new CuttingRelay(TcpAddress.decode(target.address()).port(), 200_000, 11);
                Memory memory = target.allocate(LONG, "test");
                TcpTransport origin = open(0, "30s");
                Arena arena = Arena.ofShared()) {
            Endpoint way = origin.connect(1, by(relay, target));
            MemorySegment bytes = arena.allocate(5_000, 8); // whole requests must fit between two cuts
            for (int ending = 0; ending < endings; ending++) {
                Registration registration = target.register(memory, TargetAtomics.of(memory));
                RemoteMemory remote = attached(way, registration);
                AtomicInteger rounds = new AtomicInteger();
                Thread putting = Thread.ofPlatform().start(() -> hammer(way, remote, bytes, rounds));
                while (rounds.get() <= ending % 4 && putting.isAlive()) {
                    Thread.onSpinWait();
                }
                registration.close();
                byte[] atEnd = memory.segment().toArray(ValueLayout.JAVA_BYTE);
                putting.join();
                assertThat(rounds.get()).as("refused").isNegative();
                assertThat(memory.segment().mismatch(MemorySegment.ofArray(atEnd)))
                        .isEqualTo(-1);
            }
            assertThat(relay.cuts()).isGreaterThan(endings / 4);
            assertThat(gone).isEmpty();
            relay.cutNoMore();
            way.close();
        }
    }

    private static void hammer(Endpoint way, RemoteMemory remote, MemorySegment bytes, AtomicInteger rounds) {
        MemorySegment before = MemorySegment.ofArray(new long[1]);
        try {
            for (; ; ) {
                bytes.fill((byte) rounds.incrementAndGet());
                way.put(remote, 0, bytes, 0, bytes.byteSize());
                way.fetchAndOp(remote, 8, DataType.LONG, Operator.SUM, 1, before);
                way.get(remote, 0, bytes, 0, 4096);
                way.flush();
            }
        } catch (AccessRefusedException e) {
            rounds.set(-1);
        }
    }

    @Test
    void shouldFailWhenAPeerStaysAway() throws IOException {
        try (TcpTransport target = open(1, "300ms");
                Memory memory = target.allocate(64, "test");
                Registration registration = target.register(memory, TargetAtomics.of(memory));
                CuttingRelay relay =
                        new CuttingRelay(TcpAddress.decode(target.address()).port(), Integer.MAX_VALUE, 1);
                TcpTransport origin = open(0, "300ms")) {
            Endpoint way = origin.connect(1, by(relay, target));
            RemoteMemory remote = way.attach(registration.key());
            relay.falloff();
            way.put(remote, 8, MemorySegment.ofArray(new long[] {1}), 0, 8);
            assertThatThrownBy(way::flush)
                    .isInstanceOf(PeerFailedException.class)
                    .hasMessageContainingAll("rank 1", "could not be reached again within 300 ms");
            while (gone.isEmpty()) {
                Thread.onSpinWait(); // it is told of after whoever waits is
            }
            assertThat(gone).allMatch(each -> each.contains("could not be reached again"));
        }
    }

    @Test
    void shouldKnowAPeerForDeadThatListensNoMore() throws IOException {
        try (TcpTransport target = open(1, "1h");
                Memory memory = target.allocate(64, "test");
                Registration registration = target.register(memory, TargetAtomics.of(memory));
                TcpTransport origin = open(0, "1h")) {
            CuttingRelay relay =
                    new CuttingRelay(TcpAddress.decode(target.address()).port(), Integer.MAX_VALUE, 1);
            Endpoint way = origin.connect(1, by(relay, target));
            RemoteMemory remote = way.attach(registration.key());
            relay.close();
            way.put(remote, 8, MemorySegment.ofArray(new long[] {1}), 0, 8);
            assertThatThrownBy(way::flush)
                    .isInstanceOf(PeerFailedException.class)
                    .hasMessageContainingAll("rank 1", "nothing listens there any more");
        }
    }
}
