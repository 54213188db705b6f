package org.porthole.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Hosts that are network namespaces, each with one interface, on a switch that is a bridge in a namespace of its own: nothing of them can be seen
/// from outside. Their addresses are 10.77.0.1 and so on, and fd77::1 and so on. Needs root and iproute2.
///
/// They share kernel and process ids, so that `PORTHOLE_HOST` has to tell them apart.
final class Hosts implements AutoCloseable {
    static final int PORT = 41_777;

    private final String prefix = "porthole" + ProcessHandle.current().pid() + "-";
    private final int count;
    private final List<String> namespaces = new ArrayList<>();
    private final List<Launched> ranks = new ArrayList<>();

    private Hosts(int count) {
        this.count = count;
    }

    /// Makes so many; skips the test where that cannot be done.
    static Hosts open(int count) {
        assumeThat(Files.isExecutable(Path.of("/usr/sbin/ip")) || Files.isExecutable(Path.of("/sbin/ip")))
                .as("iproute2 is installed")
                .isTrue();
        Hosts hosts = new Hosts(count);
        try {
            assumeThat(hosts.add("switch"))
                    .as("this user may make network namespaces")
                    .isTrue();
            hosts.build();
            return hosts;
        } catch (RuntimeException | Error e) {
            hosts.close();
            throw e;
        }
    }

    private void build() {
        ip("-n", name("switch"), "link", "add", "bridge", "type", "bridge");
        ip("-n", name("switch"), "link", "set", "bridge", "up");
        for (int host = 1; host <= count; host++) {
            assertThat(add(Integer.toString(host))).isTrue();
            String name = name(Integer.toString(host));
            ip(
                    "-n",
                    name("switch"),
                    "link",
                    "add",
                    "port" + host,
                    "type",
                    "veth",
                    "peer",
                    "name",
                    "eth0",
                    "netns",
                    name);
            connect(host);
            ip("-n", name("switch"), "link", "set", "port" + host, "up");
            ip("-n", name, "link", "set", "lo", "up");
            ip("-n", name, "addr", "add", "10.77.0." + host + "/24", "dev", "eth0");
            ip("-n", name, "addr", "add", "fd77::" + host + "/64", "dev", "eth0", "nodad");
            ip("-n", name, "link", "set", "eth0", "up");
        }
    }

    private String name(String what) {
        return prefix + what;
    }

    private boolean add(String what) {
        Command command = new Command("netns", "add", name(what));
        if (command.code == 0) {
            namespaces.add(name(what));
        }
        return command.code == 0;
    }

    private static void ip(String... words) {
        Command command = new Command(words);
        assertThat(command.code)
                .as(Arrays.toString(words) + ": " + command.output)
                .isZero();
    }

    /// Plugs a host's cable in.
    void connect(int host) {
        ip("-n", name("switch"), "link", "set", "port" + host, "master", "bridge");
    }

    /// Pulls a host's cable out at the switch, so that whatever is sent to it or by it vanishes without a word.
    void disconnect(int host) {
        ip("-n", name("switch"), "link", "set", "port" + host, "nomaster");
    }

    /// Takes a host's interface down, as the host itself can see.
    void takeDown(int host) {
        ip("-n", name(Integer.toString(host)), "link", "set", "eth0", "down");
    }

    /// Takes it up again; addresses of IPv6 went with it, and so did routes.
    void takeUp(int host) {
        String name = name(Integer.toString(host));
        ip("-n", name, "link", "set", "eth0", "up");
        ip("-n", name, "addr", "replace", "fd77::" + host + "/64", "dev", "eth0", "nodad");
    }

    /// Resets every TCP connection between a host and the others.
    void resetConnections(int host) {
        Command command = new Command(
                "netns",
                "exec",
                name(Integer.toString(host)),
                "ss",
                "-K",
                "state",
                "established",
                "dst",
                "10.77.0.0/24");
        assertThat(command.code).as(command.output).isZero();
    }

    /// Starts a job with equally many ranks on each host, as a script would: each rank is told of the rendezvous at rank 0.
    List<Launched> startJob(int perHost, Map<String, String> environment, String... words) {
        for (int rank = 0; rank < count * perHost; rank++) {
            int host = 1 + rank / perHost;
            Map<String, String> all = new HashMap<>();
            all.put("PORTHOLE_HOST", "host" + host);
            all.put("PORTHOLE_JOB_RANK", Integer.toString(rank));
            all.put("PORTHOLE_JOB_SIZE", Integer.toString(count * perHost));
            all.put("PORTHOLE_JOB_RENDEZVOUS", "10.77.0.1:" + PORT);
            all.put("PORTHOLE_JOB_SECRET", "known to all ranks");
            all.putAll(environment);
            List<String> line = new ArrayList<>(List.of("ip", "netns", "exec", name(Integer.toString(host))));
            line.addAll(Launched.command(words));
            ranks.add(Launched.start(all, Path.of(""), line));
        }
        return ranks;
    }

    /// Waits for the end of all ranks, and requires exit code 0.
    void awaitSuccess() throws InterruptedException {
        for (Launched each : ranks) {
            assertThat(each.exitCode()).as(() -> report()).isZero();
        }
    }

    /// Requires that nothing runs on the hosts any more.
    void requireNobody() {
        for (String each : namespaces) {
            assertThat(new Command("netns", "pids", each).output).isEmpty();
        }
    }

    String report() {
        StringBuilder text = new StringBuilder();
        for (int rank = 0; rank < ranks.size(); rank++) {
            text.append("\nrank ").append(rank).append(ranks.get(rank).report());
        }
        return text.toString();
    }

    @Override
    public void close() {
        ranks.forEach(Launched::close);
        namespaces.forEach(each -> new Command("netns", "del", each));
    }

    /// One `ip` command, run to its end.
    private static final class Command {
        final int code;
        final String output;

        Command(String... words) {
            List<String> line = new ArrayList<>(List.of("ip"));
            line.addAll(Arrays.asList(words));
            try {
                Process process =
                        new ProcessBuilder(line).redirectErrorStream(true).start();
                output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                if (!process.waitFor(Launched.DEADLINE_S, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new AssertionError(line + " does not end");
                }
                code = process.exitValue();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
    }
}
