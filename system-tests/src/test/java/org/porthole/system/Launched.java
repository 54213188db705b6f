package org.porthole.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// A process that a test started, with all it has written so far. Closing it kills what is left of it and of its ranks.
///
/// **Threads.** Any.
final class Launched implements AutoCloseable {
    static final long DEADLINE_S = 40;

    private final Process process;
    private final Output out;
    private final Output err;

    private Launched(Process process) {
        this.process = process;
        this.out = new Output(process.getInputStream());
        this.err = new Output(process.getErrorStream());
    }

    /// Starts the `porthole` command as a JVM with the class path of the tests, so that ranks see the tests' programs.
    static Launched porthole(String... words) {
        return porthole(Map.of(), words);
    }

    static Launched porthole(Map<String, String> environment, String... words) {
        Map<String, String> all = new HashMap<>(environment);
        // Ranks that live for a second cost half as much without the optimising compiler.
        all.putIfAbsent("PORTHOLE_JVM", "-XX:TieredStopAtLevel=1");
        return start(all, Path.of(""), command(words));
    }

    /// The command line of [#porthole(String...)].
    static List<String> command(String... words) {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "org.porthole.cli.Main"));
        line.addAll(Arrays.asList(words));
        return line;
    }

    /// Starts anything.
    static Launched start(Map<String, String> environment, Path folder, List<String> words) {
        ProcessBuilder builder =
                new ProcessBuilder(words).directory(folder.toAbsolutePath().toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("PORTHOLE_"));
        builder.environment().putAll(environment);
        try {
            return new Launched(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The project's root folder, where the script is.
    static Path root() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.exists(at.resolve("porthole"))) {
            at = at.getParent();
        }
        return at;
    }

    /// Writes to its standard input and closes that.
    Launched feed(String text) {
        try (var in = process.getOutputStream()) {
            in.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    long pid() {
        return process.pid();
    }

    void terminate() {
        process.destroy();
    }

    void kill() {
        process.destroyForcibly();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /// Waits for its end and that of its output.
    int exitCode() throws InterruptedException {
        if (!process.waitFor(DEADLINE_S, TimeUnit.SECONDS)) {
            throw new AssertionError("still running after " + DEADLINE_S + " s" + report());
        }
        out.awaitEnd();
        err.awaitEnd();
        return process.exitValue();
    }

    /// Waits for the end of its output, which whoever it started may hold.
    ///
    /// @return whether it came
    boolean awaitOutputEnd() throws InterruptedException {
        return out.awaitEnd() && err.awaitEnd();
    }

    List<String> out() {
        return out.lines();
    }

    List<String> err() {
        return err.lines();
    }

    /// Waits until so many lines of standard output are as wanted, and returns them.
    List<String> awaitLines(int count, Predicate<String> wanted) throws InterruptedException {
        return out.await(count, wanted, this);
    }

    /// Waits until so many lines of standard error are as wanted, and returns them.
    List<String> awaitErrors(int count, Predicate<String> wanted) throws InterruptedException {
        return err.await(count, wanted, this);
    }

    /// Waits until so many ranks have written `pid N`, and returns their processes.
    List<ProcessHandle> awaitRanks(int count) throws InterruptedException {
        return awaitLines(count, line -> line.contains("] pid ")).stream()
                .map(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
                .map(pid -> ProcessHandle.of(pid)
                        .orElseThrow(() -> new AssertionError("rank " + pid + " has gone" + report())))
                .toList();
    }

    String report() {
        return "\nout: " + String.join("\n     ", out()) + "\nerr: " + String.join("\n     ", err());
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /// What one stream has said.
    private static final class Output {
        private final List<String> lines = new ArrayList<>();
        private final Thread reader;
        private boolean ended;

        Output(InputStream stream) {
            reader = Thread.ofPlatform().daemon().start(() -> read(stream));
        }

        private void read(InputStream stream) {
            try (var in = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    synchronized (this) {
                        lines.add(line);
                        notifyAll();
                    }
                }
            } catch (IOException e) {
                // The process was killed by the test.
            }
            synchronized (this) {
                ended = true;
                notifyAll();
            }
        }

        synchronized List<String> lines() {
            return List.copyOf(lines);
        }

        boolean awaitEnd() throws InterruptedException {
            return reader.join(Duration.ofSeconds(DEADLINE_S));
        }

        synchronized List<String> await(int count, Predicate<String> wanted, Launched whole)
                throws InterruptedException {
            long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_S);
            for (; ; ) {
                List<String> found = lines.stream().filter(wanted).toList();
                if (found.size() >= count) {
                    return found;
                }
                long leftMs = TimeUnit.NANOSECONDS.toMillis(endNs - System.nanoTime());
                if (ended || leftMs <= 0) {
                    throw new AssertionError("only " + found.size() + " of " + count + " lines came" + whole.report());
                }
                wait(leftMs);
            }
        }
    }
}
