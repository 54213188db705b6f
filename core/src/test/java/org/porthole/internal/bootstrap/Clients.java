package org.porthole.internal.bootstrap;

import static org.assertj.core.api.Assertions.fail;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.porthole.config.CoreOptions;

/// A rendezvous and ranks that use it, each on a thread of its own.
final class Clients implements AutoCloseable {
    static final byte[] SECRET = RendezvousWire.secret("hunter2");
    static final long PATIENCE_NS = Duration.ofSeconds(20).toNanos();

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final long deadlineNs;
    final RendezvousServer server;

    private Clients(RendezvousServer server, long deadlineNs) {
        this.server = server;
        this.deadlineNs = deadlineNs;
        opened.add(server);
    }

    static Clients of(int size) {
        return of(size, PATIENCE_NS);
    }

    static Clients of(int size, long deadlineNs) {
        return new Clients(RendezvousServer.at(anyPort(), size, SECRET), deadlineNs);
    }

    static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    InetSocketAddress address() {
        return RendezvousWire.address(server.environment(0).get(CoreOptions.RENDEZVOUS.environmentName()));
    }

    RendezvousBootstrap client(int rank, int size) {
        return client(rank, size, SECRET);
    }

    RendezvousBootstrap client(int rank, int size, byte[] secret) {
        return client(rank, size, secret, deadlineNs);
    }

    RendezvousBootstrap client(int rank, int size, byte[] secret, long deadlineNs) {
        return closing(at(address(), rank, size, secret, deadlineNs));
    }

    /// A rank that looks for its peers at some address.
    static RendezvousBootstrap at(InetSocketAddress address, int rank, int size, byte[] secret, long deadlineNs) {
        var seat = new RendezvousBootstrap.Seat(rank, size, "test", true, new String(secret, StandardCharsets.UTF_8));
        return new RendezvousBootstrap(seat, () -> List.of(address), Deadline.in(deadlineNs), null);
    }

    List<RendezvousBootstrap> all(int size) {
        List<RendezvousBootstrap> clients = new ArrayList<>();
        for (int rank = 0; rank < size; rank++) {
            clients.add(client(rank, size));
        }
        return clients;
    }

    <T extends AutoCloseable> T closing(T resource) {
        opened.add(resource);
        return resource;
    }

    <T> Future<T> submit(Callable<T> task) {
        return threads.submit(task);
    }

    /// Lets a rank bring a text and gives what it got from all.
    Future<List<String>> exchange(Bootstrap client, String mine) {
        return threads.submit(() -> client.exchange(mine.getBytes(StandardCharsets.UTF_8)).stream()
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .toList());
    }

    List<Future<List<String>>> exchangeAll(List<? extends Bootstrap> clients, String mine) {
        return clients.stream()
                .map(client -> exchange(client, mine + client.rank()))
                .toList();
    }

    static <T> T get(Future<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            return fail("the exchange failed", e.getCause());
        }
    }

    static Throwable failure(Future<?> future) throws InterruptedException {
        try {
            return fail("the exchange gave " + future.get());
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    @Override
    public void close() {
        for (AutoCloseable each : opened.reversed()) {
            try {
                each.close();
            } catch (Exception e) {
                throw new AssertionError("cannot close " + each, e);
            }
        }
        threads.close();
    }
}
