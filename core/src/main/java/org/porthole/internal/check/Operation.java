package org.porthole.internal.check;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.porthole.DataType;
import org.porthole.Operator;

/// One kind of operation, and which others it conflicts with.
///
/// There is one object for each, so that comparing them costs nothing.
///
/// **Source.** MPI-4.1, 12.7 (semantics and correctness).
final class Operation {
    private static final int LONGEST_WORD = 8;

    private static final List<Operation> ALL = new ArrayList<>();

    static final Operation GET = new Operation(AccessKind.GET, 0, null, null);
    private static final Operation[] PUTS = ofWidths(AccessKind.PUT, null);
    private static final Operation[] VALUES = ofWidths(AccessKind.GET_VALUE, null);
    private static final Operation[] EXCHANGES = ofWidths(AccessKind.ATOMIC, null);
    private static final Map<Operator, Operation[]> ATOMICS = new EnumMap<>(Operator.class);
    private static final Map<Operator, Map<DataType, Operation>> ACCUMULATES = ofTypes(AccessKind.ACCUMULATE);
    private static final Map<Operator, Map<DataType, Operation>> GET_ACCUMULATES = ofTypes(AccessKind.GET_ACCUMULATE);

    static {
        for (Operator op : Operator.values()) {
            ATOMICS.put(op, ofWidths(AccessKind.ATOMIC, op));
        }
    }

    private static Operation[] ofWidths(AccessKind kind, Operator op) {
        Operation[] made = new Operation[LONGEST_WORD + 1];
        for (int width = 0; width <= LONGEST_WORD; width++) {
            made[width] = new Operation(kind, width, null, op);
        }
        return made;
    }

    private static Map<Operator, Map<DataType, Operation>> ofTypes(AccessKind kind) {
        Map<Operator, Map<DataType, Operation>> made = new EnumMap<>(Operator.class);
        for (Operator op : Operator.values()) {
            Map<DataType, Operation> byType = new EnumMap<>(DataType.class);
            for (DataType type : DataType.values()) {
                byType.put(type, new Operation(kind, type.byteSize(), type, op));
            }
            made.put(op, byType);
        }
        return made;
    }

    /// What it does.
    final AccessKind kind;
    /// The size of the words that it reads or writes whole, in bytes; 0 if the range is not one aligned word.
    final int width;
    /// The elements' type of accumulates.
    private final DataType type;
    /// What accumulates and atomics do; null for others and for exchanges.
    private final Operator op;
    /// What it is called between ranks, which run the same version.
    final int code;

    private Operation(AccessKind kind, int width, DataType type, Operator op) {
        this.kind = kind;
        this.width = width;
        this.type = type;
        this.op = op;
        code = ALL.size();
        ALL.add(this);
    }

    /// How many there are; all codes are below.
    static int count() {
        return ALL.size();
    }

    static Operation of(int code) {
        return ALL.get(code);
    }

    private static int width(long offset, long length) {
        boolean isWord =
                length > 0 && length <= LONGEST_WORD && (length & length - 1) == 0 && (offset & length - 1) == 0;
        return isWord ? (int) length : 0;
    }

    static Operation put(long offset, long length) {
        return PUTS[width(offset, length)];
    }

    static Operation value(long offset, long length) {
        return VALUES[width(offset, length)];
    }

    static Operation exchange(int width) {
        return EXCHANGES[width];
    }

    static Operation atomic(int width, Operator op) {
        return ATOMICS.get(op)[width];
    }

    static Operation accumulate(DataType type, Operator op) {
        return ACCUMULATES.get(op).get(type);
    }

    static Operation getAccumulate(DataType type, Operator op) {
        return GET_ACCUMULATES.get(op).get(type);
    }

    /// Whether it may tell others something by the value of one word.
    boolean isWordWrite() {
        return writes() && width > 0;
    }

    private boolean writes() {
        return kind.writes && op != Operator.NO_OP;
    }

    private boolean isAtomic() {
        return kind == AccessKind.ATOMIC || isAccumulate();
    }

    private boolean isAccumulate() {
        return kind == AccessKind.ACCUMULATE || kind == AccessKind.GET_ACCUMULATE;
    }

    /// Whether it is done at the target too once its result is here.
    boolean isFetching() {
        return kind == AccessKind.GET || kind == AccessKind.GET_ACCUMULATE;
    }

    /// Whether two accesses of different origins to one place conflict if nothing orders them.
    ///
    /// @param bulk whether the window's atomics take turns, and are so not atomic to plain puts and gets
    boolean conflictsWith(Operation other, boolean bulk) {
        if (!writes() && !other.writes()) {
            return false;
        }
        if (isAtomic() && other.isAtomic()) {
            return width != other.width || differs(other);
        }
        boolean sameWord = width == other.width && width > 0;
        if (isAtomic() || other.isAtomic()) {
            boolean plainPut = kind == AccessKind.PUT || other.kind == AccessKind.PUT;
            return !sameWord || (!plainPut && !polls(other)) || (bulk && plainPut);
        }
        return !sameWord || !polls(other);
    }

    private boolean polls(Operation other) {
        return kind == AccessKind.GET_VALUE || other.kind == AccessKind.GET_VALUE;
    }

    /// Accumulates of different types, or of operators that do not commute with each other.
    private boolean differs(Operation other) {
        if (!isAccumulate() || !other.isAccumulate()) {
            return false;
        }
        return type != other.type || (op != other.op && op != Operator.NO_OP && other.op != Operator.NO_OP);
    }

    /// Whether an access conflicts with an earlier one of the same origin that is not complete. Atomics of one origin happen in program order.
    boolean conflictsWithEarlier(Operation earlier) {
        return (writes() || earlier.writes()) && !(isAtomic() && earlier.isAtomic());
    }

    /// What messages call it.
    String words() {
        return op == null ? kind.words() : kind.words() + " (" + op + (type == null ? "" : " of " + type) + ')';
    }
}
