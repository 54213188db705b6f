package org.porthole.cli;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/// Puts a tag before each line of a stream of bytes, and hands on whole lines only.
///
/// A line ends with a line feed; a carriage return alone ends a piece that the next one overwrites, and is handed on at once, so that
/// progress lines stay alive. A line of more than [#LONGEST] bytes is broken, between characters if it is UTF-8.
///
/// **Threads.** One.
final class LineTagger {
    /// Most bytes of a line before it is broken.
    static final int LONGEST = 64 * 1024;

    private final byte[] tag;
    private final ByteArrayOutputStream whole = new ByteArrayOutputStream();
    private byte[] line = new byte[256];
    private int length;
    private boolean returned;

    LineTagger(byte[] tag) {
        this.tag = tag.clone();
    }

    /// Takes bytes of the stream.
    ///
    /// @param bytes where they stand
    /// @param count how many
    /// @return the tagged lines that they completed, possibly empty
    byte[] accept(byte[] bytes, int count) {
        whole.reset();
        for (int i = 0; i < count; i++) {
            take(bytes[i]);
        }
        return whole.toByteArray();
    }

    /// Ends the stream.
    ///
    /// @return the line that had no end, tagged and ended, or nothing
    byte[] finish() {
        whole.reset();
        if (returned) {
            returned = false;
            emit((byte) '\r');
        }
        if (length > 0) {
            emit((byte) '\n');
        }
        return whole.toByteArray();
    }

    private void take(byte b) {
        if (returned) {
            returned = false;
            if (b == '\n') {
                append((byte) '\r');
            } else {
                emit((byte) '\r');
            }
        }
        if (b == '\r') {
            returned = true;
        } else if (b == '\n') {
            emit(b);
        } else {
            append(b);
        }
    }

    private void append(byte b) {
        if (length == LONGEST) {
            breakLine();
        }
        if (length == line.length) {
            line = Arrays.copyOf(line, Math.min(LONGEST, 2 * length));
        }
        line[length++] = b;
    }

    /// Emits the line up to the end of its last whole character and keeps the rest.
    private void breakLine() {
        int end = characterBoundary();
        byte[] rest = Arrays.copyOfRange(line, end, length);
        length = end;
        emit((byte) '\n');
        System.arraycopy(rest, 0, line, 0, rest.length);
        length = rest.length;
    }

    /// Where the last character begins if it may go on, else the length. What is not UTF-8 is cut anywhere.
    private int characterBoundary() {
        for (int back = 1; back <= 4; back++) {
            int b = line[length - back] & 0xff;
            boolean isContinuation = b >= 0x80 && b < 0xc0;
            if (!isContinuation) {
                int needed = b < 0x80 ? 1 : b < 0xe0 ? 2 : b < 0xf0 ? 3 : 4;
                return needed > back ? length - back : length;
            }
        }
        return length;
    }

    private void emit(byte end) {
        if (length > 0 || end == '\n') {
            whole.writeBytes(tag);
        }
        whole.write(line, 0, length);
        whole.write(end);
        length = 0;
    }
}
