package org.porthole.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.porthole.Rendezvous;

/// Real JVMs that are the ranks of one job on this host, under the control of a test: it can kill them, stop and continue them, and read what
/// they write. Every wait has a deadline, and fails with the output of all ranks; closing kills what is left.
///
/// ```java
/// try (Cluster cluster = Cluster.start(3, Map.of("PORTHOLE_TRANSPORTS", "shm"), Program.class)) {
///     cluster.awaitLine(1, "ready");
///     cluster.kill(1);
///     cluster.awaitSuccess(0, 2);
/// }
/// ```
///
/// **Threads.** One.
public final class Cluster implements AutoCloseable {
    /// Exit code of a process that SIGKILL has ended.
    public static final int KILLED = 128 + 9;

    private static final long DEADLINE_S = 50;
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final List<String> JVM_ARGUMENTS = List.of(
            "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m", "--enable-native-access=ALL-UNNAMED", "-ea");

    private final Rendezvous rendezvous;
    private final List<Process> processes = new ArrayList<>();
    private final List<ClusterOutput> outputs = new ArrayList<>();

    private Cluster(Rendezvous rendezvous) {
        this.rendezvous = rendezvous;
    }

    /// Starts one JVM per rank, with the class path of this one.
    ///
    /// @param size        how many
    /// @param environment added to theirs; of this process's, no `PORTHOLE_` variable is handed on
    /// @param main        the class that each runs
    /// @param arguments   its arguments, the same for all
    /// @return the cluster, to be closed
    public static Cluster start(int size, Map<String, String> environment, Class<?> main, String... arguments) {
        Cluster cluster = new Cluster(Rendezvous.open(size));
        try {
            for (int rank = 0; rank < size; rank++) {
                cluster.startRank(rank, environment, main, arguments);
            }
        } catch (IOException e) {
            cluster.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    private void startRank(int rank, Map<String, String> environment, Class<?> main, String... arguments)
            throws IOException {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(JVM_ARGUMENTS);
        line.add("-cp");
        line.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        line.add(main.getName());
        line.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("PORTHOLE_"));
        builder.environment().putAll(rendezvous.environment(rank));
        builder.environment().putAll(environment);
        Process process = builder.start();
        processes.add(process);
        outputs.add(new ClusterOutput("rank " + rank, process.getInputStream()));
    }

    /// How many ranks were started.
    ///
    /// @return the size
    public int size() {
        return processes.size();
    }

    /// The process of a rank.
    ///
    /// @param rank the rank
    /// @return a live or ended process
    public Process process(int rank) {
        return processes.get(rank);
    }

    /// Kills a rank as `kill -9` does, and waits for its end.
    ///
    /// @param rank the rank
    public void kill(int rank) {
        processes.get(rank).destroyForcibly();
        int ignored = awaitExit(rank);
    }

    /// Stops a rank in its tracks (SIGSTOP), and waits until all its threads have stopped. Needs Linux.
    ///
    /// @param rank the rank
    public void suspend(int rank) {
        signal(rank, "STOP");
        long begin = System.nanoTime();
        while (!isStopped(processes.get(rank).pid())) {
            if (System.nanoTime() - begin > TimeUnit.SECONDS.toNanos(DEADLINE_S)) {
                throw failure("rank " + rank + " has not stopped");
            }
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    /// Whether every thread has stopped: each does so only when it next returns from the kernel.
    ///
    /// **Source.** proc_pid_stat(5): the state follows the last parenthesis.
    private static boolean isStopped(long process) {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/" + process + "/task"))) {
            for (Path thread : threads) {
                String stat = Files.readString(thread.resolve("stat"), StandardCharsets.ISO_8859_1);
                if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            }
            return true;
        } catch (NoSuchFileException e) {
            return false; // a thread has ended meanwhile
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Lets a stopped rank go on (SIGCONT).
    ///
    /// @param rank the rank
    public void resume(int rank) {
        signal(rank, "CONT");
    }

    /// By the shell, whose `kill` is always there.
    private void signal(int rank, String name) {
        try {
            Process kill = new ProcessBuilder(
                            "sh",
                            "-c",
                            "kill -" + name + " " + processes.get(rank).pid())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!kill.waitFor(DEADLINE_S, TimeUnit.SECONDS) || kill.exitValue() != 0) {
                throw failure("SIG" + name + " could not be sent to rank " + rank);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /// Ends a rank's standard input, which programs read to wait for the test.
    ///
    /// @param rank the rank
    public void release(int rank) {
        try {
            processes.get(rank).getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Waits until a rank has written a line that contains `text`.
    ///
    /// @param rank the rank
    /// @param text what to look for
    /// @throws AssertionError if it ends without, or does not write it in time
    public void awaitLine(int rank, String text) {
        awaitLines(rank, text, 1);
    }

    /// Waits until a rank has written so many lines that contain `text`.
    ///
    /// @param rank  the rank
    /// @param text  what to look for
    /// @param count how often
    /// @throws AssertionError if it ends without, or does not write them in time
    public void awaitLines(int rank, String text, int count) {
        try {
            if (!outputs.get(rank).await(text, count, TimeUnit.SECONDS.toNanos(DEADLINE_S))) {
                throw failure("rank " + rank + " has not written \"" + text + "\" " + count + " times");
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /// Waits for a rank's end and for the last of its output.
    ///
    /// @param rank the rank
    /// @return its exit code
    /// @throws AssertionError if it does not end in time
    public int awaitExit(int rank) {
        try {
            if (!processes.get(rank).waitFor(DEADLINE_S, TimeUnit.SECONDS)) {
                throw failure("rank " + rank + " has not ended");
            }
            outputs.get(rank).awaitEnd();
            return processes.get(rank).exitValue();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /// Waits until ranks have ended, and requires exit code 0 of them.
    ///
    /// @param ranks which; none for all
    /// @throws AssertionError if one ends otherwise or not in time
    public void awaitSuccess(int... ranks) {
        for (int i = 0; i < (ranks.length == 0 ? size() : ranks.length); i++) {
            int rank = ranks.length == 0 ? i : ranks[i];
            int code = awaitExit(rank);
            if (code != 0) {
                throw failure("rank " + rank + " ended with " + code);
            }
        }
    }

    /// What a rank has written so far: the last part of it, if it is much.
    ///
    /// @param rank the rank
    /// @return its lines
    public String output(int rank) {
        return outputs.get(rank).text();
    }

    private AssertionError failure(String what) {
        StringBuilder text = new StringBuilder(what);
        for (int rank = 0; rank < size(); rank++) {
            Process process = processes.get(rank);
            text.append("\n--- rank ")
                    .append(rank)
                    .append(process.isAlive() ? " (running)" : " (exit code " + process.exitValue() + ")")
                    .append('\n')
                    .append(output(rank));
        }
        return new AssertionError(text.toString());
    }

    private AssertionError interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        AssertionError error = failure("interrupted");
        error.initCause(e);
        return error;
    }

    /// Kills every rank that still runs, waits for their ends, and closes the rendezvous.
    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
        boolean interrupted = false;
        for (Process process : processes) {
            try {
                process.waitFor(DEADLINE_S, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        rendezvous.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
