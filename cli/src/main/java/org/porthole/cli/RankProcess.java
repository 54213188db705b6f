package org.porthole.cli;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A rank that was started as a child process.
///
/// **Threads.** Any.
final class RankProcess {
    /// Cyan, green, yellow, blue and magenta: red looks like an error.
    private static final List<Integer> COLOURS = List.of(36, 32, 33, 34, 35);

    private final int rank;
    private final Process process;
    private final List<OutputPump> pumps;

    private RankProcess(int rank, Process process, List<OutputPump> pumps) {
        this.rank = rank;
        this.process = process;
        this.pumps = pumps;
    }

    /// Starts a rank.
    ///
    /// @param rank      its number
    /// @param builder   what to start; streams that it makes pipes are carried to the screen
    /// @param screen    where output goes
    /// @param terminals which streams are coloured
    /// @return the rank
    /// @throws IOException if the system refuses
    static RankProcess start(int rank, ProcessBuilder builder, Screen screen, Terminals terminals) throws IOException {
        Process process = builder.start();
        if (builder.redirectInput().equals(Redirect.PIPE)) {
            process.getOutputStream().close();
        }
        if (!builder.redirectOutput().equals(Redirect.PIPE)) {
            return new RankProcess(rank, process, List.of());
        }
        var out = new LineTagger(tag(rank, terminals.out()));
        var err = new LineTagger(tag(rank, terminals.err()));
        return new RankProcess(
                rank,
                process,
                List.of(
                        OutputPump.start("rank " + rank + " out", process.getInputStream(), out, Outlet.OUT, screen),
                        OutputPump.start("rank " + rank + " err", process.getErrorStream(), err, Outlet.ERR, screen)));
    }

    /// `[3] `, coloured if it is for a terminal.
    private static byte[] tag(int rank, boolean isTerminal) {
        String plain = "[" + rank + "]";
        boolean coloured = isTerminal && System.getenv("NO_COLOR") == null;
        String tag = coloured ? "\033[" + COLOURS.get(rank % COLOURS.size()) + 'm' + plain + "\033[0m " : plain + ' ';
        return tag.getBytes(StandardCharsets.US_ASCII);
    }

    int rank() {
        return rank;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /// How it ended. Only when it has.
    Ending ending() {
        return new Ending(process.exitValue());
    }

    /// Calls back once it has ended, on some thread.
    void onEnd(Consumer<RankProcess> listener) {
        var _ = process.onExit().thenAccept(ended -> listener.accept(this));
    }

    /// Asks it to end: SIGTERM.
    void terminate() {
        process.destroy();
    }

    /// Makes it end: SIGKILL.
    void kill() {
        process.destroyForcibly();
    }

    /// Waits for its end.
    ///
    /// @return whether it has ended
    boolean awaitEnd(long timeoutNs) throws InterruptedException {
        return process.waitFor(Math.max(0, timeoutNs), TimeUnit.NANOSECONDS);
    }

    /// Waits until its output is on the screen; see [OutputPump#awaitEnd(Duration, Duration)].
    void awaitOutput(Duration patience, Duration deadline) throws InterruptedException {
        for (OutputPump pump : pumps) {
            pump.awaitEnd(patience, deadline);
        }
    }
}
