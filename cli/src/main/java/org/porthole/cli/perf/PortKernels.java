package org.porthole.cli.perf;

import java.time.Duration;
import java.util.List;
import org.porthole.Job;
import org.porthole.Team;
import org.porthole.port.Message;
import org.porthole.port.Port;
import org.porthole.port.PortSpec;
import org.porthole.port.SendRight;

/// The loops over ports. Each rank has an agent and a queue; rank 0 calls and sends to rank 1, the others join where all send to rank 0.
final class PortKernels implements AutoCloseable {
    /// The longest message of the loops.
    static final long MOST = 1024;

    private static final Duration SOON = Duration.ofSeconds(60);

    private final Team team;
    private final int rank;
    private final int size;
    private final Port agent;
    private final Port queue;
    private final SendRight ownAgent;
    private final SendRight otherAgent;
    private final SendRight otherQueue;
    private final SendRight firstQueue;
    private final Message message;

    /// Collective. Opens the ports, and meets those of the others.
    PortKernels(Job job) {
        team = job.world();
        rank = job.rank();
        size = job.size();
        agent = job.openPort(PortSpec.inline(each -> 0).named("perf-agent"));
        queue = job.openPort(PortSpec.queue().named("perf-queue"));
        int other = rank == 0 ? 1 : 0;
        ownAgent = agent.right();
        otherAgent = job.lookup(other, "perf-agent", SOON);
        otherQueue = job.lookup(other, "perf-queue", SOON);
        firstQueue = job.lookup(0, "perf-queue", SOON);
        message = job.newMessage();
        team.barrier();
    }

    /// All of them, of all ranks, for warming up.
    List<Kernel> all() {
        return List.of(
                n -> ofFirst(this::callOwn, n),
                n -> ofFirst(call(Long.BYTES), n),
                n -> ofFirst(call(MOST), n),
                pingPong(Long.BYTES),
                pingPong(MOST),
                this::stream,
                this::fanIn);
    }

    /// The others wait.
    private void ofFirst(Kernel kernel, int n) {
        if (rank == 0) {
            kernel.run(n);
        }
        team.barrier();
    }

    /// Rank 0 calls an agent of its own, in its own thread.
    void callOwn(int n) {
        message.setLength(8);
        for (int i = 0; i < n; i++) {
            ownAgent.call(message);
        }
    }

    /// Rank 0 calls the agent of rank 1, which waits for the end of the loop and meanwhile answers.
    ///
    /// @param bytes of the message and its reply
    /// @return the loop
    Kernel call(long bytes) {
        return n -> {
            message.setLength(bytes);
            for (int i = 0; i < n; i++) {
                otherAgent.call(message);
            }
        };
    }

    /// A message goes from queue to queue and back.
    ///
    /// @param bytes of the message
    /// @return the loop, of all ranks
    Kernel pingPong(long bytes) {
        return n -> {
            if (rank > 1) {
                return;
            }
            message.setLength(bytes);
            for (int i = 0; i < n; i++) {
                if (rank == 0) {
                    otherQueue.send(message);
                    queue.receive().close();
                } else {
                    queue.receive().close();
                    otherQueue.send(message);
                }
            }
        };
    }

    /// Rank 1 sends to rank 0.
    void stream(int n) {
        if (rank == 1) {
            send(n);
        } else if (rank == 0) {
            receive(n);
        }
    }

    /// All others send to rank 0.
    void fanIn(int n) {
        if (rank == 0) {
            receive(n / (size - 1) * (size - 1));
        } else {
            send(n / (size - 1));
        }
    }

    private void send(int n) {
        SendRight to = firstQueue;
        message.setLength(8);
        for (int i = 0; i < n; i++) {
            to.send(message);
        }
    }

    private void receive(int n) {
        for (int i = 0; i < n; i++) {
            queue.receive().close();
        }
    }

    @Override
    public void close() {
        firstQueue.close();
        otherQueue.close();
        otherAgent.close();
        ownAgent.close();
        queue.close();
        agent.close();
    }
}
