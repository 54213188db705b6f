package org.porthole.internal.port;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Where things lie in a record of a ring. Records begin at multiples of 64 bytes.
///
/// ```
/// 0   long  length in bytes | kind << 32 | status << 40 | rights to ports << 48 | has a region << 56 | rights to windows << 57; stored last, and never 0
/// 8   long  port, of the receiver's rank; of the sender's where it tells about one of its own
/// 16  long  first half of the right's bits, or a number
/// 24  long  second half, or a number
/// 32  int   number of the right in its port; result, in an outcome
/// 36  int   bytes of payload
/// 40  long  call: what the outcome refers to; 0 if none is wanted
/// 48  payload, then from a multiple of 8 on rights to ports of 48 bytes each, and the region: long size, long loan, int length of its keys, 4 free, keys;
///     then, each from a multiple of 8 on, rights to windows: int length, bytes
/// ```
///
/// A right to a port: int rank, int 1 if it is good once, long port, two longs of bits, int number, int and long limits.
final class RecordDescriptor {
    static final long UNIT = 64;
    static final long PORT = 8;
    static final long HIGH = 16;
    static final long LOW = 24;
    static final long NUMBER = 32;
    static final long PAYLOAD = 36;
    static final long CALL = 40;
    static final long BODY = 48;

    static final long RIGHT = 48;
    static final long REGION = 24;
    /// Where in a region the length of its keys is.
    static final long REGION_KEYS = 16;

    static final int MAX_RIGHTS = 8;
    static final int MAX_WINDOWS = 4;
    /// What a record takes besides its payload, and the rights to windows that take of that, at most.
    static final long MOST_BESIDES = 1024;

    /// Fills the rest of a ring.
    static final int PAD = 1;
    /// A message.
    static final int DATA = 2;
    /// The end of a message is wished.
    static final int ABORT = 3;
    /// Asks for an outcome once everything before is with its port.
    static final int FLUSH = 4;
    /// The outcome of a message.
    static final int OUTCOME = 5;
    /// A port's receivers have taken messages: their number, and their bytes.
    static final int TAKEN = 6;
    /// A port has ended, or one right of it, whose number is given.
    static final int ENDED = 7;
    /// A right has been given to a rank, or is held no more: how many more, and which rank.
    static final int HELD = 8;
    /// Asks for a right to the port of a name.
    static final int LOOKUP = 9;
    /// The end of such a request.
    static final int FORGET = 10;
    /// A name of the job is to be kept.
    static final int PUBLISH = 11;
    /// A name of the job is free.
    static final int UNPUBLISH = 12;
    /// A region that was lent is not needed any more.
    static final int RETURNED = 13;

    private RecordDescriptor() {}

    static long header(long length, int kind, int status) {
        return length | (long) kind << 32 | (long) status << 40;
    }

    static long header(long length, int kind, int status, int rights, boolean region, int windows) {
        return header(length, kind, status) | (long) rights << 48 | (region ? 1L << 56 : 0) | (long) windows << 57;
    }

    static long length(long header) {
        return header & 0xffffffffL;
    }

    static int kind(long header) {
        return (int) (header >>> 32) & 0xff;
    }

    static int status(long header) {
        return (int) (header >>> 40) & 0xff;
    }

    static int rights(long header) {
        return (int) (header >>> 48) & 0xff;
    }

    static boolean hasRegion(long header) {
        return (header >>> 56 & 1) != 0;
    }

    static int windows(long header) {
        return (int) (header >>> 57);
    }

    /// Whether there is something besides the payload.
    static boolean hasCargo(long header) {
        return header >>> 48 != 0;
    }

    static long round(long length) {
        return (length + UNIT - 1) & -UNIT;
    }

    static long afterPayload(long payload) {
        return BODY + align(payload);
    }

    static long align(long length) {
        return length + Long.BYTES - 1 & -Long.BYTES;
    }

    /// How much a region takes.
    static long regionLength(MemorySegment from, long at) {
        return REGION + from.get(ValueLayout.JAVA_INT, at + REGION_KEYS);
    }

    /// How much a right to a window takes.
    static long windowLength(int bytes) {
        return align(Integer.BYTES + (long) bytes);
    }
}
