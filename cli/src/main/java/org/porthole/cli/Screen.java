package org.porthole.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// The launcher's two output streams, which its ranks share.
///
/// Each call writes its bytes in one piece: no other call's bytes come between, on either stream, for both may end at one terminal.
/// A stream whose reader went away swallows what follows.
///
/// **Threads.** Any. A call blocks while the reader does not read.
final class Screen {
    private static final byte[] CLEAR_LINE = "\r\033[K".getBytes(StandardCharsets.US_ASCII);

    private final OutputStream out;
    private final OutputStream err;
    private final Runnable onOutputLost;
    private boolean outLost;
    private boolean errLost;
    private boolean statusShown;
    private volatile boolean used;

    Screen(OutputStream out, OutputStream err, Runnable onOutputLost) {
        this.out = out;
        this.err = err;
        this.onOutputLost = onOutputLost;
    }

    /// This process's own streams, unbuffered.
    ///
    /// @param onOutputLost called at most once, when the reader of standard output has gone
    /// @return the screen
    static Screen ofProcess(Runnable onOutputLost) {
        return new Screen(
                new FileOutputStream(FileDescriptor.out), new FileOutputStream(FileDescriptor.err), onOutputLost);
    }

    /// Writes a rank's output.
    synchronized void write(Outlet outlet, byte[] bytes, int length) {
        used = true;
        clearStatus();
        if (outlet == Outlet.OUT) {
            writeOut(bytes, length);
        } else {
            writeErr(bytes, length);
        }
    }

    /// Writes one line of the launcher's own to standard error.
    synchronized void say(String line) {
        clearStatus();
        byte[] bytes = ("porthole: " + line + System.lineSeparator()).getBytes(StandardCharsets.UTF_8);
        writeErr(bytes, bytes.length);
    }

    /// Shows a line that the next one replaces. For terminals only.
    synchronized void status(String line) {
        clearStatus();
        byte[] bytes = ("porthole: " + line).getBytes(StandardCharsets.UTF_8);
        writeErr(bytes, bytes.length);
        statusShown = true;
    }

    /// Takes the status line away, if there is one.
    synchronized void clearStatus() {
        if (statusShown) {
            statusShown = false;
            writeErr(CLEAR_LINE, CLEAR_LINE.length);
        }
    }

    /// Whether a rank has written anything.
    boolean isUsed() {
        return used;
    }

    private void writeOut(byte[] bytes, int length) {
        if (outLost) {
            return;
        }
        try {
            out.write(bytes, 0, length);
        } catch (IOException e) {
            outLost = true;
            onOutputLost.run();
        }
    }

    private void writeErr(byte[] bytes, int length) {
        if (errLost) {
            return;
        }
        try {
            err.write(bytes, 0, length);
        } catch (IOException e) {
            errLost = true;
        }
    }
}
