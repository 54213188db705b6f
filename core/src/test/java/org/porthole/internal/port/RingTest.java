package org.porthole.internal.port;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.porthole.internal.local.InProcessTransportProvider;
import org.porthole.internal.route.Target;
import org.porthole.spi.Memory;
import org.porthole.spi.Transport;

/// What goes in comes out, in order and whole; what no writer writes is found out.
class RingTest {
    private static final long SIZE = 1 << 12;
    private static final long EMPTIED = SIZE;

    private final Transport transport = new InProcessTransportProvider().open(null);
    private final Memory memory = transport.allocate(SIZE + 64, "ring");
    private final MemorySegment segment = memory.segment();
    private final RingReader reader = new RingReader(segment, 0, SIZE);
    private final RingWriter writer = new RingWriter(Target.own(memory, SIZE), 0, SIZE, segment, EMPTIED);

    @AfterEach
    void close() {
        memory.close();
        transport.close();
    }

    @Test
    void shouldBringRecordsOutInOrder() {
        Random random = new Random(99);
        ArrayDeque<Integer> model = new ArrayDeque<>();
        int full = 0;
        for (int step = 0; step < 100_000; step++) {
            int payload = random.nextInt(900);
            long length = RecordDescriptor.BODY + payload;
            long at = writer.claim(length);
            if (at < 0 || random.nextInt(3) == 0) {
                full += at < 0 ? 1 : 0;
                read(model);
                continue;
            }
            Records.write(segment, at, step, 1, 2, 3, 4);
            segment.set(ValueLayout.JAVA_INT, at + RecordDescriptor.PAYLOAD, payload);
            segment.asSlice(at + RecordDescriptor.BODY, payload).fill((byte) 0xff);
            writer.publish(at, RecordDescriptor.header(length, RecordDescriptor.DATA, 0));
            model.add(payload);
        }
        assertThat(full).isPositive();
    }

    private void read(ArrayDeque<Integer> model) {
        for (long header; (header = reader.peek()) != 0; reader.pass(header)) {
            assertThat(reader.isSound(header)).isTrue();
            if (RecordDescriptor.kind(header) == RecordDescriptor.DATA) {
                int payload = model.remove();
                assertThat(RecordDescriptor.length(header)).isEqualTo(RecordDescriptor.BODY + payload);
                assertThat(segment.get(ValueLayout.JAVA_INT, reader.at() + RecordDescriptor.PAYLOAD))
                        .isEqualTo(payload);
            }
        }
        assertThat(model).isEmpty();
        long news = reader.news();
        if (news >= 0) {
            segment.set(ValueLayout.JAVA_LONG, EMPTIED, news);
        }
    }

    /// Headers and lengths of any bits: what is called sound stays within the ring.
    @Test
    void shouldKeepWithinTheRingWhateverIsWritten() {
        Random random = new Random(5);
        int sound = 0;
        for (int i = 0; i < 200_000; i++) {
            long header = random.nextBoolean()
                    ? random.nextLong()
                    : RecordDescriptor.header(
                            random.nextInt(6000),
                            random.nextInt(16),
                            0,
                            random.nextInt(12),
                            random.nextBoolean(),
                            random.nextInt(6));
            int payload = random.nextBoolean() ? random.nextInt() : random.nextInt(5000);
            segment.set(ValueLayout.JAVA_INT, reader.at() + RecordDescriptor.PAYLOAD, payload);
            if (reader.isSound(header)) {
                sound++;
                assertThat(RecordDescriptor.length(header)).isBetween(RecordDescriptor.BODY, SIZE);
                if (RecordDescriptor.kind(header) != RecordDescriptor.PAD) {
                    assertThat((long) payload).isBetween(0L, RecordDescriptor.length(header) - RecordDescriptor.BODY);
                    assertThat(RecordDescriptor.rights(header)).isLessThanOrEqualTo(RecordDescriptor.MAX_RIGHTS);
                    assertThat(RecordDescriptor.windows(header)).isLessThanOrEqualTo(RecordDescriptor.MAX_WINDOWS);
                }
            }
        }
        assertThat(sound).isPositive();
    }
}
