package org.porthole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowSpecTest {
    private static final String LONGEST = "n".repeat(WindowSpec.MAX_NAME_LENGTH);

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 4096, 3L << 31, Long.MAX_VALUE})
    void shouldTakeAnySize(long byteSize) {
        WindowSpec spec = WindowSpec.ofBytes(byteSize);
        assertThat(spec.byteSize()).isEqualTo(byteSize);
        assertThat(spec.name()).isEmpty();
        assertThat(spec.notifications()).isZero();
        assertThat(spec.bulkAtomics()).isFalse();
        assertThat(spec.policy()).isEqualTo(ExposurePolicy.DONT_TOUCH);
        assertThat(spec.memory()).isEmpty();
        assertThat(spec.isDynamic()).isFalse();
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
        assertThat(WindowSpec.ofBytes(8).named(LONGEST).name()).isEqualTo(LONGEST);
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
                .withMessage("newName");
    }

    @Test
    void shouldKeepWhatWasSaidBefore() {
        try (Arena arena = Arena.ofShared()) {
            WindowSpec spec = WindowSpec.over(arena.allocate(24, 8))
                    .named("mine")
                    .withNotifications(3)
                    .withBulkAtomics();
            assertThat(spec.withNotifications(4))
                    .hasToString("WindowSpec[\"mine\", 24 bytes of its own, 4 notifications, bulk atomics, UNGUARDED]");
            assertThat(spec)
                    .hasToString("WindowSpec[\"mine\", 24 bytes of its own, 3 notifications, bulk atomics, UNGUARDED]");
        }
        assertThat(WindowSpec.dynamic().withNotifications(1).isDynamic()).isTrue();
        assertThat(WindowSpec.ofBytes(1)
                        .withPolicy(ExposurePolicy.UNGUARDED)
                        .named("x")
                        .policy())
                .isEqualTo(ExposurePolicy.UNGUARDED);
    }

    @Test
    void shouldRefuseMemoryThatCannotBeShared() {
        try (Arena confined = Arena.ofConfined();
                Arena shared = Arena.ofShared()) {
            refuse(MemorySegment.ofArray(new long[2]), "heap");
            refuse(confined.allocate(16, 8), "confined");
            refuse(shared.allocate(16, 8).asReadOnly(), "read-only");
            refuse(shared.allocate(16, 8).asSlice(4), "aligned");
        }
    }

    private static void refuse(MemorySegment memory, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WindowSpec.over(memory))
                .withMessageContaining(why);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, WindowSpec.MAX_NOTIFICATIONS + 1})
    void shouldRefuseNumbersOfNotifications(int count) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WindowSpec.ofBytes(8).withNotifications(count))
                .withMessageContaining(Integer.toString(count));
    }

    @Test
    void shouldLeaveMemoryOfTheRankUnguarded() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WindowSpec.dynamic().withPolicy(ExposurePolicy.DONT_TOUCH))
                .withMessageContaining("UNGUARDED");
    }
}
