package org.porthole.examples;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.StringTokenizer;
import java.util.zip.GZIPInputStream;

/// The lines of a text, one after the other, and the words in them; complaints name the text, the line's number and the line.
final class GraphLines {
    private final String name;
    private final InputStream stream;
    private BufferedReader reader;
    private long number;
    private String line = "";

    /// Begins before the first line.
    ///
    /// @param name what complaints call the text
    GraphLines(String name, InputStream stream) {
        this.name = name;
        this.stream = stream;
    }

    /// Text from a stream, which is decompressed if it begins as gzip does.
    static BufferedReader text(InputStream stream) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(stream, 1 << 16);
        buffered.mark(2);
        boolean isGzip = buffered.read() == 0x1f && buffered.read() == 0x8b;
        buffered.reset();
        InputStream plain = isGzip ? new GZIPInputStream(buffered, 1 << 16) : buffered;
        return new BufferedReader(new InputStreamReader(plain, StandardCharsets.ISO_8859_1));
    }

    /// Goes to the next line.
    ///
    /// @return false if there is none
    boolean next() throws IOException {
        if (reader == null) {
            reader = text(stream);
        }
        String read = reader.readLine();
        if (read == null) {
            return false;
        }
        number++;
        line = read.strip();
        return true;
    }

    /// The line that [#next()] went to, without blanks around it.
    String line() {
        return line;
    }

    /// Whether the line says nothing: it is empty, or begins with `#` or `%`.
    boolean isRemark() {
        return line.isEmpty() || line.startsWith("#") || line.startsWith("%");
    }

    /// The words of the line.
    ///
    /// @param expected how many there should be
    /// @param meaning  what they should be
    /// @throws UsageException if there are more or fewer
    StringTokenizer words(int expected, String meaning) {
        StringTokenizer words = new StringTokenizer(line);
        if (words.countTokens() != expected) {
            throw wrong("expected " + meaning);
        }
        return words;
    }

    /// The next word as a number from `least` to `most`.
    int number(StringTokenizer words, int least, long most) {
        String word = words.nextToken();
        try {
            int value = Integer.parseInt(word);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw wrong("\"" + Example.shown(word) + "\" is not a number from " + least + " to " + most);
    }

    /// The next word as a number that need not be whole.
    double real(StringTokenizer words) {
        String word = words.nextToken();
        try {
            double value = Double.parseDouble(word);
            if (Double.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw wrong("\"" + Example.shown(word) + "\" is not a number");
    }

    /// A complaint about the line.
    UsageException wrong(String why) {
        return new UsageException(name + ", line " + number + ": " + why + ": \"" + Example.shown(line) + '"');
    }

    /// A complaint about the end of the text.
    UsageException cutOff(String why) {
        String place = number == 0 ? "" : " after line " + number;
        return new UsageException(name + ": damaged or cut off" + place + ": " + why);
    }
}
