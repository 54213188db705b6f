package org.porthole.internal.port;

import static org.porthole.internal.port.RecordDescriptor.BODY;
import static org.porthole.internal.port.RecordDescriptor.CALL;
import static org.porthole.internal.port.RecordDescriptor.HIGH;
import static org.porthole.internal.port.RecordDescriptor.LOW;
import static org.porthole.internal.port.RecordDescriptor.NUMBER;
import static org.porthole.internal.port.RecordDescriptor.PAYLOAD;
import static org.porthole.internal.port.RecordDescriptor.PORT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.porthole.spi.LoadStore;

/// Writes records, but for their headers, and reads them.
final class Records {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

    private Records() {}

    /// How long the record of a message is.
    static long length(PooledMessage message) {
        long length = BODY + message.length;
        if (message.rightCount > 0 || message.loan != null) {
            length = RecordDescriptor.afterPayload(message.length) + message.rightCount * RecordDescriptor.RIGHT;
            if (message.loan != null) {
                length += message.loan.recordBytes();
            }
        }
        return length;
    }

    static long header(PooledMessage message, int kind, int status) {
        return RecordDescriptor.header(length(message), kind, status, message.rightCount, message.loan != null);
    }

    static void write(
            MemorySegment to, long at, long port, long high, long low, int number, long call, PooledMessage message) {
        write(to, at, port, high, low, number, call);
        to.set(INT, at + PAYLOAD, message.length);
        LoadStore.copy(message.segment, 0, to, at + BODY, message.length);
        if (message.rightCount > 0 || message.loan != null) {
            writeBesides(to, at + RecordDescriptor.afterPayload(message.length), message);
        }
    }

    static void write(MemorySegment to, long at, long port, long high, long low, int number, long call) {
        to.set(LONG, at + PORT, port);
        to.set(LONG, at + HIGH, high);
        to.set(LONG, at + LOW, low);
        to.set(INT, at + NUMBER, number);
        to.set(INT, at + PAYLOAD, 0);
        to.set(LONG, at + CALL, call);
    }

    private static void writeBesides(MemorySegment to, long from, PooledMessage message) {
        long at = from;
        for (int i = 0; i < message.rightCount; i++) {
            message.rights[i].write(to, at);
            at += RecordDescriptor.RIGHT;
        }
        if (message.loan != null) {
            message.loan.write(to, at);
        }
    }

    /// Reads the content of a record that is sound into a message that has room for its payload.
    static void read(PostOffice office, int sender, MemorySegment from, long at, long header, PooledMessage into) {
        int payload = from.get(INT, at + PAYLOAD);
        into.length = payload;
        LoadStore.copy(from, at + BODY, into.segment, 0, payload);
        int rights = RecordDescriptor.rights(header);
        if (rights > 0 || RecordDescriptor.hasRegion(header)) {
            long besides = at + RecordDescriptor.afterPayload(payload);
            for (int i = 0; i < rights; i++) {
                into.addArrived(HeldRight.read(office, from, besides + i * RecordDescriptor.RIGHT));
            }
            if (RecordDescriptor.hasRegion(header)) {
                into.region = BorrowedRegion.read(office, sender, from, besides + rights * RecordDescriptor.RIGHT);
            }
        }
    }
}
