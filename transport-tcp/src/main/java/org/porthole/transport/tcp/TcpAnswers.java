package org.porthole.transport.tcp;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// What a target has answered to atomics, until the origin has told that the answers came: if the connection is cut, they are given again and the
/// atomics are not carried out twice.
///
/// **Threads.** One at a time.
final class TcpAnswers {
    private static final int MOST = TcpWire.MOST_AWAITED;
    /// An answer is not divided at the end, and may leave as much unused there as the longest takes.
    private static final int BYTES = 2 * TcpWire.MOST_REMEMBERED;

    private final long[] numbers = new long[MOST];
    private final int[] lengths = new int[MOST];
    private final int[] offsets = new int[MOST];
    private MemorySegment bytes;
    private long first;
    private long next;
    private int used;
    private int end;

    /// The answers to requests up to this one came.
    void forget(long number) {
        while (first < next && numbers[(int) first & (MOST - 1)] <= number) {
            used -= lengths[(int) first & (MOST - 1)];
            first++;
        }
    }

    /// Remembers an answer.
    ///
    /// @param number of the request
    void remember(long number, MemorySegment answer, long offset, int length) throws TcpProtocolException {
        if (next - first == MOST || used + length > TcpWire.MOST_REMEMBERED) {
            throw new TcpProtocolException("more atomics at once than may be");
        }
        if (bytes == null) {
            bytes = Arena.ofAuto().allocate(BYTES, Long.BYTES);
        }
        int at = end + length <= BYTES ? end : 0;
        MemorySegment.copy(answer, offset, bytes, at, length);
        end = at + length;
        used += length;
        int entry = (int) next & (MOST - 1);
        numbers[entry] = number;
        lengths[entry] = length;
        offsets[entry] = at;
        next++;
    }

    /// Copies what was answered to a request.
    ///
    /// @return false if nothing was
    boolean repeat(long number, MemorySegment into, long offset, int length) {
        for (long each = first; each < next; each++) {
            int entry = (int) each & (MOST - 1);
            if (numbers[entry] == number && lengths[entry] == length) {
                MemorySegment.copy(bytes, offsets[entry], into, offset, length);
                return true;
            }
        }
        return false;
    }
}
