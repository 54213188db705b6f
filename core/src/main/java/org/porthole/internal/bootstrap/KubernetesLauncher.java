package org.porthole.internal.bootstrap;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.porthole.ConfigurationException;
import org.porthole.config.CoreOptions;
import org.porthole.config.JoinMethod;

/// An Indexed Job of Kubernetes with a headless Service: pod `JOB-INDEX.SERVICE`, of which `JOB-0.SERVICE` is rank 0. How many there are the
/// manifest has to say.
///
/// **Source.** Kubernetes documentation, Jobs, "Completion mode" and "Job with Pod-to-Pod Communication".
final class KubernetesLauncher implements Launcher {
    static final int PORT = 41_700;

    private static final String INDEX = "JOB_COMPLETION_INDEX";

    @Override
    public JoinMethod method() {
        return JoinMethod.KUBERNETES;
    }

    @Override
    public String rankVariable(Surroundings around) {
        return "";
    }

    @Override
    public Finding look(Surroundings around) {
        if (around.number(INDEX).isEmpty()) {
            return Finding.none(INDEX + " is not set");
        }
        int size = around.configuration().value(CoreOptions.SIZE);
        if (size < 0) {
            return Finding.none(INDEX + " is set, but " + CoreOptions.SIZE.environmentName()
                    + " is not: set it to the Job's completions");
        }
        return Finding.of("rank " + around.text(INDEX) + " of " + size + ", from " + INDEX);
    }

    @Override
    public Bootstrap open(Surroundings around, Deadline deadline) {
        int rank = around.number(INDEX).orElse(-1);
        int size = around.configuration().value(CoreOptions.SIZE);
        Meeting.requireSize(around, rank, size);
        String given = around.configuration().value(CoreOptions.RENDEZVOUS);
        if (!given.isEmpty()) {
            return GivenAddress.meet(around, deadline, rank, size, "Kubernetes Indexed Job", given);
        }
        if (size == 1) {
            return new SingletonBootstrap("Kubernetes Indexed Job");
        }
        int port = Meeting.port(around, PORT);
        String zero = nameOfZero(around, rank);
        var seat = new RendezvousBootstrap.Seat(
                rank,
                size,
                "Kubernetes Indexed Job, rendezvous at " + zero + ":" + port,
                false,
                JobSecret.of(around, "kubernetes " + zero));
        return Meeting.at(
                seat, List.of(new InetSocketAddress(port)), () -> List.of(new InetSocketAddress(zero, port)), deadline);
    }

    /// `job-0.service.namespace.svc.cluster.local`, from this pod's own name and the line that the kubelet writes for it.
    static String nameOfZero(Surroundings around, int rank) {
        String own = around.text("HOSTNAME");
        String ending = "-" + rank;
        if (!own.endsWith(ending)) {
            throw new ConfigurationException("HOSTNAME=" + own + " does not end with " + ending
                    + ", as the pod of an Indexed Job does: set " + CoreOptions.RENDEZVOUS.key() + "=host:port");
        }
        String domain = domain(around, own)
                .orElseThrow(() -> new ConfigurationException(around.hosts() + " does not name a domain of " + own
                        + ": set spec.template.spec.subdomain to the name of a headless Service, or set "
                        + CoreOptions.RENDEZVOUS.key() + "=host:port"));
        return own.substring(0, own.length() - ending.length()) + "-0." + domain;
    }

    private static Optional<String> domain(Surroundings around, String own) {
        try (Stream<String> lines = Files.lines(around.hosts())) {
            return lines.map(line -> line.split("#", 2)[0])
                    .flatMap(line -> Stream.of(line.strip().split("\\s+")).skip(1))
                    .filter(name -> name.startsWith(own + "."))
                    .map(name -> name.substring(own.length() + 1))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
