package org.porthole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OperatorTest {
    @ParameterizedTest
    @CsvSource({
        "SUM, 6, 3, 9",
        "PRODUCT, 6, 3, 18",
        "MIN, 6, -3, -3",
        "MAX, 6, -3, 6",
        "AND, 6, 3, 2",
        "OR, 6, 3, 7",
        "XOR, 6, 3, 5",
        "REPLACE, 6, 3, 3",
        "NO_OP, 6, 3, 6",
        "SUM, 9223372036854775807, 1, -9223372036854775808",
        "PRODUCT, 4611686018427387904, 4, 0",
        "MIN, -9223372036854775808, 9223372036854775807, -9223372036854775808",
        "MAX, -1, 1, 1",
    })
    void shouldApplyToIntegers(Operator op, long current, long operand, long result) {
        assertThat(op.apply(current, operand)).isEqualTo(result);
    }

    @ParameterizedTest
    @CsvSource({
        "SUM, 1.5, 2.25, 3.75",
        "PRODUCT, 1.5, 2, 3",
        "MIN, 1.5, -2, -2",
        "MAX, 1.5, -2, 1.5",
        "MIN, 0.0, -0.0, -0.0",
        "MAX, -0.0, 0.0, 0.0",
        "MIN, 1, NaN, NaN",
        "MAX, NaN, 1, NaN",
        "SUM, Infinity, -Infinity, NaN",
        "REPLACE, 1.5, 2.5, 2.5",
        "NO_OP, 1.5, 2.5, 1.5",
    })
    void shouldApplyToDoubles(Operator op, double current, double operand, double result) {
        assertThat(Double.doubleToLongBits(op.apply(current, operand))).isEqualTo(Double.doubleToLongBits(result));
    }

    @ParameterizedTest
    @EnumSource(names = {"AND", "OR", "XOR"})
    void shouldRefuseBitsOfDoubles(Operator op) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> op.apply(1.0, 2.0))
                .withMessageContaining(op.name());
    }

    @Test
    void shouldKnowWhatReduces() {
        assertThat(Operator.values())
                .filteredOn(op -> !op.isReduction())
                .containsExactly(Operator.REPLACE, Operator.NO_OP);
    }

    @ParameterizedTest
    @EnumSource
    void shouldBeDefinedForWhatItCanApplyTo(Operator op) {
        boolean bitwise = op == Operator.AND || op == Operator.OR || op == Operator.XOR;

        assertThat(Arrays.stream(DataType.values()).filter(op::isDefinedFor))
                .containsExactlyElementsOf(Arrays.stream(DataType.values())
                        .filter(type -> !bitwise || !type.isFloating())
                        .toList());
    }
}
