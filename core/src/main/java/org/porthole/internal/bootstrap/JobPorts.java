package org.porthole.internal.bootstrap;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/// Ports that all ranks of a job can work out. Another job, or anybody else, may have one of them: rank 0 takes the first that is free, and the
/// others ask at each, where only their own job's rank 0 knows the secret.
final class JobPorts {
    static final int COUNT = 4;
    /// Below what Linux gives to outgoing connections (32768), above what services are used to.
    private static final int FIRST = 20_000;

    private static final int LAST = 32_000;

    private JobPorts() {}

    /// The ports of a job, best first; only that of the settings if they name one.
    static List<Integer> of(Surroundings around, String job) {
        int set = Meeting.port(around, 0);
        if (set > 0) {
            return List.of(set);
        }
        CRC32C sum = new CRC32C();
        sum.update(job.getBytes(StandardCharsets.UTF_8));
        int begin = (int) (sum.getValue() % (LAST - FIRST)) + FIRST;
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            ports.add(begin + i);
        }
        return ports;
    }

    static List<InetSocketAddress> at(InetAddress host, Surroundings around, String job) {
        return of(around, job).stream()
                .map(port -> new InetSocketAddress(host, port))
                .toList();
    }
}
