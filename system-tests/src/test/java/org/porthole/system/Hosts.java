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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Hosts that are network namespaces, each with one interface, on a switch that is a bridge in a namespace of its own: nothing of them can be seen
/// from outside. Their addresses are 10.77.0.1 and so on, and fd77::1 and so on. Needs root and iproute2.
///
/// They share kernel and process ids, so that `PORTHOLE_HOST` has to tell them apart.
final class Hosts implements AutoCloseable {
    static final int PORT = 41_777;

    private static final Pattern PACKETS = Pattern.compile("packets (\\d+)");

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
        requireSuccess(new Command(words));
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

    /// Lets nothing of what is sent to a host come in, while what it sends itself goes out. Skips the test without nftables.
    void deafen(int host) {
        nft(host, "add rule inet fault in iifname eth0 drop");
    }

    /// Loses some of the packets that come to a host. Skips the test without nftables.
    void losePackets(int host, int percent) {
        nft(host, "add rule inet fault in iifname eth0 numgen random mod 100 < " + percent + " counter name lost drop");
    }

    /// How many have been lost so far.
    int lostPackets(int host) {
        Command command = inside(host, "nft", "list counter inet fault lost");
        Matcher count = PACKETS.matcher(command.output);
        assertThat(count.find()).as(command.output).isTrue();
        return Integer.parseInt(count.group(1));
    }

    /// Ends what [#deafen(int)] or [#losePackets(int, int)] began.
    void mendPackets(int host) {
        requireSuccess(inside(host, "nft", "delete table inet fault"));
    }

    private void nft(int host, String rule) {
        assumeThat(Files.isExecutable(Path.of("/usr/sbin/nft")))
                .as("nftables is installed")
                .isTrue();
        requireSuccess(inside(
                host,
                "nft",
                "add table inet fault; add counter inet fault lost; "
                        + "add chain inet fault in { type filter hook input priority 0 ; }; " + rule));
    }

    /// Takes a host's way to the others by IPv4; that by IPv6 stays.
    void loseRoutes(int host) {
        ip("-n", name(Integer.toString(host)), "route", "add", "blackhole", "10.77.0.0/25");
        ip("-n", name(Integer.toString(host)), "route", "add", "blackhole", "10.77.0.128/25");
    }

    /// Ends what [#loseRoutes(int)] began.
    void findRoutes(int host) {
        ip("-n", name(Integer.toString(host)), "route", "del", "blackhole", "10.77.0.0/25");
        ip("-n", name(Integer.toString(host)), "route", "del", "blackhole", "10.77.0.128/25");
    }

    private Command inside(int host, String... words) {
        List<String> line = new ArrayList<>(List.of("netns", "exec", name(Integer.toString(host))));
        line.addAll(Arrays.asList(words));
        return new Command(line.toArray(String[]::new));
    }

    private static void requireSuccess(Command command) {
        assertThat(command.code).as(command.toString()).isZero();
    }

    /// Resets every TCP connection between a host and the others.
    void resetConnections(int host) {
        requireSuccess(inside(host, "ss", "-K", "state", "established", "dst", "10.77.0.0/24"));
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
        private final List<String> line = new ArrayList<>(List.of("ip"));

        Command(String... words) {
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

        @Override
        public String toString() {
            return line + ": " + output;
        }
    }
}
