package org.porthole.cli.perf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.porthole.cli.text.UsageException;

class SizesTest {
    @Test
    void shouldReadSizesAsPeopleWriteThem() {
        assertThat(Sizes.parse("8,64, 1k,8K,1m,4M,16m"))
                .containsExactly(8L, 64L, 1024L, 8192L, 1L << 20, 4L << 20, 16L << 20);
    }

    @Test
    void shouldReadRepeatedSizesOnce() {
        assertThat(Sizes.parse("1k,1024,8")).containsExactly(1024L, 8L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "8,", "k", "8q", "1.5k", "-8", "0x8", "8 8", "99999999999"})
    void shouldRefuseWhatIsNoSize(String text) {
        assertThatThrownBy(() -> Sizes.parse(text))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("is not a size such as")
                .hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0k", "17m", "8,16777217", "9999999999m"})
    void shouldRefuseSizesOutOfRange(String text) {
        assertThatThrownBy(() -> Sizes.parse(text))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("is not from 1 to 16M");
    }

    @Test
    void shouldWriteTheShortestExactForm() {
        assertThat(Sizes.text(8)).isEqualTo("8");
        assertThat(Sizes.text(1024)).isEqualTo("1K");
        assertThat(Sizes.text(1500)).isEqualTo("1500");
        assertThat(Sizes.text(4 << 20)).isEqualTo("4M");
        assertThat(Sizes.text(0)).isEqualTo("0");
    }
}
