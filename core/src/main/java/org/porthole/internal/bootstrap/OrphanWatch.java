package org.porthole.internal.bootstrap;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/// Ends this process when the daemon of the launcher that started it has gone: mpirun leaves its ranks behind when it is killed, and so does the
/// daemon of any launcher on the node.
///
/// The launcher's process is the nearest ancestor whose environment does not make it this very rank: shells and scripts between the two do not
/// count, for they may end first. It is looked at in `/proc` every [#EVERY_NS]; where there is none, as outside Linux, nothing is watched.
///
/// **Threads.** Watches on a daemon thread of its own, which sleeps.
///
/// **Source.** man-pages 6: proc(5).
final class OrphanWatch {
    private static final long EVERY_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int EXIT_CODE = 143;
    private static final int DEEPEST = 64;
    private static final AtomicBoolean STARTED = new AtomicBoolean();

    private final Path proc;

    /// A process.
    ///
    /// @param pid     its number
    /// @param name    what it calls itself
    /// @param state   one letter; `Z` and `X` are dead
    /// @param parent  its parent's number
    /// @param started when, in ticks since boot: tells it from a later one with the same number
    record Ancestor(long pid, String name, char state, long parent, long started) {
        private static final int PARENT = 1;
        private static final int STARTED = 19;

        /// @param stat the line in its `stat`
        static Ancestor of(String stat) {
            int open = stat.indexOf('(');
            int shut = stat.lastIndexOf(')');
            String[] rest = stat.substring(shut + 2).split(" ", -1);
            return new Ancestor(
                    Long.parseLong(stat.substring(0, open - 1)),
                    stat.substring(open + 1, shut),
                    rest[0].charAt(0),
                    Long.parseLong(rest[PARENT]),
                    Long.parseLong(rest[STARTED]));
        }

        boolean isDead() {
            return state == 'Z' || state == 'X';
        }
    }

    OrphanWatch(Path proc) {
        this.proc = proc;
    }

    /// Starts watching, unless this process does already, or its launcher cannot be found.
    ///
    /// @param environment this process's variables
    /// @param variable    tells ranks apart
    static void start(Map<String, String> environment, String variable) {
        OrphanWatch watch = new OrphanWatch(Path.of("/proc"));
        String marker = variable + '=' + environment.getOrDefault(variable, "");
        watch.launcher(marker)
                .filter(_ -> STARTED.compareAndSet(false, true))
                .ifPresent(launcher -> Thread.ofPlatform()
                        .daemon()
                        .name("porthole-orphan-watch")
                        .start(() -> watch.run(launcher, marker)));
    }

    private void run(Ancestor launcher, String marker) {
        while (isAlive(launcher)) {
            LockSupport.parkNanos(EVERY_NS);
        }
        LastWords.end(
                EXIT_CODE,
                marker + ": the launcher, process " + launcher.pid() + " (" + launcher.name()
                        + "), has gone: this rank ends");
    }

    /// The nearest ancestor whose environment lacks `marker`, or may not be read; none if that is the system's first process.
    Optional<Ancestor> launcher(String marker) {
        Optional<Ancestor> at = process("self");
        for (int i = 0; i < DEEPEST && at.isPresent() && at.get().parent() > 1; i++) {
            at = process(Long.toString(at.get().parent()));
            if (at.isPresent() && !hasVariable(at.get(), marker)) {
                return at;
            }
        }
        return Optional.empty();
    }

    boolean isAlive(Ancestor launcher) {
        return process(Long.toString(launcher.pid()))
                .filter(now -> now.started() == launcher.started() && !now.isDead())
                .isPresent();
    }

    private Optional<Ancestor> process(String name) {
        try {
            return Optional.of(
                    Ancestor.of(Files.readString(proc.resolve(name).resolve("stat"), StandardCharsets.ISO_8859_1)));
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private boolean hasVariable(Ancestor ancestor, String marker) {
        try {
            String all = Files.readString(
                    proc.resolve(Long.toString(ancestor.pid())).resolve("environ"), StandardCharsets.ISO_8859_1);
            return Arrays.asList(all.split("\0", -1)).contains(marker);
        } catch (IOException e) {
            return false;
        }
    }
}
