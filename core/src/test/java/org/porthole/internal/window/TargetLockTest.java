package org.porthole.internal.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.porthole.PeerFailedException;
import org.porthole.config.Configuration;
import org.porthole.internal.local.InProcessTransportProvider;
import org.porthole.internal.progress.Membership;
import org.porthole.internal.progress.Waiter;
import org.porthole.internal.route.Target;
import org.porthole.spi.Memory;

/// Ranks hear of a death at different times.
class TargetLockTest {
    private static final int RANKS = 3;
    private static final int DEAD = 2;
    private static final long LOOK_NS = 100_000;
    private static final long BYTES = new WindowDescriptor(RANKS, 1, false, false).byteSize();

    private final Memory memory = new InProcessTransportProvider().open(null).allocate(BYTES, "lock");
    private final Membership[] memberships = {new Membership(RANKS), new Membership(RANKS), new Membership(RANKS)};

    @AfterEach
    void free() {
        memory.close();
    }

    private TargetLock lock(int rank) {
        Waiter waiter = new Waiter(Configuration.load(Map.of(), Map.of()), false);
        return new TargetLock(0, rank, RANKS, "window", Target.own(memory, BYTES), memberships[rank], waiter);
    }

    private static void take(TargetLock lock, boolean shared) {
        if (shared) {
            lock.lockShared();
        } else {
            lock.lockExclusive();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldTellWhoHearsOfTheDeathAfterTheLockIsFree(boolean shared) throws Exception {
        lock(DEAD).lockExclusive();
        TargetLock late = lock(1);
        CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> take(late, shared));
        while (!late.describe().endsWith("held by rank " + DEAD)) {
            LockSupport.parkNanos(LOOK_NS);
        }
        memberships[0].peerGone(DEAD, "seen");
        assertThatThrownBy(() -> take(lock(0), shared)).isInstanceOf(PeerFailedException.class);
        while (!waiting.isDone() && !late.describe().contains("hear")) {
            LockSupport.parkNanos(LOOK_NS);
        }
        memberships[1].peerGone(DEAD, "seen late");
        assertThatThrownBy(waiting::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(PeerFailedException.class)
                .hasMessageContaining("rank 2 failed: seen late")
                .hasMessageContaining("the lock is free again");
        lock(1).lockExclusive();
        lock(1).unlockExclusive();
        lock(0).lockShared();
        lock(1).lockShared();
    }

    /// Nothing connects it with the dead one.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldTellWhoNeverHearsOfTheDeath(boolean shared) throws Exception {
        lock(DEAD).lockExclusive();
        TargetLock late = lock(1);
        CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> take(late, shared));
        while (!late.describe().endsWith("held by rank " + DEAD)) {
            LockSupport.parkNanos(LOOK_NS);
        }
        memberships[0].peerGone(DEAD, "seen");
        assertThatThrownBy(() -> take(lock(0), shared)).isInstanceOf(PeerFailedException.class);
        assertThatThrownBy(waiting::get)
                .cause()
                .isInstanceOf(PeerFailedException.class)
                .hasMessageContaining("another rank has found it dead");
        assertThat(memberships[1].isGone(DEAD)).isTrue();
    }
}
