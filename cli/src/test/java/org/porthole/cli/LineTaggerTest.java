package org.porthole.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineTaggerTest {
    private final LineTagger tagger = new LineTagger("[3] ".getBytes(UTF_8));

    private String accept(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return new String(tagger.accept(bytes, bytes.length), UTF_8);
    }

    private String finish() {
        return new String(tagger.finish(), UTF_8);
    }

    @Test
    void shouldTagEachLine() {
        assertThat(accept("one\n\nthree\n")).isEqualTo("[3] one\n[3] \n[3] three\n");
        assertThat(finish()).isEmpty();
    }

    @Test
    void shouldHoldPartialLineUntilItEnds() {
        assertThat(accept("one\ntw")).isEqualTo("[3] one\n");
        assertThat(accept("o")).isEmpty();
        assertThat(accept("\n")).isEqualTo("[3] two\n");
    }

    @Test
    void shouldEndLastLine() {
        assertThat(accept("no end")).isEmpty();
        assertThat(finish()).isEqualTo("[3] no end\n");
        assertThat(finish()).isEmpty();
    }

    @Test
    void shouldUseOnlyAsManyBytesAsGiven() {
        assertThat(new String(tagger.accept("ab\ncd\n".getBytes(UTF_8), 3), UTF_8))
                .isEqualTo("[3] ab\n");
    }

    @Test
    void shouldHandOnProgressAtOnce() {
        assertThat(accept("\r10 %\r20 %")).isEqualTo("\r[3] 10 %\r");
        assertThat(accept("\r30 %\n")).isEqualTo("[3] 20 %\r[3] 30 %\n");
    }

    @Test
    void shouldKeepCarriageReturnBeforeLineFeed() {
        assertThat(accept("one\r\ntwo\r")).isEqualTo("[3] one\r\n");
        assertThat(accept("\n")).isEqualTo("[3] two\r\n");
        assertThat(accept("three\r")).isEmpty();
        assertThat(finish()).isEqualTo("[3] three\r");
    }

    @Test
    void shouldBreakVeryLongLine() {
        String x = "x".repeat(LineTagger.LONGEST);
        assertThat(accept(x)).isEmpty();
        assertThat(accept("yz\n")).isEqualTo("[3] " + x + "\n[3] yz\n");
        assertThat(accept(x + "\n")).isEqualTo("[3] " + x + "\n");
    }

    @Test
    void shouldBreakBetweenCharacters() {
        for (String character : new String[] {"\u00e9", "\u20ac", "\ud83d\ude00"}) {
            for (int shift = 0; shift < 4; shift++) {
                String line = "x".repeat(shift) + character.repeat(LineTagger.LONGEST / 2);
                String broken = accept(line + "\n");
                assertThat(broken.replace("\n[3] ", "")).isEqualTo("[3] " + line + "\n");
                assertThat(broken.lines()).allMatch(piece -> piece.getBytes(UTF_8).length <= LineTagger.LONGEST + 4);
            }
        }
    }

    @Test
    void shouldPassBytesThatAreNotUtf8() {
        byte[] bytes = new byte[LineTagger.LONGEST + 1];
        Arrays.fill(bytes, (byte) 0x80);
        byte[] broken = tagger.accept(bytes, bytes.length);
        assertThat(broken).hasSize(4 + LineTagger.LONGEST + 1).endsWith(0x80, '\n');
        assertThat(tagger.finish()).hasSize(4 + 1 + 1);
    }

    @Test
    void shouldNotDependOnHowBytesArrive() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            byte[] bytes = new byte[random.nextInt(40)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) "ab\n\r".charAt(random.nextInt(4));
            }
            assertThat(tagInPieces(bytes, random)).as("seed " + seed).isEqualTo(tagInPieces(bytes, null));
        }
    }

    private static String tagInPieces(byte[] bytes, Random random) {
        LineTagger tagger = new LineTagger("> ".getBytes(UTF_8));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at < bytes.length; ) {
            int end = random == null ? bytes.length : at + 1 + random.nextInt(bytes.length - at);
            out.writeBytes(tagger.accept(Arrays.copyOfRange(bytes, at, end), end - at));
            at = end;
        }
        out.writeBytes(tagger.finish());
        return out.toString(UTF_8);
    }
}
