package org.porthole.internal.port;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import org.junit.jupiter.api.Test;

class RightTableTest {
    private final RightTable rights = new RightTable();

    @Test
    void shouldAdmitWhatItMade() {
        int number = rights.add(false, null);
        RightEntry entry = rights.get(number);
        for (int rank = 0; rank < 3; rank++) {
            assertThat(rights.admits(number, entry.high, entry.low, rank)).isTrue();
        }
    }

    @Test
    void shouldRefuseEveryOtherBit() {
        int number = rights.add(false, null);
        RightEntry entry = rights.get(number);
        for (int bit = 0; bit < Long.SIZE; bit++) {
            assertThat(rights.admits(number, entry.high ^ 1L << bit, entry.low, 0))
                    .isFalse();
            assertThat(rights.admits(number, entry.high, entry.low ^ 1L << bit, 0))
                    .isFalse();
        }
        for (int other : new int[] {-1, number + 1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            assertThat(rights.admits(other, entry.high, entry.low, 0)).isFalse();
        }
    }

    @Test
    void shouldKeepToRanks() {
        BitSet ranks = new BitSet();
        ranks.set(2);
        int number = rights.add(false, ranks);
        RightEntry entry = rights.get(number);
        assertThat(rights.admits(number, entry.high, entry.low, 2)).isTrue();
        assertThat(rights.admits(number, entry.high, entry.low, 1)).isFalse();
    }

    @Test
    void shouldTakeARightOnceAndGiveItsNumberOtherBits() {
        int number = rights.add(true, null);
        RightEntry entry = rights.get(number);
        assertThat(rights.admits(number, entry.high, entry.low, 0)).isTrue();
        assertThat(rights.admits(number, entry.high, entry.low, 0)).isFalse();
        assertThat(rights.add(true, null)).isEqualTo(number);
        assertThat(rights.admits(number, entry.high, entry.low, 0)).isFalse();
        assertThat(rights.get(number).high).isNotEqualTo(entry.high);
    }

    @Test
    void shouldEndOneRightOnly() {
        int first = rights.add(false, null);
        int second = rights.add(false, null);
        RightEntry ended = rights.get(first);
        RightEntry kept = rights.get(second);
        assertThat(rights.remove(first, ended.high, ended.low + 1)).isFalse();
        assertThat(rights.remove(first, ended.high, ended.low)).isTrue();
        assertThat(rights.remove(first, ended.high, ended.low)).isFalse();
        assertThat(rights.admits(first, ended.high, ended.low, 0)).isFalse();
        assertThat(rights.admits(second, kept.high, kept.low, 0)).isTrue();
    }
}
