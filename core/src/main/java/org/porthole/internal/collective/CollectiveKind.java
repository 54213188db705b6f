package org.porthole.internal.collective;

import org.porthole.DataType;
import org.porthole.Operator;

/// The collective operations, each with the argument that all ranks must agree on, as one word: a window's number, or root, type, operator and
/// length, or of the lengths a hash.
@SuppressWarnings("EnumOrdinal") // ordinals travel between ranks that run the same version
public enum CollectiveKind {
    /// No argument.
    BARRIER("barrier", Argument.NUMBER),
    /// Root and length.
    BROADCAST("broadcast", Argument.ROOT),
    /// Root, type, operator and length.
    REDUCE("reduce", Argument.ROOT_AND_TYPE),
    /// Type, operator and length.
    ALLREDUCE("allreduce", Argument.TYPE),
    /// Root and length.
    GATHER("gather", Argument.ROOT),
    /// Root alone.
    GATHERV("gatherv", Argument.ROOT_ALONE),
    /// Length.
    ALLGATHER("allgather", Argument.LENGTH),
    /// A hash of the counts.
    ALLGATHERV("allgatherv", Argument.HASH),
    /// Root and length.
    SCATTER("scatter", Argument.ROOT),
    /// Root alone.
    SCATTERV("scatterv", Argument.ROOT_ALONE),
    /// Length.
    ALLTOALL("alltoall", Argument.LENGTH),
    /// No argument.
    ALLTOALLV("alltoallv", Argument.NUMBER),
    /// Type, operator and a hash of the counts.
    REDUCE_SCATTER("reduceScatter", Argument.HASH_AND_TYPE),
    /// Type, operator and length.
    SCAN("scan", Argument.TYPE),
    /// Type, operator and length.
    EXSCAN("exscan", Argument.TYPE),
    /// What a rank arrives for whose sizes contradict the others'. The rank, and the length that it expects.
    SIZES_DIFFER("sizes that contradict the others', here", Argument.BYTES),
    /// The team's number.
    OPEN_TEAM("opening of team", Argument.NUMBER),
    /// The window's number.
    OPEN_WINDOW("opening of window", Argument.WINDOW),
    /// The window's number.
    CLOSE_WINDOW("close of window", Argument.WINDOW),
    /// The window's number.
    FENCE_OPEN("fence (begin) of window", Argument.WINDOW),
    /// The window's number.
    FENCE_NEXT("fence (next) of window", Argument.WINDOW),
    /// The window's number.
    FENCE_CLOSE("fence (end) of window", Argument.WINDOW),
    /// No argument.
    CLOSE_TEAM("close of the team", Argument.NUMBER),
    /// No argument.
    LEAVE("close of the job", Argument.NUMBER),
    /// The end of a rank's part in the job after another has failed: that one's number in the team, -1 if it is not known.
    LEAVE_BROKEN("close of the job after a rank failed", Argument.NUMBER);

    private enum Argument {
        NUMBER,
        WINDOW,
        BYTES,
        LENGTH,
        TYPE,
        ROOT,
        ROOT_ALONE,
        ROOT_AND_TYPE,
        HASH,
        HASH_AND_TYPE
    }

    private static final int LENGTH_BITS = 44;
    private static final long LENGTH_MASK = (1L << LENGTH_BITS) - 1;
    private static final int NIBBLE = 4;
    private static final int NIBBLE_MASK = (1 << NIBBLE) - 1;
    private static final int ROOT_SHIFT = LENGTH_BITS + 2 * NIBBLE;

    private final String text;
    private final Argument argument;

    CollectiveKind(String text, Argument argument) {
        this.text = text;
        this.argument = argument;
    }

    /// Whether the argument is a window's number.
    boolean isOfWindow() {
        return argument == Argument.WINDOW;
    }

    static long argument(int root, long length) {
        return ((long) root << ROOT_SHIFT) | (length & LENGTH_MASK);
    }

    static long argument(int root, DataType type, Operator op, long length) {
        long what = ((long) type.ordinal() << NIBBLE) | op.ordinal();
        return argument(root, length) | (what << LENGTH_BITS);
    }

    /// Something that differs when the lengths do, as good as always.
    static long hash(long[] lengths) {
        long hash = lengths.length;
        for (long each : lengths) {
            hash = (hash ^ each) * 0x9e3779b97f4a7c15L;
            hash ^= hash >>> 29;
        }
        return hash & LENGTH_MASK;
    }

    /// The operation in words.
    ///
    /// @param of its argument
    /// @return a few words
    String describe(long of) {
        long length = of & LENGTH_MASK;
        String root = " from rank " + (of >>> ROOT_SHIFT);
        String type = " (" + at(DataType.values(), of >>> (LENGTH_BITS + NIBBLE)) + ", "
                + at(Operator.values(), of >>> LENGTH_BITS) + ")";
        return text
                + switch (argument) {
                    case NUMBER, WINDOW -> of == 0 ? "" : " #" + of;
                    case BYTES -> " " + length + " bytes";
                    case LENGTH -> " of " + length + " bytes";
                    case TYPE -> " of " + length + " bytes" + type;
                    case ROOT -> " of " + length + " bytes" + (this == GATHER ? root.replace("from", "to") : root);
                    case ROOT_ALONE -> this == GATHERV ? root.replace("from", "to") : root;
                    case ROOT_AND_TYPE -> " of " + length + " bytes" + type + root.replace("from", "to");
                    case HASH -> " with counts #" + Long.toHexString(length);
                    case HASH_AND_TYPE -> type + " with counts #" + Long.toHexString(length);
                };
    }

    private static <T> T at(T[] values, long index) {
        return values[(int) Math.min(index & NIBBLE_MASK, values.length - 1)];
    }
}
