package org.porthole;

/// What an atomic operation or a reduction does with the value that is there and the operand.
///
/// Integer arithmetic wraps around; `MIN` and `MAX` compare signed values.
///
/// **Source.** MPI-4.1, 6.9.2 and 12.3.4.
public enum Operator {
    /// The sum of both.
    SUM,
    /// The product of both.
    PRODUCT,
    /// The smaller of both.
    MIN,
    /// The larger of both.
    MAX,
    /// Bitwise and; integers only.
    AND,
    /// Bitwise or; integers only.
    OR,
    /// Bitwise exclusive or; integers only.
    XOR,
    /// The operand; not a reduction.
    REPLACE,
    /// The value that is there, unchanged; not a reduction.
    NO_OP;

    /// Applies this operator to two 64-bit integers.
    ///
    /// @param current the value that is there
    /// @param operand the operand
    /// @return the new value
    public long apply(long current, long operand) {
        return switch (this) {
            case SUM -> current + operand;
            case PRODUCT -> current * operand;
            case MIN -> Math.min(current, operand);
            case MAX -> Math.max(current, operand);
            case AND -> current & operand;
            case OR -> current | operand;
            case XOR -> current ^ operand;
            case REPLACE -> operand;
            case NO_OP -> current;
        };
    }

    /// Applies this operator to two doubles; `MIN` and `MAX` follow [Math#min(double, double)].
    ///
    /// @param current the value that is there
    /// @param operand the operand
    /// @return the new value
    /// @throws IllegalArgumentException if this operator works on bits
    public double apply(double current, double operand) {
        return switch (this) {
            case SUM -> current + operand;
            case PRODUCT -> current * operand;
            case MIN -> Math.min(current, operand);
            case MAX -> Math.max(current, operand);
            case REPLACE -> operand;
            case NO_OP -> current;
            case AND, OR, XOR -> throw new IllegalArgumentException(this + " works on integers, not on floating point");
        };
    }

    /// Whether this operator can reduce many values to one: all but `REPLACE` and `NO_OP`.
    ///
    /// @return true if it can
    public boolean isReduction() {
        return this != REPLACE && this != NO_OP;
    }

    /// Whether this operator is defined for `type`: the bitwise ones are for integers only.
    ///
    /// @param type the elements' type
    /// @return true if it is
    public boolean isDefinedFor(DataType type) {
        return !type.isFloating() || (this != AND && this != OR && this != XOR);
    }
}
