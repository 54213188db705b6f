package org.porthole.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Four hosts that are namespaces, with a Slurm or a stand-in for ssh, by the scripts in `cluster/`. Needs root and the launchers.
final class LauncherCluster implements AutoCloseable {
    private static final int HOSTS = 4;

    private final String tag = "ph" + ProcessHandle.current().pid();
    private final Path folder;
    private final boolean slurm;
    private final Path home;
    private final List<Launched> jobs = new ArrayList<>();
    private int scripts;

    private LauncherCluster(Path folder, boolean slurm) {
        this.folder = folder;
        this.slurm = slurm;
        home = folder.resolve("home");
    }

    /// Brings it up; skips the test where that cannot be done.
    ///
    /// @param folder where everything of it is, empty
    static LauncherCluster open(Path folder, boolean slurm) {
        for (String each : slurm ? List.of("srun", "slurmctld", "slurmd", "munged") : List.of("ip", "nsenter")) {
            requireProgram(each);
        }
        assumeThat(System.getProperty("user.name")).as("who makes namespaces").isEqualTo("root");
        LauncherCluster cluster = new LauncherCluster(folder, slurm);
        try {
            Files.createDirectories(cluster.home);
            if (slurm) {
                cluster.script(
                        "slurm-up.sh",
                        "-n",
                        "4",
                        "-c",
                        "4",
                        "-m",
                        "netns",
                        "-d",
                        cluster.root().toString());
            } else {
                cluster.script("netns-up.sh", Integer.toString(HOSTS), cluster.tag);
            }
            return cluster;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
    }

    private static void requireProgram(String name) {
        assumeThat(Stream.of("/usr/bin", "/usr/sbin", "/bin", "/sbin")
                        .anyMatch(each -> Files.isExecutable(Path.of(each, name))))
                .as(name + " is installed")
                .isTrue();
    }

    private Path root() {
        return slurm ? folder.resolve(tag) : folder.resolve("netns-" + tag);
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        environment.put("TMPDIR", folder.toString());
        environment.put("HOME", home.toString());
        environment.put("PATH", System.getenv("PATH") + ":/usr/sbin:/sbin");
        if (slurm) {
            environment.put("SLURM_CONF", root().resolve("slurm.conf").toString());
        }
        return environment;
    }

    private void script(String name, String... words) {
        List<String> line = new ArrayList<>();
        line.add(Launched.root().resolve("system-tests/cluster/" + name).toString());
        line.addAll(Arrays.asList(words));
        run(line.toArray(String[]::new));
    }

    private void run(String... line) {
        String name = Path.of(line[0]).getFileName().toString();
        Path log = folder.resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment());
        try {
            Process process = builder.start();
            if (!process.waitFor(Launched.DEADLINE_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(name + " does not end: " + Files.readString(log));
            }
            assertThat(process.exitValue()).as(() -> text(log)).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /// Starts a job by a launcher. The ranks are JVMs with the class path of the tests, started by a script, as users do.
    ///
    /// @param hosts   on how many
    /// @param perHost how many ranks on each
    /// @param exports lines of the ranks' script
    /// @param words   of the `porthole` command
    Launched start(LauncherKind kind, int hosts, int perHost, List<String> exports, String... words) {
        return start(kind, List.of(), hosts, perHost, exports, words);
    }

    /// The same.
    ///
    /// @param options more of the launcher's
    Launched start(
            LauncherKind kind, List<String> options, int hosts, int perHost, List<String> exports, String... words) {
        requireProgram(kind.words(1, 1, Path.of("sh"), "").getFirst());
        List<String> line = new ArrayList<>(List.of(root().resolve("in").toString(), slurm ? "head" : tag + "head"));
        line.addAll(kind.words(hosts, perHost, root().resolve("rsh"), tag));
        line.addAll(options);
        line.add(rankScript(exports, words).toString());
        return launch(line);
    }

    /// Starts a process as the pod of an Indexed Job called `heat`.
    ///
    /// @param index of the pod, 0 to 3
    /// @param names what stands for `/etc/hosts`
    Launched startPod(int index, Path names, String export, String... words) {
        List<String> exports = List.of(
                "JOB_COMPLETION_INDEX=" + index, "HOSTNAME=heat-" + index, "PORTHOLE_JOB_SECRET=sesame", export);
        String within = "mount --bind '" + names + "' /etc/hosts && exec '" + rankScript(exports, words) + "'";
        return launch(List.of(root().resolve("in").toString(), tag + (index + 1), "sh", "-c", within));
    }

    private Launched launch(List<String> line) {
        Launched job = Launched.start(environment(), folder, line);
        jobs.add(job);
        return job;
    }

    private Path rankScript(List<String> exports, String... words) {
        StringBuilder text = new StringBuilder("#!/bin/sh\nexport PORTHOLE_HOST=$(hostname) HOME='" + home + "'\n"
                + "export PORTHOLE_WAIT_DEADLINE=60s PORTHOLE_TCP_RECONNECT=0s\n");
        exports.forEach(each -> text.append("export ").append(each).append('\n'));
        // Not exec: a shell between the launcher and the rank is what users have.
        text.append(Stream.of(Launched.command(words))
                        .flatMap(List::stream)
                        .map(word -> "'" + word.replace("'", "'\\''") + "'")
                        .reduce((one, other) -> one + " " + other)
                        .orElseThrow()
                        .replace("'-cp'", "'-Dporthole.test.mark=" + tag + "' '-cp'"))
                .append("\n");
        try {
            Path script = folder.resolve("rank" + scripts++ + ".sh");
            Files.writeString(script, text);
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
            return script;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Kills what serves Slurm on a node; the steps there have daemons of their own.
    ///
    /// @param node from 1
    void killSlurmd(int node) throws InterruptedException {
        ProcessHandle slurmd = slurmd(node);
        slurmd.destroyForcibly();
        awaitEnd(slurmd);
    }

    private ProcessHandle slurmd(int node) {
        String pid = text(root().resolve("slurmd.n" + node + ".pid")).strip();
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }

    /// Starts it again, ends the jobs that Slurm still counts as running there, and waits until the node takes steps.
    void startSlurmd(int node) throws IOException {
        Path conf = root().resolve("slurm.conf");
        String name = "n" + node;
        Path pidFile = root().resolve("slurmd." + name + ".pid");
        Files.deleteIfExists(pidFile);
        run(root().resolve("in").toString(), name, "slurmd", "-c", "-N", name, "-f", conf.toString());
        String jobs = "squeue -h -o %i | xargs -r scancel -s KILL; "
                + "for i in $(seq 300); do [ -z \"$(squeue -h -o %i)\" ] && exit; sleep 0.1; done; squeue; exit 1";
        run(root().resolve("in").toString(), "head", "sh", "-c", jobs);
        run(root().resolve("in").toString(), "head", "srun", "-Q", "-I20", "-w", name, "--mpi=none", "true");
        // What is ended when the cluster is.
        Path pids = root().resolve("pids");
        String line = "slurmd-" + name + " ";
        Files.writeString(
                pids,
                text(pids).replaceFirst(line + "\\d+", line + text(pidFile).strip()));
    }

    /// The processes of ranks that live.
    List<ProcessHandle> ranks() {
        return processes()
                .filter(each -> commandLine(each).contains("-Dporthole.test.mark=" + tag))
                .toList();
    }

    /// The nearest ancestor of a process that is called so.
    static ProcessHandle ancestor(ProcessHandle process, String name) {
        for (ProcessHandle at = process; ; at = at.parent().orElseThrow()) {
            if (text(Path.of("/proc/" + at.pid() + "/comm"))
                    .strip()
                    .equals(name.substring(0, Math.min(15, name.length())))) {
                return at;
            }
        }
    }

    private static Stream<ProcessHandle> processes() {
        return ProcessHandle.allProcesses();
    }

    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"), StandardCharsets.ISO_8859_1)
                    .replace('\0', ' ');
        } catch (IOException e) {
            return "";
        }
    }

    /// Waits until no rank is left.
    void awaitNobody() throws InterruptedException {
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(Launched.DEADLINE_S);
        for (List<ProcessHandle> left = ranks(); !left.isEmpty(); left = ranks()) {
            assertThat(System.nanoTime() - endNs)
                    .as(() -> "ranks are left: " + ranks() + report())
                    .isNegative();
            for (ProcessHandle each : left) {
                awaitEnd(each);
            }
        }
    }

    private static void awaitEnd(ProcessHandle process) throws InterruptedException {
        while (process.isAlive()) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    String report() {
        StringBuilder text = new StringBuilder();
        jobs.forEach(job -> text.append("\njob").append(job.report()));
        return text.toString();
    }

    /// Ends what a test has left.
    void clear() {
        jobs.forEach(Launched::close);
        jobs.clear();
        ranks().forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() {
        clear();
        if (slurm) {
            script("slurm-down.sh", root().toString());
        } else {
            script("netns-down.sh", tag);
        }
    }
}
