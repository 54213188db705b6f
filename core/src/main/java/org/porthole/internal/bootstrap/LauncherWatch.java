package org.porthole.internal.bootstrap;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.porthole.JoinException;
import org.porthole.config.Configuration;
import org.porthole.config.CoreOptions;
import org.porthole.config.RendezvousHost;
import org.porthole.internal.bootstrap.RendezvousConnection.StrangerException;
import org.porthole.internal.bootstrap.RendezvousWire.Purpose;

/// Ends this process when its launcher has gone: a killed launcher must not leave ranks behind.
///
/// It holds a connection to the launcher's rendezvous, which the kernel ends with the launcher's process, though nobody has reaped that yet.
/// Where there is no such connection it asks for the process now and then, as [ProcessHandle#onExit()] does: up to 5 s late.
///
/// **Threads.** Waits on a daemon thread of its own.
public final class LauncherWatch {
    private static final System.Logger LOG = System.getLogger(LauncherWatch.class.getName());

    /// As if the launcher had forwarded SIGTERM.
    private static final int EXIT_CODE = 143;

    private static final int ANSWER_MS = 10_000;
    private static final AtomicBoolean STARTED = new AtomicBoolean();

    private final long launcher;
    private final Member member;
    private final Runnable onGone;
    private RendezvousConnection connection;
    private boolean closed;

    /// As whom to watch.
    ///
    /// @param rank       the rank
    /// @param size       how many there are
    /// @param rendezvous host and port where the launcher listens; empty if it does not
    /// @param secret     the job's
    record Member(int rank, int size, String rendezvous, String secret) {}

    LauncherWatch(long launcher, Member member, Runnable onGone) {
        this.launcher = launcher;
        this.member = member;
        this.onGone = onGone;
    }

    /// Starts watching, if the configuration names a launcher and this process does not watch yet.
    ///
    /// @param configuration the settings
    public static void start(Configuration configuration) {
        int launcher = configuration.value(CoreOptions.LAUNCHER);
        if (launcher >= 0) {
            boolean listens = configuration.value(CoreOptions.RENDEZVOUS_HOST) == RendezvousHost.LAUNCHER;
            start(
                    launcher,
                    new Member(
                            configuration.value(CoreOptions.RANK),
                            configuration.value(CoreOptions.SIZE),
                            listens ? configuration.value(CoreOptions.RENDEZVOUS) : "",
                            configuration.value(CoreOptions.SECRET)),
                    LauncherWatch::log);
        }
    }

    /// Starts watching, if the environment names a launcher and this process does not watch yet. Variables that cannot be used are for
    /// [Configuration] to complain about.
    ///
    /// @param environment the variables
    /// @param teller      is told why this process ends
    public static void start(Map<String, String> environment, Consumer<String> teller) {
        String launcher = environment.getOrDefault(CoreOptions.LAUNCHER.environmentName(), "");
        String rank = environment.getOrDefault(CoreOptions.RANK.environmentName(), "");
        String size = environment.getOrDefault(CoreOptions.SIZE.environmentName(), "");
        String host = environment.getOrDefault(CoreOptions.RENDEZVOUS_HOST.environmentName(), "");
        String rendezvous = environment.getOrDefault(CoreOptions.RENDEZVOUS.environmentName(), "");
        String secret = environment.getOrDefault(CoreOptions.SECRET.environmentName(), "");
        if (isNumber(launcher) && isNumber(rank) && isNumber(size)) {
            boolean listens = host.toUpperCase(Locale.ROOT).equals(RendezvousHost.LAUNCHER.name());
            start(
                    Long.parseLong(launcher),
                    new Member(Integer.parseInt(rank), Integer.parseInt(size), listens ? rendezvous : "", secret),
                    teller);
        }
    }

    private static boolean isNumber(String text) {
        return text.matches("\\d{1,9}");
    }

    private static void start(long launcher, Member member, Consumer<String> teller) {
        boolean isOwn = launcher == ProcessHandle.current().pid();
        if (!isOwn && STARTED.compareAndSet(false, true)) {
            String line =
                    "rank " + member.rank() + ": the launcher, process " + launcher + ", has gone: this rank ends";
            LauncherWatch watch = new LauncherWatch(launcher, member, () -> LastWords.end(EXIT_CODE, line, teller));
            // The JVM waits 0.3 s at its exit for a thread that sits in the kernel.
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(watch::close));
            Thread.ofPlatform().daemon().name("porthole-launcher-watch").start(watch::run);
        }
    }

    /// Returns when the launcher has gone, or somebody else waits for that.
    void run() {
        // Before the connection, so that it is not another process of the same id.
        Optional<ProcessHandle> process = ProcessHandle.of(launcher);
        if (process.isEmpty() || isCutOff()) {
            onGone.run();
        } else if (!isClosed()) {
            var _ = process.get().onExit().thenRun(onGone);
        }
    }

    /// Holds a connection to the launcher until it ends.
    ///
    /// @return whether it ended without a word, or nobody listens any more; false too if the launcher does not listen, or does not know us
    private boolean isCutOff() {
        if (member.rendezvous().isEmpty()) {
            return false;
        }
        InetSocketAddress address = RendezvousWire.address(member.rendezvous());
        byte[] secret = RendezvousWire.secret(member.secret());
        for (; ; ) {
            try (RendezvousConnection held = RendezvousConnection.open(
                    address,
                    Purpose.WATCH,
                    member.rank(),
                    member.size(),
                    secret,
                    RendezvousWire.challenge(),
                    ANSWER_MS,
                    ANSWER_MS)) {
                return isHeld(held) && !hasWord(held) && !isClosed();
            } catch (StrangerException | JoinException e) {
                LOG.log(Level.DEBUG, "cannot watch the launcher by a connection", e);
                return false;
            } catch (ConnectException e) {
                // It has listened since before this process was started.
                return true;
            } catch (IOException e) {
                // Interrupted while greeting: a slow start, or the launcher's end, which the next attempt will tell.
                LOG.log(Level.DEBUG, "the launcher has not answered", e);
            }
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /// Takes note of a connection, unless this process ends.
    private synchronized boolean isHeld(RendezvousConnection held) {
        connection = held;
        return !closed;
    }

    /// Watches no more.
    synchronized void close() {
        closed = true;
        if (connection != null) {
            connection.cut();
        }
    }

    private static boolean hasWord(RendezvousConnection held) {
        try {
            held.timeout(0);
            return held.in.read() >= 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static void log(String line) {
        LOG.log(Level.ERROR, line);
    }
}
