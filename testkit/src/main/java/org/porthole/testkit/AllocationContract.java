package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.porthole.Access;
import org.porthole.DataType;
import org.porthole.Epoch;
import org.porthole.Exposure;
import org.porthole.Job;
import org.porthole.LockKind;
import org.porthole.Notifications;
import org.porthole.Operator;
import org.porthole.Region;
import org.porthole.Request;
import org.porthole.Team;
import org.porthole.Window;
import org.porthole.WindowSpec;
import org.porthole.config.Configuration;
import org.porthole.config.CoreOptions;
import org.porthole.port.Message;
import org.porthole.port.Port;
import org.porthole.port.PortSpec;
import org.porthole.port.SendRight;

/// The data path allocates nothing on the Java heap once warm: less than a byte per operation on average, or 16 KiB in all where that is less than half an
/// object per operation, so that only what the JVM itself does now and then is let pass.
public abstract class AllocationContract extends TransportContract {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int WARM_UP_ROUNDS = 3;
    private static final int WARM_UP = 12_000;
    private static final int OPERATIONS = 100_000;
    private static final long FEW_BYTES = 16 << 10;
    /// So many one-sided operations take the time of a collective one.
    private static final int FASTER = 10;

    /// For transports.
    protected AllocationContract() {}

    /// What checks accesses takes them down, and so allocates.
    @Override
    protected Configuration configuration() {
        return super.configuration().with(CoreOptions.CHECK, "off");
    }

    /// How often each operation is repeated; each kind takes four times as many.
    ///
    /// @return what this transport can do within the deadline
    protected int operations() {
        return OPERATIONS;
    }

    private static void requireNoAllocation(String name, int count, Runnable operation) {
        // However slow the transport: the compilers count calls.
        for (int left = Math.max(WARM_UP_ROUNDS * count, WARM_UP); left > 0; left -= count) {
            repeat(count, operation);
        }
        long before = THREADS.getCurrentThreadAllocatedBytes();
        repeat(count, operation);
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated).as("bytes allocated by %d times %s", count, name).isLessThan(passed(count));
    }

    /// An object has at least 16 bytes, so that one for every other operation is found however few there are.
    private static long passed(int count) {
        return Math.max(count, Math.min(8L * count, FEW_BYTES));
    }

    private static void repeat(int count, Runnable operation) {
        for (int i = 0; i < count; i++) {
            operation.run();
        }
    }

    @FunctionalInterface
    private interface OnAccess {
        void run(Access access);
    }

    /// Lets rank 0 operate on rank 1, which waits for it.
    private void onPeer(OnAccess body) {
        ranks(2, job -> {
            try (Window window = open(job, 1 << 16)) {
                if (job.rank() == 0) {
                    try (Access access = window.lockAll()) {
                        body.run(access);
                    }
                }
            }
        });
    }

    @Test
    void shouldPutAndGetWithoutAllocation() {
        onPeer(access -> {
            try (Arena arena = Arena.ofConfined()) {
                for (int size : new int[] {8, 100, 5000}) {
                    for (MemorySegment memory :
                            new MemorySegment[] {arena.allocate(size), MemorySegment.ofArray(new byte[size])}) {
                        requireNoAllocation("put and flush", operations(), () -> {
                            access.put(1, 16, memory);
                            access.flush(1);
                        });
                        requireNoAllocation("get and flushLocal", operations(), () -> {
                            access.get(1, 16, memory);
                            access.flushLocal(1);
                        });
                    }
                }
            }
        });
    }

    @Test
    void shouldPutManyBeforeAFlushWithoutAllocation() {
        byte[] memory = new byte[64];
        MemorySegment source = MemorySegment.ofArray(memory);
        onPeer(access -> requireNoAllocation("64 puts and flushAll", operations() / 20, () -> {
            for (int i = 0; i < 64; i++) {
                access.put(1, 64L * i, source);
            }
            access.flushAll();
        }));
    }

    @Test
    void shouldReachSingleValuesWithoutAllocation() {
        onPeer(access -> {
            requireNoAllocation("putLong", operations(), () -> access.putLong(1, 8, 1));
            requireNoAllocation("getLong", operations(), () -> access.getLong(1, 8));
            requireNoAllocation("putInt", operations(), () -> access.putInt(1, 8, 1));
            requireNoAllocation("getInt", operations(), () -> access.getInt(1, 8));
            requireNoAllocation("putByte", operations(), () -> access.putByte(1, 8, (byte) 1));
            requireNoAllocation("getByte", operations(), () -> access.getByte(1, 8));
            requireNoAllocation("putDouble", operations(), () -> access.putDouble(1, 8, 1));
            requireNoAllocation("getDouble", operations(), () -> access.getDouble(1, 8));
        });
    }

    @Test
    void shouldOperateAtomicallyWithoutAllocation() {
        onPeer(access -> {
            for (Operator op : Operator.values()) {
                requireNoAllocation("long " + op, operations(), () -> access.fetchAndOp(1, 8, op, 3L));
                requireNoAllocation("int " + op, operations(), () -> access.fetchAndOp(1, 8, op, 3));
            }
            requireNoAllocation(
                    "compareAndExchange of long", operations(), () -> access.compareAndExchange(1, 8, 3L, 3L));
            requireNoAllocation("compareAndExchange of int", operations(), () -> access.compareAndExchange(1, 8, 3, 3));
        });
    }

    @Test
    void shouldAccumulateWithoutAllocation() {
        byte[] bytes = new byte[512];
        MemorySegment operands = MemorySegment.ofArray(bytes);
        MemorySegment before = MemorySegment.ofArray(new byte[512]);
        ranks(2, job -> {
            WindowSpec spec = WindowSpec.ofBytes(1024);
            for (WindowSpec each : new WindowSpec[] {spec, spec.withBulkAtomics()}) {
                try (Window window = job.world().openWindow(each)) {
                    if (job.rank() == 0) {
                        accumulateWithoutAllocation(window, operands, before);
                    }
                }
            }
        });
    }

    private void accumulateWithoutAllocation(Window window, MemorySegment operands, MemorySegment before) {
        try (Access access = window.lockAll()) {
            for (DataType type : DataType.values()) {
                requireNoAllocation("accumulate of " + type, operations() / FASTER, () -> {
                    access.accumulate(1, 0, type, Operator.SUM, operands);
                    access.flush(1);
                });
                requireNoAllocation("getAccumulate of " + type, operations() / FASTER, () -> {
                    access.getAccumulate(1, 0, type, Operator.MAX, operands, before);
                    access.flushLocal(1);
                });
            }
        }
    }

    @Test
    void shouldReachRegionsWithoutAllocation() {
        Region there = Region.strided(16, 8, 100, 64);
        Region here = Region.strided(0, 16, 50, 20);
        MemorySegment memory = MemorySegment.ofArray(new byte[1000]);
        onPeer(access -> {
            requireNoAllocation("put of a region", operations() / FASTER, () -> {
                access.put(1, there, memory, here);
                access.flush(1);
            });
            requireNoAllocation("get of a region", operations() / FASTER, () -> {
                access.get(1, there, memory, here);
                access.flushLocal(1);
            });
            requireNoAllocation("accumulate of a region", operations() / FASTER, () -> {
                access.getAccumulate(1, there, DataType.INT, Operator.SUM, memory, here, memory, here);
                access.flush(1);
            });
        });
    }

    @Test
    void shouldRequestWithoutAllocation() {
        MemorySegment memory = MemorySegment.ofArray(new byte[64]);
        onPeer(access -> {
            requireNoAllocation("put and request", operations(), () -> {
                access.put(1, 0, memory);
                access.request(1).await();
            });
            requireNoAllocation("get and local request", operations(), () -> {
                access.get(1, 0, memory);
                Request request = access.requestLocal(1);
                while (!request.test()) {
                    Thread.onSpinWait();
                }
            });
            requireNoAllocation("puts in order", operations(), () -> {
                access.put(1, 0, memory);
                access.fence(1);
                access.put(1, 0, memory);
            });
        });
    }

    @Test
    void shouldNotifyWithoutAllocation() {
        MemorySegment memory = MemorySegment.ofArray(new byte[64]);
        ranks(2, job -> {
            int peer = 1 - job.rank();
            try (Window window = job.world().openWindow(WindowSpec.ofBytes(64).withNotifications(2));
                    Access access = window.lockAll()) {
                Notifications own = window.notifications();
                int[] turn = {0}; // a peer that is one ahead raises the other counter
                requireNoAllocation("a notified put there and back", operations() / FASTER, () -> {
                    turn[0] ^= 1;
                    access.putNotify(peer, 0, memory, turn[0]);
                    own.awaitAny(turn[0], 1);
                    own.reset(turn[0]);
                });
                requireNoAllocation("a counter there and back", operations() / FASTER, () -> {
                    turn[0] ^= 1;
                    access.raise(peer, turn[0], 3);
                    own.await(turn[0], 3);
                    own.reset(turn[0]);
                });
                job.world().barrier();
            }
        });
    }

    @Test
    void shouldMeetNeighboursWithoutAllocation() {
        ranks(2, job -> {
            int[] neighbours = {1 - job.rank()};
            try (Window window = open(job, 64)) {
                requireNoAllocation(
                        "exchange and close",
                        operations() / FASTER,
                        () -> window.exchange(neighbours).close());
                requireNoAllocation("post, start and both ends", operations() / FASTER, () -> {
                    Exposure exposure = window.post(neighbours);
                    window.start(neighbours).close();
                    exposure.close();
                });
            }
        });
    }

    @Test
    void shouldLockWithoutAllocation() {
        ranks(2, job -> {
            try (Window window = open(job, 64)) {
                if (job.rank() == 0) {
                    for (LockKind kind : LockKind.values()) {
                        requireNoAllocation(
                                "lock " + kind,
                                operations(),
                                () -> window.lock(1, kind).close());
                    }
                    requireNoAllocation(
                            "lockAll", operations(), () -> window.lockAll().close());
                }
            }
        });
    }

    @Test
    void shouldFenceWithoutAllocation() {
        ranks(2, job -> {
            try (Window window = open(job, 64)) {
                requireNoAllocation(
                        "fence and close",
                        operations() / FASTER,
                        () -> window.fence().close());
                try (Epoch epoch = window.fence()) {
                    requireNoAllocation("next", operations() / FASTER, epoch::next);
                }
            }
        });
    }

    @Test
    void shouldSynchroniseWithoutAllocation() {
        ranks(2, job -> {
            requireNoAllocation("barrier", operations() / FASTER, job.world()::barrier);
            requireNoAllocation(
                    "allreduce of a long",
                    operations() / FASTER,
                    () -> job.world().allreduce(1L, Operator.SUM));
            requireNoAllocation(
                    "allreduce of a double",
                    operations() / FASTER,
                    () -> job.world().allreduce(1.0, Operator.SUM));
            moveDataWithoutAllocation(job, 64);
            moveDataWithoutAllocation(job, 4096);
        });
    }

    private void moveDataWithoutAllocation(Job job, int size) {
        MemorySegment memory = MemorySegment.ofArray(new double[size / Double.BYTES]);
        requireNoAllocation(
                "broadcast of " + size + " bytes",
                operations() / FASTER,
                () -> job.world().broadcast(0, memory));
        requireNoAllocation(
                "allreduce of " + size + " bytes",
                operations() / FASTER,
                () -> job.world().allreduce(memory, memory, DataType.DOUBLE, Operator.MAX));
    }

    @Test
    void shouldMoveDataWithoutAllocation() {
        ranks(2, job -> {
            Team team = job.world();
            for (int size : new int[] {16, 4096}) {
                MemorySegment piece = MemorySegment.ofArray(new double[size / Double.BYTES]);
                MemorySegment whole = MemorySegment.ofArray(new double[2 * size / Double.BYTES]);
                long[] counts = {size, size};
                long[] places = {0, size};
                requireNoAllocation("reductions of " + size + " bytes", operations() / FASTER / 4, () -> {
                    team.reduce(0, piece, piece, DataType.DOUBLE, Operator.MAX);
                    team.reduceScatter(whole, piece, DataType.DOUBLE, Operator.MAX);
                    team.reduceScatterv(whole, piece, counts, DataType.DOUBLE, Operator.MAX);
                    team.scan(piece, piece, DataType.DOUBLE, Operator.MAX);
                    team.exscan(piece, piece, DataType.DOUBLE, Operator.MAX);
                });
                requireNoAllocation("moves of equal pieces of " + size + " bytes", operations() / FASTER / 4, () -> {
                    team.gather(0, piece, whole);
                    team.allgather(piece, whole);
                    team.scatter(1, whole, piece);
                    team.alltoall(whole, whole);
                });
                requireNoAllocation("moves of pieces of " + size + " bytes", operations() / FASTER / 4, () -> {
                    team.gatherv(0, piece, whole, counts, places);
                    team.allgatherv(piece, whole, counts, places);
                    team.scatterv(1, whole, counts, places, piece);
                    team.alltoallv(whole, counts, places, whole, counts, places);
                });
            }
        });
    }

    /// Rank 0 calls an agent of rank 1, which waits meanwhile.
    @Test
    void shouldCallWithoutAllocation() {
        ranks(2, job -> {
            try (Port agent = job.openPort(
                            PortSpec.inline(message -> (int) message.getLong(0)).named("agent"));
                    SendRight own = agent.right();
                    SendRight right = job.lookup(1 - job.rank(), "agent", PortContract.SOON)) {
                if (job.rank() == 0) {
                    Message message = job.newMessage().setLong(0, 3);
                    requireNoAllocation("a call", operations() / FASTER, () -> right.call(message));
                    requireNoAllocation("a call to oneself", operations() / FASTER, () -> own.call(message));
                    requireNoAllocation("start and await", operations() / FASTER, () -> {
                        right.start(message);
                        message.await();
                    });
                }
                job.world().barrier();
            }
        });
    }

    @Test
    void shouldSendWithoutAllocation() {
        ranks(2, job -> {
            try (Port queue = job.openPort(PortSpec.queue().named("queue").withLimit(64, 1 << 16));
                    SendRight right = job.lookup(1 - job.rank(), "queue", PortContract.SOON)) {
                for (int size : new int[] {8, 1000}) {
                    Message message = job.newMessage().setLength(size);
                    requireNoAllocation("a message of " + size + " bytes there and back", operations() / FASTER, () -> {
                        if (job.rank() == 0) {
                            right.send(message);
                            queue.receive().close();
                        } else {
                            queue.receive().close();
                            right.send(message);
                        }
                    });
                    requireNoAllocation("messages of " + size + " bytes one way", operations() / FASTER, () -> {
                        if (job.rank() == 0) {
                            right.send(message);
                        } else {
                            queue.receive().close();
                        }
                    });
                }
                job.world().barrier();
            }
        });
    }

    /// However many messages a full port refuses, nothing is kept of them.
    @Test
    void shouldRefuseMessagesWithoutAllocation() {
        ranks(2, job -> {
            try (Port queue = job.openPort(PortSpec.queue().named("queue").withLimit(4, 1 << 16));
                    SendRight right = job.lookup(1 - job.rank(), "queue", PortContract.SOON)) {
                Message message = job.newMessage().setLength(100);
                for (int i = 0; i < 4; i++) {
                    right.send(message);
                }
                right.flush();
                requireNoAllocation("a refused message", operations(), () -> {
                    if (right.trySend(message)) {
                        throw new AssertionError("the port is full");
                    }
                });
                job.world().barrier();
                assertThat(queue.queued()).isEqualTo(4);
            }
        });
    }
}
