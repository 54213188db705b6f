package org.porthole.transport.tcp;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Tells of connections that were refused: a few lines, and then, once in a while, how many more there were. What strangers have sent can fill no log.
///
/// **Threads.** One.
final class TcpRefusals {
    static final int MOST_LINES = 10;
    static final long PERIOD_NS = TimeUnit.SECONDS.toNanos(10);
    static final int MOST_CHARACTERS = 400;

    private final Consumer<String> log;
    private long begunNs;
    private int lines;
    private long untold;

    /// @param log takes a line
    TcpRefusals(Consumer<String> log) {
        this.log = log;
    }

    void tell(long nowNs, String line) {
        check(nowNs);
        if (lines == 0) {
            begunNs = nowNs;
        }
        if (lines < MOST_LINES) {
            lines++;
            log.accept(printable(line));
        } else {
            untold++;
        }
    }

    /// Tells how many there were that were not told of, when it is time.
    void check(long nowNs) {
        if (lines > 0 && nowNs - begunNs > PERIOD_NS) {
            lines = 0;
            if (untold > 0) {
                log.accept("refused " + untold + " more connections in the last "
                        + TimeUnit.NANOSECONDS.toSeconds(nowNs - begunNs) + " s");
                untold = 0;
            }
        }
    }

    private static String printable(String line) {
        String cut = line.length() > MOST_CHARACTERS ? line.substring(0, MOST_CHARACTERS) + "..." : line;
        return cut.replaceAll("\\p{Cntrl}", "?");
    }
}
