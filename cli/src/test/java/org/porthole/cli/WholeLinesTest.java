package org.porthole.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WholeLinesTest {
    private final List<String> writes = new ArrayList<>();
    private final PrintStream stream = new PrintStream(new WholeLines(new Writes()), false, UTF_8);

    /// Keeps what each call was given.
    private final class Writes extends OutputStream {
        @Override
        public void write(int b) {
            throw new AssertionError("one byte alone");
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            ByteArrayOutputStream copy = new ByteArrayOutputStream();
            copy.write(bytes, offset, length);
            writes.add(copy.toString(UTF_8));
        }
    }

    @Test
    void shouldWriteALineAtOnceThoughItIsPrintedInPieces() {
        stream.printf("rank %d of %d: %s%n", 1, 4, "é");
        stream.print("a");
        stream.print('b');
        stream.write('c');
        stream.println();
        stream.println("d\ne");
        assertThat(writes).containsExactly("rank 1 of 4: é\n", "abc\n", "d\ne\n");
    }

    @Test
    void shouldKeepWhatHasNoEndUntilAsked() {
        stream.print("one\ntwo? ");
        assertThat(writes).containsExactly("one\n");
        stream.flush();
        assertThat(writes).containsExactly("one\n", "two? ");
        stream.flush();
        assertThat(writes).hasSize(2);
    }

    @Test
    void shouldNotKeepALineForEver() {
        String long1 = "x".repeat(100_000);
        stream.print(long1);
        stream.println("y");
        assertThat(String.join("", writes)).isEqualTo(long1 + "y\n");
        stream.print("last");
        stream.close();
        assertThat(writes.getLast()).isEqualTo("last");
    }
}
