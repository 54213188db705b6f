package org.porthole.internal.bootstrap;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;

/// By hand: how long it takes ranks to join, of which each is a thread and a connection. Each brings a card as large as cards get, then keys, then its
/// consent.
///
/// `java -cp core/target/classes:core/target/test-classes:(JUnit, AssertJ) org.porthole.internal.bootstrap.RendezvousCurve`
final class RendezvousCurve {
    private static final int REPEATS = 7;
    private static final int ADDRESS_BYTES = 128;
    private static final int KEY_BYTES = 120;

    private RendezvousCurve() {}

    public static void main(String[] words) throws Exception {
        System.out.println("ranks  median ms  least ms  most ms");
        for (int size : List.of(10, 10, 30, 100, 250, 500, 1000)) {
            long[] times = new long[REPEATS];
            for (int i = 0; i < REPEATS; i++) {
                times[i] = join(size);
            }
            Arrays.sort(times);
            System.out.printf(
                    "%5d  %9.1f  %8.1f  %7.1f%n",
                    size, times[REPEATS / 2] / 1e6, times[0] / 1e6, times[REPEATS - 1] / 1e6);
        }
    }

    private static byte[] card(int rank) {
        Map<String, byte[]> addresses = new LinkedHashMap<>();
        for (String transport : List.of("shm", "rdma", "tcp")) {
            addresses.put(transport, new byte[ADDRESS_BYTES]);
        }
        return new RankCard("0.1.0", "8f0e5a2c-7a4e-4b8f-9c1d-000000000000", rank, addresses).encode();
    }

    private static long join(int size) throws Exception {
        List<RendezvousBootstrap> ranks = new ArrayList<>();
        long begin = System.nanoTime();
        try (Clients clients = Clients.of(1);
                RendezvousServer server = RendezvousServer.at(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), size, Clients.SECRET)) {
            List<Future<?>> joining = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                RendezvousBootstrap rank =
                        Clients.at(server.loopbackAddress(), i, size, Clients.SECRET, Clients.PATIENCE_NS);
                ranks.add(rank);
                int number = i;
                joining.add(clients.submit(() -> {
                    for (byte[] each : rank.exchange(card(number))) {
                        RankCard.decode(each);
                    }
                    rank.exchange(new byte[KEY_BYTES]);
                    return rank.exchange(new byte[1]);
                }));
            }
            for (Future<?> each : joining) {
                Clients.get(each);
            }
            long time = System.nanoTime() - begin;
            ranks.forEach(RendezvousBootstrap::close);
            return time;
        }
    }
}
