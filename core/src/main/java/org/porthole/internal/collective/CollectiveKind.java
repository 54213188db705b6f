package org.porthole.internal.collective;

import org.porthole.DataType;
import org.porthole.Operator;

/// The collective operations, each with the argument that all ranks must agree on, as one word.
@SuppressWarnings("EnumOrdinal") // ordinals travel between ranks that run the same version
public enum CollectiveKind {
    /// No argument.
    BARRIER("barrier"),
    /// Root and length.
    BROADCAST("broadcast") {
        @Override
        String describe(long argument) {
            return "broadcast of " + (argument & LENGTH_MASK) + " bytes from rank " + (argument >>> LENGTH_BITS);
        }
    },
    /// Type, operator and length.
    ALLREDUCE("allreduce") {
        @Override
        String describe(long argument) {
            int what = (int) (argument >>> LENGTH_BITS);
            return "allreduce of " + (argument & LENGTH_MASK) + " bytes (" + DataType.values()[what >>> 8] + ", "
                    + Operator.values()[what & 0xff] + ")";
        }
    },
    /// The window's number.
    OPEN_WINDOW("opening of window", true),
    /// The window's number.
    CLOSE_WINDOW("close of window", true),
    /// The window's number.
    FENCE_OPEN("fence (begin) of window", true),
    /// The window's number.
    FENCE_NEXT("fence (next) of window", true),
    /// The window's number.
    FENCE_CLOSE("fence (end) of window", true),
    /// No argument.
    LEAVE("close of the job");

    private static final int LENGTH_BITS = 48;
    private static final long LENGTH_MASK = (1L << LENGTH_BITS) - 1;

    private final String text;
    private final boolean ofWindow;

    CollectiveKind(String text) {
        this(text, false);
    }

    CollectiveKind(String text, boolean ofWindow) {
        this.text = text;
        this.ofWindow = ofWindow;
    }

    /// Whether the argument is a window's number.
    boolean isOfWindow() {
        return ofWindow;
    }

    static long broadcast(int root, long length) {
        return (long) root << LENGTH_BITS | length;
    }

    static long allreduce(DataType type, Operator op, long length) {
        return ((long) type.ordinal() << 8 | op.ordinal()) << LENGTH_BITS | length;
    }

    /// The operation in words.
    ///
    /// @param argument its argument
    /// @return a few words
    String describe(long argument) {
        return argument == 0 ? text : text + " #" + argument;
    }
}
