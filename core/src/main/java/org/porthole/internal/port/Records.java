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
        return message.isBare()
                ? BODY + message.length
                : message.cargo().end(RecordDescriptor.afterPayload(message.length));
    }

    static long header(PooledMessage message, int kind, int status) {
        long length = length(message);
        if (message.isBare()) {
            return RecordDescriptor.header(length, kind, status);
        }
        Cargo cargo = message.cargo();
        return RecordDescriptor.header(length, kind, status, cargo.rights(), cargo.hasLoan(), cargo.windows());
    }

    static void write(
            MemorySegment to, long at, long port, long high, long low, int number, long call, PooledMessage message) {
        write(to, at, port, high, low, number, call);
        to.set(INT, at + PAYLOAD, message.length);
        LoadStore.copy(message.segment, 0, to, at + BODY, message.length);
        if (!message.isBare()) {
            message.cargo().write(to, at + RecordDescriptor.afterPayload(message.length));
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

    /// Reads the content of a record that is sound into a message that has room for its payload.
    static void read(int sender, MemorySegment from, long at, long header, PooledMessage into) {
        int payload = from.get(INT, at + PAYLOAD);
        into.length = payload;
        LoadStore.copy(from, at + BODY, into.segment, 0, payload);
        if (RecordDescriptor.hasCargo(header)) {
            into.cargo().read(sender, from, at + RecordDescriptor.afterPayload(payload), header);
        }
    }
}
