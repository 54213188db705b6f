package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.TransportException;
import org.porthole.spi.Availability;
import org.porthole.spi.Elements;
import org.porthole.spi.Endpoint;
import org.porthole.spi.Memory;
import org.porthole.spi.Reach;
import org.porthole.spi.Registration;
import org.porthole.spi.RemoteKey;
import org.porthole.spi.RemoteMemory;
import org.porthole.spi.SignalKind;
import org.porthole.spi.TargetAtomics;
import org.porthole.spi.Transport;
import org.porthole.spi.TransportProvider;

/// What the runtime relies on a transport for, tested without the runtime.
public abstract class SpiContract extends TransportContract {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final int MOST_ADDRESS_BYTES = 128;
    private static final int PAGE = 4096;
    private static final int GUARD = 0x5a;
    private static final int ACCUMULATED = 48;

    /// For transports.
    protected SpiContract() {}

    private SpiPair pair(long byteSize) {
        return new SpiPair(transport(), configuration(), byteSize);
    }

    private Transport openTransport() {
        return SpiPair.open(SpiPair.provider(transport()), 0, configuration());
    }

    @Test
    void shouldDescribeItself() {
        TransportProvider provider = SpiPair.provider(transport());
        assertThat(provider.name()).isEqualTo(transport()).isLowerCase();
        assertThat(provider.scope()).isNotNull();
        assertThat(provider.availability()).isInstanceOf(Availability.Available.class);
        assertThat(provider.options().rows()).allSatisfy(row -> {
            assertThat(row.key()).startsWith("porthole.");
            assertThat(row.sentence()).endsWith(".");
        });
    }

    @Test
    void shouldReachItsLike() {
        try (SpiPair pair = pair(8)) {
            assertThat(pair.target.address()).hasSizeBetween(1, MOST_ADDRESS_BYTES);
            assertThat(pair.registration.key().bytes()).hasSizeBetween(1, RemoteKey.MAX_BYTES);
            assertThat(pair.origin.reach(pair.target.address())).isInstanceOfSatisfying(Reach.Reachable.class, yes -> {
                assertThat(yes.latencyNs()).isPositive();
                assertThat(yes.bytesPerSecond()).isPositive();
            });
            assertThat(pair.target.reach(pair.origin.address())).isInstanceOf(Reach.Reachable.class);
            assertThat(pair.remote.byteSize()).isGreaterThanOrEqualTo(8);
            assertThat(pair.remote.mapped().isPresent())
                    .isEqualTo(pair.origin.capabilities().loadStore());
        }
    }

    @Test
    void shouldAllocateZeroedPages() {
        try (Transport transport = openTransport()) {
            for (int size : new int[] {0, 1, 100, PAGE, PAGE + 1, 3 << 20}) {
                try (Memory memory = transport.allocate(size, "size " + size)) {
                    MemorySegment segment = memory.segment();
                    assertThat(segment.byteSize()).isGreaterThanOrEqualTo(size);
                    assertThat(segment.address() % PAGE).isZero();
                    assertThat(segment.mismatch(MemorySegment.ofArray(new byte[(int) segment.byteSize()])))
                            .isEqualTo(-1);
                    assertThat(segment.isAccessibleBy(Thread.ofPlatform().unstarted(() -> {})))
                            .as("all threads may use it")
                            .isTrue();
                    segment.fill((byte) GUARD);
                }
            }
        }
    }

    @Test
    void shouldPutAndGet() {
        try (SpiPair pair = pair(1000)) {
            Endpoint endpoint = pair.endpoint;
            byte[] bytes = randomBytes(500, 1);
            endpoint.put(pair.remote, 7, MemorySegment.ofArray(bytes), 100, 300);
            endpoint.flush();
            byte[] expected = new byte[1000];
            System.arraycopy(bytes, 100, expected, 7, 300);
            assertThat(pair.memory.segment().asSlice(0, 1000).toArray(ValueLayout.JAVA_BYTE))
                    .isEqualTo(expected);

            byte[] back = filled(400, GUARD);
            endpoint.get(pair.remote, 7, MemorySegment.ofArray(back), 50, 300);
            endpoint.flush();
            byte[] expectedBack = filled(400, GUARD);
            System.arraycopy(bytes, 100, expectedBack, 50, 300);
            assertThat(back).isEqualTo(expectedBack);
        }
    }

    @Test
    void shouldOperateAtomically() {
        try (SpiPair pair = pair(64)) {
            MemorySegment result = MemorySegment.ofArray(new long[1]);
            MemorySegment memory = pair.memory.segment();
            for (Operator op : Operator.values()) {
                memory.set(LONG, 8, -7);
                pair.endpoint.fetchAndOp(pair.remote, 8, DataType.LONG, op, 1L << 40, result);
                pair.endpoint.flush();
                assertThat(result.get(LONG, 0)).isEqualTo(-7);
                assertThat(memory.get(LONG, 8)).as("long %s", op).isEqualTo(op.apply(-7L, 1L << 40));

                memory.set(LONG, 8, -7);
                pair.endpoint.fetchAndOp(pair.remote, 8, DataType.INT, op, 3L << 32 | 5, result);
                pair.endpoint.flush();
                assertThat(result.get(LONG, 0)).as("sign-extended").isEqualTo(-7);
                assertThat(memory.get(ValueLayout.JAVA_INT, 8)).as("int %s", op).isEqualTo((int) op.apply(-7L, 5));
                assertThat(memory.get(ValueLayout.JAVA_INT, 12)).isEqualTo(-1);
            }
        }
    }

    @Test
    void shouldExchange() {
        try (SpiPair pair = pair(64)) {
            MemorySegment result = MemorySegment.ofArray(new long[1]);
            MemorySegment memory = pair.memory.segment();
            memory.set(LONG, 16, 5);
            pair.endpoint.compareAndExchange(pair.remote, 16, DataType.LONG, 4, 9, result);
            pair.endpoint.flush();
            assertThat(result.get(LONG, 0)).isEqualTo(5);
            assertThat(memory.get(LONG, 16)).isEqualTo(5);
            pair.endpoint.compareAndExchange(pair.remote, 16, DataType.LONG, 5, -9, result);
            pair.endpoint.flush();
            assertThat(result.get(LONG, 0)).isEqualTo(5);
            assertThat(memory.get(LONG, 16)).isEqualTo(-9);
            pair.endpoint.compareAndExchange(pair.remote, 16, DataType.INT, -9, 3L << 32 | 1, result);
            pair.endpoint.flush();
            assertThat(result.get(LONG, 0)).as("sign-extended").isEqualTo(-9);
            assertThat(memory.get(ValueLayout.JAVA_INT, 16)).isEqualTo(1);
            assertThat(memory.get(ValueLayout.JAVA_INT, 20)).isEqualTo(-1);
        }
    }

    @Test
    void shouldAccumulateEveryTypeAtEveryPlace() {
        try (SpiPair pair = pair(ACCUMULATED)) {
            for (DataType type : DataType.values()) {
                for (Operator op : Operator.values()) {
                    if (op.isDefinedFor(type)) {
                        accumulate(pair, type, op);
                    }
                }
            }
        }
    }

    private static void accumulate(SpiPair pair, DataType type, Operator op) {
        byte[] before = randomNumbers(ACCUMULATED, type.byteSize());
        byte[] operands = randomNumbers(ACCUMULATED + 1, op.name().length());
        MemorySegment model = MemorySegment.ofArray(before.clone());
        int from = type.byteSize();
        int length = ACCUMULATED - 2 * from;
        Elements.combine(type, op, model, from, MemorySegment.ofArray(operands), 1, length);
        pair.memory.segment().copyFrom(MemorySegment.ofArray(before));
        MemorySegment result = MemorySegment.ofArray(filled(ACCUMULATED + 3, GUARD));

        pair.endpoint.accumulate(pair.remote, from, type, op, MemorySegment.ofArray(operands), 1, length, result, 3);
        pair.endpoint.flush();

        byte[] expectedResult = filled(ACCUMULATED + 3, GUARD);
        System.arraycopy(before, from, expectedResult, 3, length);
        assertThat(result.toArray(ValueLayout.JAVA_BYTE))
                .as("%s %s before", type, op)
                .isEqualTo(expectedResult);
        assertThat(pair.memory.segment().asSlice(0, ACCUMULATED).toArray(ValueLayout.JAVA_BYTE))
                .as("%s %s after", type, op)
                .isEqualTo(model.toArray(ValueLayout.JAVA_BYTE));
    }

    @Test
    void shouldSignalAfterEverythingBefore() {
        try (SpiPair pair = pair(64)) {
            MemorySegment value = MemorySegment.ofArray(new long[] {11});
            pair.endpoint.put(pair.remote, 0, value, 0, Long.BYTES);
            pair.endpoint.signal(pair.remote, 8, SignalKind.SET, 5);
            pair.endpoint.signal(pair.remote, 8, SignalKind.ADD, -7);
            awaitWord(pair, 8, -2);
            assertThat(pair.memory.segment().get(LONG, 0)).isEqualTo(11);
        }
    }

    private static void awaitWord(SpiPair pair, long offset, long value) {
        while ((long) LONG.varHandle().getAcquire(pair.memory.segment(), offset) != value) {
            Thread.onSpinWait();
        }
    }

    @Test
    void shouldTellByTicketsWhatIsComplete() {
        try (SpiPair pair = pair(64)) {
            Endpoint endpoint = pair.endpoint;
            assertThat(endpoint.isComplete(endpoint.started())).isTrue();
            MemorySegment back = MemorySegment.ofArray(new long[1]);
            for (long round = 1; round <= 100; round++) {
                endpoint.put(pair.remote, 16, MemorySegment.ofArray(new long[] {round}), 0, Long.BYTES);
                long put = endpoint.started();
                while (!endpoint.isComplete(put)) {
                    Thread.onSpinWait();
                }
                assertThat((long) LONG.varHandle().getAcquire(pair.memory.segment(), 16))
                        .isEqualTo(round);
                endpoint.get(pair.remote, 16, back, 0, Long.BYTES);
                long get = endpoint.started();
                assertThat(get).isGreaterThanOrEqualTo(put);
                while (!endpoint.isLocallyComplete(get)) {
                    Thread.onSpinWait();
                }
                assertThat(back.get(LONG, 0)).isEqualTo(round);
            }
        }
    }

    @Test
    void shouldKeepTheSidesOfAFenceApart() {
        int count = 200;
        try (SpiPair pair = pair(8)) {
            MemorySegment values = MemorySegment.ofArray(new long[count]);
            for (int i = 0; i < count; i++) {
                values.set(LONG, 8L * i, i);
                pair.endpoint.put(pair.remote, 0, values, 8L * i, Long.BYTES);
                pair.endpoint.fence();
            }
            pair.endpoint.flush();
            assertThat(pair.memory.segment().get(LONG, 0)).isEqualTo(count - 1);
        }
    }

    @Test
    void shouldMakeSourcesReusableByALocalFlush() {
        try (SpiPair pair = pair(80)) {
            MemorySegment source = MemorySegment.ofArray(new long[1]);
            for (int i = 0; i < 10; i++) {
                source.set(LONG, 0, i + 1);
                pair.endpoint.put(pair.remote, 8L * i, source, 0, Long.BYTES);
                pair.endpoint.flushLocal();
            }
            source.set(LONG, 0, -1);
            pair.endpoint.flush();
            for (int i = 0; i < 10; i++) {
                assertThat(pair.memory.segment().get(LONG, 8L * i)).isEqualTo(i + 1);
            }
        }
    }

    @Test
    void shouldDoManyOperationsBeforeOneFlush() {
        int count = 1000;
        try (SpiPair pair = pair(8L * count + 8)) {
            MemorySegment sources = MemorySegment.ofArray(new long[count]);
            MemorySegment results = MemorySegment.ofArray(new long[count]);
            for (int i = 0; i < count; i++) {
                sources.set(LONG, 8L * i, i);
                pair.endpoint.put(pair.remote, 8L * i, sources, 8L * i, 8);
                pair.endpoint.fetchAndOp(
                        pair.remote, 8L * count, DataType.LONG, Operator.SUM, 1, results.asSlice(8L * i, 8));
            }
            pair.endpoint.flush();
            for (int i = 0; i < count; i++) {
                assertThat(pair.memory.segment().get(LONG, 8L * i)).isEqualTo(i);
                assertThat(results.get(LONG, 8L * i)).as("in order").isEqualTo(i);
            }
        }
    }

    @Test
    void shouldRefuseAddressesThatAreNone() {
        try (Transport transport = openTransport()) {
            for (int length : new int[] {0, 1, 7, 16, 60, 127, 128, 4096}) {
                requireUnreachable(transport, randomBytes(length, length));
                requireUnreachable(transport, new byte[length]);
            }
            byte[] address = transport.address();
            for (int i = 0; i < address.length; i++) {
                byte[] damaged = address.clone();
                damaged[i] ^= (byte) 0xff;
                requireUnreachable(transport, damaged);
            }
            requireUnreachable(transport, Arrays.copyOf(address, address.length - 1));
            requireUnreachable(transport, Arrays.copyOf(address, address.length + 1));
        }
    }

    private static void requireUnreachable(Transport transport, byte[] address) {
        assertThat(transport.reach(address)).isInstanceOfSatisfying(Reach.Unreachable.class, no -> {
            assertThat(no.cause()).isNotBlank();
            assertThat(no.remedy()).isNotBlank();
        });
    }

    @Test
    void shouldNotConnectToGarbage() {
        try (Transport transport = openTransport()) {
            for (int length : new int[] {0, 1, 15, 17, 4096}) {
                byte[] address = randomBytes(length, length);
                assertThatThrownBy(() -> transport.connect(1, address)).isInstanceOf(TransportException.class);
            }
        }
    }

    @Test
    void shouldRefuseKeysThatAreNone() {
        try (SpiPair pair = pair(64)) {
            for (int length : new int[] {0, 1, 7, 8, 9, 28, 60, RemoteKey.MAX_BYTES}) {
                requireNoKey(pair.endpoint, randomBytes(length, length));
                requireNoKey(pair.endpoint, new byte[length]);
            }
            byte[] key = pair.registration.key().bytes();
            for (int i = 0; i < key.length; i++) {
                byte[] damaged = key.clone();
                damaged[i] ^= (byte) 0xff;
                requireNoKey(pair.endpoint, damaged);
            }
            requireNoKey(pair.endpoint, Arrays.copyOf(key, key.length - 1));
        }
    }

    private static void requireNoKey(Endpoint endpoint, byte[] key) {
        assertThatThrownBy(() -> endpoint.attach(new RemoteKey(key))).isInstanceOf(TransportException.class);
    }

    @Test
    void shouldRefuseKeysOfRegistrationsThatAreClosed() {
        try (SpiPair pair = pair(64);
                Memory memory = pair.target.allocate(64, "short")) {
            Registration registration = pair.target.register(memory, TargetAtomics.of(memory));
            byte[] key = registration.key().bytes();
            try (RemoteMemory attached = pair.endpoint.attach(new RemoteKey(key))) {
                assertThat(attached.byteSize()).isGreaterThanOrEqualTo(64);
            }
            registration.close();
            requireNoKey(pair.endpoint, key);
        }
    }

    @Test
    void shouldRefuseKeysOfMemoryThatIsClosed() {
        try (SpiPair pair = pair(64)) {
            Memory memory = pair.target.allocate(64, "short");
            Registration registration = pair.target.register(memory, TargetAtomics.of(memory));
            byte[] key = registration.key().bytes();
            registration.close();
            memory.close();
            requireNoKey(pair.endpoint, key);
        }
    }

    @Test
    void shouldCloseTwice() {
        SpiPair pair = pair(64);
        MemorySegment segment = pair.memory.segment();
        pair.close();
        assertThat(catchThrowable(pair::close)).isNull();
        assertThatThrownBy(() -> segment.get(LONG, 0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldEndReachWithTheTransport() {
        try (Transport origin = openTransport()) {
            Transport target = openTransport();
            byte[] address = target.address();
            Memory memory = target.allocate(64, "left");
            byte[] key = target.register(memory, TargetAtomics.of(memory)).key().bytes();
            try (Endpoint endpoint = origin.connect(1, address)) {
                memory.close();
                target.close();
                requireNoKey(endpoint, key);
            }
        }
    }
}
