package org.porthole;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataTypeTest {
    @ParameterizedTest
    @CsvSource({
        "BYTE, 1, false",
        "SHORT, 2, false",
        "INT, 4, false",
        "LONG, 8, false",
        "FLOAT, 4, true",
        "DOUBLE, 8, true",
    })
    void shouldKnowSizeAndKind(DataType type, int byteSize, boolean floating) {
        assertThat(type.byteSize()).isEqualTo(byteSize);
        assertThat(type.isFloating()).isEqualTo(floating);
    }
}
