package org.porthole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowSpecTest {
    private static final String LONGEST = "n".repeat(WindowSpec.MAX_NAME_LENGTH);

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 4096, 3L << 31, Long.MAX_VALUE})
    void shouldTakeAnySize(long byteSize) {
        assertThat(WindowSpec.ofBytes(byteSize))
                .isEqualTo(new WindowSpec(byteSize, "", 0, false, ExposurePolicy.DONT_TOUCH));
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE})
    void shouldRefuseNegativeSizes(long byteSize) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WindowSpec.ofBytes(byteSize))
                .withMessageContaining(Long.toString(byteSize));
    }

    @Test
    void shouldTakeTheLongestName() {
        assertThat(WindowSpec.ofBytes(8).named(LONGEST))
                .isEqualTo(new WindowSpec(8, LONGEST, 0, false, ExposurePolicy.DONT_TOUCH));
    }

    @Test
    void shouldRefuseLongerNames() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WindowSpec.ofBytes(8).named(LONGEST + "x"))
                .withMessageContainingAll("65", "64", LONGEST + "x");
    }

    @Test
    void shouldRefuseNoName() {
        assertThatNullPointerException()
                .isThrownBy(() -> WindowSpec.ofBytes(8).named(null))
                .withMessage("name");
    }
}
