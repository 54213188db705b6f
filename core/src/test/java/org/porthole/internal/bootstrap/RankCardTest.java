package org.porthole.internal.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.porthole.JoinException;

class RankCardTest {
    private static final long SEED = 4711;

    private static RankCard card(Map<String, byte[]> addresses) {
        return new RankCard("0.1.0", "a-host-é", 4711, addresses);
    }

    private static Map<String, byte[]> addresses() {
        Map<String, byte[]> addresses = new LinkedHashMap<>();
        addresses.put("shm", new byte[] {1, 2, 3});
        addresses.put("tcp", new byte[1024]);
        addresses.put("none", new byte[0]);
        return addresses;
    }

    private static void requireSame(RankCard read, RankCard card) {
        assertThat(read.version()).isEqualTo(card.version());
        assertThat(read.host()).isEqualTo(card.host());
        assertThat(read.process()).isEqualTo(card.process());
        assertThat(read.addresses()).containsExactlyEntriesOf(card.addresses());
    }

    @Test
    void shouldReadWhatItWrote() {
        RankCard card = card(addresses());

        requireSame(RankCard.decode(card.encode()), card);
    }

    @Test
    void shouldDoWithoutAddresses() {
        requireSame(RankCard.decode(card(Map.of()).encode()), card(Map.of()));
    }

    @Test
    void shouldReadMapsFromWhereTheBufferStands() {
        byte[] map = RankCard.encodeMap(addresses());
        ByteBuffer in =
                ByteBuffer.allocate(map.length + 2).put((byte) 7).put(map).put((byte) 8);

        assertThat(RankCard.map(in.position(1))).containsExactlyEntriesOf(addresses());
        assertThat(in.remaining()).isOne();
    }

    @Test
    void shouldRefuseCardsThatAreCutShort() {
        byte[] whole = card(addresses()).encode();
        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);

            assertThatExceptionOfType(JoinException.class)
                    .as("%d of %d bytes", length, whole.length)
                    .isThrownBy(() -> RankCard.decode(part))
                    .withMessageContaining(length + " bytes");
        }
    }

    @Test
    void shouldRefuseCardsThatGoOn() {
        byte[] whole = card(addresses()).encode();

        assertThatExceptionOfType(JoinException.class)
                .isThrownBy(() -> RankCard.decode(Arrays.copyOf(whole, whole.length + 1)));
    }

    /// Whatever the bytes are, it is a card or a [JoinException].
    @Test
    void shouldFailInOneWayOnly() {
        Random random = new Random(SEED);
        byte[] whole = card(addresses()).encode();
        for (int round = 0; round < 10_000; round++) {
            byte[] damaged = whole.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                damaged[random.nextInt(round % 2 == 0 ? 40 : whole.length)] = (byte) random.nextInt();
            }
            try {
                RankCard.decode(damaged);
            } catch (JoinException e) {
                assertThat(e).as("seed %d", SEED).hasMessageContaining("no rank's card");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 127})
    void shouldTakeManyNames(int count) {
        Map<String, byte[]> named = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            named.put("t" + i, new byte[] {(byte) i});
        }

        assertThat(RankCard.map(ByteBuffer.wrap(RankCard.encodeMap(named)))).hasSize(count);
    }
}
