package org.porthole.cli;

import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// A stream that hands on whole lines only, each in one write, so that a launcher which merges the output of many ranks has nothing to tear apart:
/// `printf` alone would write a line in as many pieces as its format has.
///
/// [#flush()] hands on what has no end yet, such as a question.
///
/// **Threads.** One at a time, as [PrintStream] sees to.
final class WholeLines extends OutputStream {
    /// A longer line is handed on in pieces.
    private static final int LONGEST = 64 * 1024;

    private final OutputStream out;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    WholeLines(OutputStream out) {
        this.out = out;
    }

    /// Makes standard output and standard error such streams, unless they are a person's terminal, where pieces are wanted as they come.
    ///
    /// @param isLaunched whether a launcher has started this process: what looks like a terminal is then the launcher's, as with mpirun
    static void install(boolean isLaunched) {
        if (isLaunched || !isTerminal(1)) {
            System.setOut(new PrintStream(
                    new WholeLines(new FileOutputStream(FileDescriptor.out)), false, System.out.charset()));
        }
        if (isLaunched || !isTerminal(2)) {
            System.setErr(new PrintStream(
                    new WholeLines(new FileOutputStream(FileDescriptor.err)), false, System.err.charset()));
        }
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            System.out.flush();
            System.err.flush();
        }));
    }

    /// Whether a stream of this process is a device. Unknown ones count as such.
    private static boolean isTerminal(int stream) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd", Integer.toString(stream)))
                    .startsWith("/dev");
        } catch (IOException e) {
            return true;
        }
    }

    @Override
    public void write(int b) throws IOException {
        line.write(b);
        if (b == '\n' || line.size() >= LONGEST) {
            flush();
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int end = offset + length;
        while (end > offset && bytes[end - 1] != '\n') {
            end--;
        }
        line.write(bytes, offset, end - offset);
        if (end > offset) {
            flush();
        }
        line.write(bytes, end, offset + length - end);
        if (line.size() >= LONGEST) {
            flush();
        }
    }

    @Override
    public void flush() throws IOException {
        if (line.size() > 0) {
            byte[] whole = line.toByteArray();
            line.reset();
            out.write(whole);
        }
    }

    @Override
    public void close() throws IOException {
        flush();
        out.close();
    }
}
