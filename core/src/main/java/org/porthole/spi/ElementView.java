package org.porthole.spi;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.util.Objects;
import org.porthole.DataType;
import org.porthole.Operator;

/// A memory whose elements are combined with others again and again: what [Elements] does, and sums of `double` at the speed of vector instructions.
///
/// The JIT of Java 25 vectorises a loop that adds an array to a buffer of native memory, because the two cannot overlap. It vectorises none over two
/// native memories, which might, and none over a segment of `double`, whose elements it loads as integers. So the operands are copied to an array, block
/// after block, and added to a buffer, of which one is made for each GiB.
///
/// **Threads.** One at a time, which keeps all others away from the memory.  **Cost.** No allocation but for the first sum in each GiB.
public final class ElementView {
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;
    private static final int BLOCK = 512;
    private static final long BUFFER = 1L << 30;

    private final MemorySegment segment;
    private final boolean addsToBuffers;
    private final DoubleBuffer[] buffers;
    private final double[] operands;

    /// A view of a memory.
    ///
    /// @param segment the memory
    public ElementView(MemorySegment segment) {
        this.segment = segment;
        addsToBuffers = segment.isNative();
        buffers = new DoubleBuffer[addsToBuffers ? (int) ((segment.byteSize() + BUFFER - 1) / BUFFER) : 0];
        operands = new double[addsToBuffers ? BLOCK : 0];
    }

    /// The memory.
    ///
    /// @return what the view was made of
    public MemorySegment segment() {
        return segment;
    }

    /// Replaces each element of the memory by `op` of itself and that of `from`.
    ///
    /// @param type       their type
    /// @param op         what to do; defined for `type`
    /// @param offset     the first element's offset in the memory, in bytes
    /// @param from       where the operands are; must not overlap the elements but in the very same range
    /// @param fromOffset the first one's offset, in bytes
    /// @param byteSize   how many bytes, a multiple of the element's size
    public void combine(DataType type, Operator op, long offset, MemorySegment from, long fromOffset, long byteSize) {
        if (type == DataType.DOUBLE && op == Operator.SUM && addsToBuffers && (offset & Double.BYTES - 1) == 0) {
            addDoubles(offset, from, fromOffset, byteSize);
        } else {
            Elements.combine(type, op, segment, offset, from, fromOffset, byteSize);
        }
    }

    private void addDoubles(long offset, MemorySegment from, long fromOffset, long byteSize) {
        for (long done = 0; done < byteSize; ) {
            long begin = offset + done;
            long inBuffer = begin & BUFFER - 1;
            int count = (int) (Math.min(byteSize - done, BUFFER - inBuffer) / Double.BYTES);
            add(buffer((int) (begin / BUFFER)), (int) (inBuffer / Double.BYTES), from, fromOffset + done, count);
            done += (long) count * Double.BYTES;
        }
    }

    private void add(DoubleBuffer into, int first, MemorySegment from, long fromOffset, int count) {
        for (int done = 0; done < count; ) {
            int some = Math.min(count - done, BLOCK);
            MemorySegment.copy(from, DOUBLE, fromOffset + (long) done * Double.BYTES, operands, 0, some);
            add(into, first + done, operands, some);
            done += some;
        }
    }

    /// Only when the checks come before the loop, and all that counts elements is an `int`, the JIT vectorises it wherever it is inlined.
    private static void add(DoubleBuffer into, int first, double[] operands, int count) {
        Objects.checkFromIndexSize(0, count, operands.length);
        Objects.checkFromIndexSize(first, count, into.limit());
        for (int i = 0; i < count; i++) {
            into.put(first + i, into.get(first + i) + operands[i]);
        }
    }

    private DoubleBuffer buffer(int index) {
        DoubleBuffer buffer = buffers[index];
        if (buffer == null) {
            long begin = index * BUFFER;
            buffer = segment.asSlice(begin, Math.min(BUFFER, segment.byteSize() - begin))
                    .asByteBuffer()
                    .order(ByteOrder.nativeOrder())
                    .asDoubleBuffer();
            buffers[index] = buffer;
        }
        return buffer;
    }
}
