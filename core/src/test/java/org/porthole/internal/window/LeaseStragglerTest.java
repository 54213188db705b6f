package org.porthole.internal.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.porthole.Access;
import org.porthole.Epoch;
import org.porthole.ExposureExpiredException;
import org.porthole.ExposurePolicy;
import org.porthole.ExposureSpec;
import org.porthole.Job;
import org.porthole.Lease;
import org.porthole.LockKind;
import org.porthole.TransportException;
import org.porthole.Window;
import org.porthole.WindowSpec;
import org.porthole.config.Configuration;
import org.porthole.config.CoreOptions;
import org.porthole.internal.collective.TeamContext;
import org.porthole.internal.route.Target;
import org.porthole.spi.Permit;

/// An origin that does not come back from an operation keeps the memory, and the part goes on in a copy that it does not reach; and rights that travel.
@Timeout(60)
class LeaseStragglerTest {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();
    private static final Configuration SETTINGS = Configuration.load(Map.of(), Map.of())
            .with(CoreOptions.TRANSPORTS, "inproc")
            .with(CoreOptions.LEASE_BOUND, "5ms");

    private static OpenWindow open(Job job, ExposurePolicy policy) {
        return (OpenWindow) job.world().openWindow(WindowSpec.ofBytes(64).withPolicy(policy));
    }

    private static LeaseHold hold(OpenWindow window) {
        return window.leasing().hold(0);
    }

    @Test
    void shouldLeaveTheMemoryToWhoDoesNotComeBack() {
        for (ExposurePolicy policy : new ExposurePolicy[] {ExposurePolicy.DONT_TOUCH, ExposurePolicy.STAGED}) {
            Job.runLocal(3, SETTINGS, job -> straggle(job, open(job, policy), policy));
        }
    }

    private static void straggle(Job job, OpenWindow window, ExposurePolicy policy) {
        try (window) {
            for (int round = 1; round <= 3; round++) {
                int value = round;
                if (job.rank() == 0) {
                    Lease lease = window.expose(ExposureSpec.to(1), FOREVER);
                    Lease other = window.expose(ExposureSpec.to(2), FOREVER);
                    job.world().barrier();
                    job.world().barrier();
                    lease.close();
                    assertThat(other.isOpen())
                            .as("a lease on memory that was left")
                            .isFalse();
                    if (policy == ExposurePolicy.STAGED) {
                        window.stage();
                    }
                    assertThat(window.local().get(LONG, 0)).isEqualTo(value);
                    job.world().barrier();
                    job.world().barrier();
                    assertThat(window.local().get(LONG, 0)).isEqualTo(value);
                    window.expose();
                } else {
                    job.world().barrier();
                    if (job.rank() == 1) {
                        try (Access access = window.access(0)) {
                            access.putLong(0, 0, value);
                        }
                        LeaseHold hold = hold(window);
                        Target before = window.target(0);
                        hold.enter();
                        job.world().barrier();
                        job.world().barrier();
                        assertThat(catchThrowable(() -> before.segment.set(LONG, 0, -1)))
                                .isInstanceOf(IllegalStateException.class);
                        assertThatThrownBy(hold::leave).isInstanceOf(ExposureExpiredException.class);
                        hold.close();
                    } else {
                        Access access = window.access(0);
                        job.world().barrier();
                        job.world().barrier();
                        assertThatThrownBy(() -> access.getLong(0, 0))
                                .isInstanceOf(ExposureExpiredException.class)
                                .hasMessageContaining("did not come back");
                        access.close();
                    }
                    job.world().barrier();
                }
                useAsAnyOther(job, window, value);
            }
        }
    }

    /// All kinds of epochs reach the copy.
    private static void useAsAnyOther(Job job, Window window, long value) {
        try (Access access = window.lock(0, LockKind.SHARED)) {
            access.putLong(0, 8L * (1 + job.rank()), value);
        }
        try (Epoch epoch = window.fence()) {
            for (int rank = 0; rank < job.size(); rank++) {
                assertThat(epoch.getLong(0, 8L * (1 + rank))).isEqualTo(value);
            }
        }
    }

    @Test
    void shouldWaitForWhoComesBackInTime() throws Exception {
        Configuration patient = SETTINGS.with(CoreOptions.LEASE_BOUND, "20s");
        Job.runLocal(2, patient, job -> {
            try (OpenWindow window = open(job, ExposurePolicy.DONT_TOUCH)) {
                if (job.rank() == 0) {
                    long before = window.local().address();
                    Lease lease = window.expose(ExposureSpec.to(1), FOREVER);
                    job.world().barrier();
                    job.world().barrier();
                    lease.close();
                    assertThat(window.local().get(LONG, 0)).isEqualTo(9);
                    assertThat(window.local().address()).isEqualTo(before);
                } else {
                    job.world().barrier();
                    try (LeaseHold hold = hold(window)) {
                        hold.enter();
                        job.world().barrier();
                        while (!isEnding(window)) {
                            Thread.onSpinWait();
                        }
                        window.target(0).segment.set(LONG, 0, 9);
                        hold.leave();
                    }
                }
            }
        });
    }

    private static boolean isEnding(OpenWindow window) {
        return catchThrowable(() -> window.access(0).close()) instanceof ExposureExpiredException;
    }

    @Test
    void shouldLetARightTravel() {
        byte[][] sent = new byte[1][];
        Job.runLocal(3, SETTINGS, job -> {
            try (Window other = job.world().openWindow(WindowSpec.ofBytes(8))) {
                TeamContext world = ((OpenWindow) other).context();
                boolean owns = job.rank() == 0;
                var team = job.world().of(0, 1);
                if (job.rank() == 2) {
                    job.world().barrier();
                    LeaseToken token = LeaseToken.decode(java.nio.ByteBuffer.wrap(sent[0]));
                    try (LeaseReach reach = LeaseReach.open(world, token, none -> {})) {
                        MemorySegment word = MemorySegment.ofArray(new long[1]);
                        reach.get(0, word);
                        reach.flush();
                        assertThat(word.get(LONG, 0)).isEqualTo(7);
                        assertThatThrownBy(() -> reach.put(0, word)).hasMessageContaining("may not WRITE");
                        assertThatThrownBy(() -> reach.get(-8, word)).isInstanceOf(IndexOutOfBoundsException.class);
                        assertThatThrownBy(() -> reach.get(16, word)).isInstanceOf(IndexOutOfBoundsException.class);
                        job.world().barrier();
                        job.world().barrier();
                        assertThatThrownBy(() -> reach.get(0, word)).isInstanceOf(ExposureExpiredException.class);
                    }
                    assertThatThrownBy(() -> LeaseReach.open(world, token, none -> {}))
                            .isInstanceOf(TransportException.class);
                    return;
                }
                try (OpenWindow window = (OpenWindow) team.orElseThrow().openWindow(WindowSpec.ofBytes(64))) {
                    LeaseToken token = null;
                    if (owns) {
                        window.local().set(LONG, 8, 7);
                        token = window.grant(new Permit(1, 8, 24), FOREVER);
                        sent[0] = token.encode();
                    }
                    job.world().barrier();
                    job.world().barrier();
                    if (owns) {
                        token.lease().close();
                    }
                    job.world().barrier();
                }
            }
        });
    }

    @Test
    void shouldRefuseBytesThatAreNoRight() {
        byte[] bytes = new byte[64];
        for (int length = 0; length < bytes.length; length++) {
            byte[] some = java.util.Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> LeaseToken.decode(java.nio.ByteBuffer.wrap(some)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
