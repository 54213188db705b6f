package org.porthole.internal.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.porthole.PeerFailedException;
import org.porthole.config.ArrivalMode;
import org.porthole.config.Configuration;
import org.porthole.internal.collective.TeamContext;
import org.porthole.internal.local.InProcessTransportProvider;
import org.porthole.internal.progress.Membership;
import org.porthole.internal.progress.Waiter;
import org.porthole.internal.route.Target;
import org.porthole.spi.Endpoint;
import org.porthole.spi.Memory;
import org.porthole.spi.RemoteMemory;
import org.porthole.spi.Transport;

/// What an exposure leaves behind whose origins cannot be told of it, or die. Rank 0 exposes its part to ranks 1 and 2, which only endpoints reach.
@Timeout(60)
class GroupExposureTest {
    private static final int RANKS = 3;
    private static final int DEAD = 1;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final WindowDescriptor DESCRIPTOR = new WindowDescriptor(RANKS, 0, false, false);

    private final Transport transport = new InProcessTransportProvider().open(null);
    private final Memory control = transport.allocate(DESCRIPTOR.byteSize(), "control");
    private final Membership membership = new Membership(RANKS);
    private final Waiter waiter = new Waiter(Configuration.load(Map.of(), Map.of()), false);
    /// How telling each rank fails; null if it does not.
    private final RuntimeException[] failures = new RuntimeException[RANKS];
    /// What each rank was told last.
    private final long[] told = new long[RANKS];
    private final GroupExposure exposure = exposure();

    private GroupExposure exposure() {
        Target[] targets = {Target.own(control, DESCRIPTOR.byteSize()), behindEndpoint(1), behindEndpoint(2)};
        TeamContext context = TeamContext.ofWorld(
                0, Collections.nCopies(RANKS, "here"), null, membership, waiter, ArrivalMode.AUTO, 0);
        GroupSync sync = new GroupSync("grid", DESCRIPTOR, context, control, targets);
        TargetLock lock = new TargetLock(0, 0, RANKS, "grid", targets[0], membership, waiter);
        return new GroupExposure(null, sync, lock, null, RANKS);
    }

    private Target behindEndpoint(int rank) {
        Endpoint endpoint = (Endpoint) Proxy.newProxyInstance(
                Endpoint.class.getClassLoader(), new Class<?>[] {Endpoint.class}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("signal");
                    if (failures[rank] != null) {
                        throw failures[rank];
                    }
                    told[rank] = (long) arguments[3];
                    return null;
                });
        RemoteMemory remote = (RemoteMemory) Proxy.newProxyInstance(
                RemoteMemory.class.getClassLoader(),
                new Class<?>[] {RemoteMemory.class},
                (proxy, method, arguments) -> Optional.empty());
        return Target.of(endpoint, remote, DESCRIPTOR.byteSize());
    }

    @AfterEach
    void free() {
        control.close();
        transport.close();
    }

    private boolean isLocked() {
        return control.segment().get(LONG, WindowDescriptor.HOLDER) != 0;
    }

    private void complete(int rank, long epochs) {
        control.segment().set(LONG, DESCRIPTOR.completed(rank), epochs);
    }

    private void post() {
        exposure.post(GroupSync.EVERYTHING);
    }

    private static long posts(long count) {
        return count << WindowDescriptor.POSTED_BITS;
    }

    @Test
    void shouldGiveItsLockBackIfNobodyCouldBeTold() {
        exposure.origins().set(null, 1, 2);
        failures[1] = new CancellationException("interrupted");

        assertThatThrownBy(this::post).isSameAs(failures[1]);

        assertThat(isLocked()).isFalse();
        assertThat(exposure.isOpen()).isFalse();
        assertThat(told[2]).isZero();
        failures[1] = null;
        exposure.origins().set(null, 1, 2);
        post();
        assertThat(isLocked()).isTrue();
        assertThat(List.of(told[1], told[2])).as("the first of each pair").containsOnly(posts(1));
        complete(1, 1);
        complete(2, 1);
        exposure.close();
        assertThat(isLocked()).isFalse();
    }

    @Test
    void shouldStayExposedToThoseThatWereToldUntilTheyHaveCompleted() {
        exposure.origins().set(null, 1, 2);
        failures[2] = new CancellationException("interrupted");

        assertThatThrownBy(this::post).isSameAs(failures[2]);

        assertThat(told[1]).isEqualTo(posts(1));
        assertThat(isLocked()).isTrue();
        assertThat(exposure.isOpen()).isTrue();
        complete(1, 1);
        assertThat(exposure.isOpen()).isFalse();
        assertThat(isLocked()).isFalse();
    }

    @Test
    void shouldTellTheOthersThoughOneHasDied() {
        exposure.origins().set(null, DEAD, 2);
        failures[DEAD] = new PeerFailedException(DEAD, "rank 1 failed");
        membership.peerGone(DEAD, "it was killed");

        post();

        assertThat(told[2]).isEqualTo(posts(1));
        assertThat(exposure.test()).as("rank 2 may come").isFalse();
        complete(2, 1);
        assertThatThrownBy(exposure::close)
                .isInstanceOfSatisfying(
                        PeerFailedException.class, e -> assertThat(e.rank()).isEqualTo(DEAD))
                .hasMessageContaining("rank 0 waits for rank(s) 1 to complete");
        assertThat(exposure.isOpen()).isFalse();
        assertThat(isLocked()).isFalse();
        assertThat(exposure.test()).as("said once").isTrue();
    }

    @Test
    void shouldEndBehindWhoDiesAfterAllOthersHaveCompleted() {
        exposure.origins().set(null, DEAD, 2);
        post();
        complete(2, 1);
        assertThat(exposure.test()).isFalse();
        membership.peerGone(DEAD, "it was killed");

        assertThatThrownBy(exposure::test).isInstanceOf(PeerFailedException.class);

        assertThat(isLocked()).isFalse();
        assertThat(exposure.test()).isTrue();
    }

    @Test
    void shouldNotMissWhoDiesAfterItHasCompleted() {
        exposure.origins().set(null, DEAD);
        post();
        complete(DEAD, 1);
        membership.peerGone(DEAD, "it was killed");

        exposure.close();

        assertThat(exposure.isOpen()).isFalse();
        assertThat(isLocked()).isFalse();
    }
}
