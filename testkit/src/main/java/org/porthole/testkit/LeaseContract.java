package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.porthole.Access;
import org.porthole.AccessRefusedException;
import org.porthole.DataType;
import org.porthole.ExposureExpiredException;
import org.porthole.ExposurePolicy;
import org.porthole.ExposureSpec;
import org.porthole.Lease;
import org.porthole.LockKind;
import org.porthole.Operator;
import org.porthole.Right;
import org.porthole.Window;
import org.porthole.WindowSpec;

/// Leases: exposed to some ranks for a time, and once the end is reported no byte changes by anybody's operation.
public abstract class LeaseContract extends TransportContract {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();
    private static final Duration SOON = Duration.ofMillis(30);
    private static final int BYTES = 256 << 10;
    private static final int ENDINGS = 12;

    /// For transports.
    protected LeaseContract() {}

    @Test
    void shouldReachAPartByLease() {
        ranks(2, job -> {
            int other = 1 - job.rank();
            try (Window window = open(job, 64)) {
                window.local().set(LONG, 0, 5 + job.rank());
                MemorySegment view = window.local();
                Lease lease = window.expose(ExposureSpec.to(other), FOREVER);
                assertThatIllegalStateException().isThrownBy(() -> view.get(LONG, 0));
                job.world().barrier();
                try (Access access = window.access(other)) {
                    assertThat(access.getLong(other, 0)).isEqualTo(5 + other);
                    access.putLong(other, 8, 7);
                    assertThat(access.fetchAdd(other, 16, 1)).isZero();
                    access.flush(other);
                    assertThatIllegalStateException()
                            .isThrownBy(() -> access.getLong(job.rank(), 0))
                            .withMessageContaining("not covered");
                }
                job.world().barrier();
                assertThat(lease.isOpen()).isTrue();
                assertThat(lease.remaining()).isGreaterThan(Duration.ofDays(1));
                lease.close();
                assertThat(lease.isOpen()).isFalse();
                assertThat(lease.remaining()).isZero();
                assertThat(window.local().get(LONG, 8)).isEqualTo(7);
                assertThat(window.local().get(LONG, 16)).isEqualTo(1);
            }
        });
    }

    @Test
    void shouldAllowWhatIsGrantedAndRefuseTheRest() {
        for (Right only : Right.values()) {
            ranks(2, job -> {
                try (Window window = open(job, 64)) {
                    if (job.rank() == 0) {
                        window.expose(ExposureSpec.to(1).allowing(only).within(8, 16), FOREVER);
                        job.world().barrier();
                        job.world().barrier();
                        return;
                    }
                    job.world().barrier();
                    try (Access access = window.access(0)) {
                        for (OneSided operation : OneSided.values()) {
                            for (long offset : new long[] {0, 8, 16, 24}) {
                                Throwable thrown = catchThrowable(() -> {
                                    operation.perform(access, 0, offset);
                                    access.flush(0);
                                });
                                if (operation.right() == only && (offset == 8 || offset == 16)) {
                                    assertThat(thrown).isNull();
                                } else {
                                    assertThat(thrown)
                                            .isExactlyInstanceOf(AccessRefusedException.class)
                                            .hasMessageContaining("may not " + operation.right());
                                }
                            }
                        }
                    }
                    job.world().barrier();
                }
            });
        }
    }

    @Test
    @Tag(CONFLICTS) // puts until the end, and does not flush
    void shouldExpireByTime() {
        ranks(2, job -> {
            try (Window window = open(job, 64)) {
                if (job.rank() == 0) {
                    Lease lease = window.expose(ExposureSpec.to(1), Duration.ofHours(1));
                    job.world().barrier();
                    job.world().barrier();
                    lease.renew(SOON);
                    lease.awaitEnd();
                    assertThat(lease.isOpen()).isFalse();
                    assertThatThrownBy(() -> lease.renew(SOON)).isInstanceOf(ExposureExpiredException.class);
                    window.local().set(LONG, 0, 3);
                    job.world().barrier();
                    assertThat(window.local().get(LONG, 0)).isEqualTo(3);
                    return;
                }
                job.world().barrier();
                try (Access access = window.access(0)) {
                    access.putLong(0, 0, 1);
                    job.world().barrier();
                    Throwable thrown = null;
                    while (thrown == null) {
                        thrown = catchThrowable(() -> {
                            access.putLong(0, 0, 2);
                            access.flush(0);
                        });
                    }
                    assertThat(thrown)
                            .isInstanceOf(ExposureExpiredException.class)
                            .hasMessageContaining("its time is over");
                    requireExpired(access);
                }
                assertThatThrownBy(() -> window.access(0)).isInstanceOf(ExposureExpiredException.class);
                job.world().barrier();
            }
        });
    }

    private static void requireExpired(Access access) {
        for (OneSided operation : OneSided.values()) {
            assertThatThrownBy(() -> operation.perform(access, 0, 0)).isInstanceOf(ExposureExpiredException.class);
        }
        assertThatThrownBy(
                        () -> access.accumulate(0, 0, DataType.LONG, Operator.SUM, MemorySegment.ofArray(new long[1])))
                .isInstanceOf(ExposureExpiredException.class);
    }

    @Test
    void shouldLeaseAnewAfterRevoking() {
        ranks(2, job -> {
            try (Window window = open(job, 64)) {
                for (int round = 1; round <= 20; round++) {
                    if (job.rank() == 0) {
                        Lease lease = window.expose(ExposureSpec.to(1), Duration.ofMinutes(1));
                        job.world().barrier();
                        job.world().barrier();
                        lease.close();
                        lease.close();
                        assertThat(window.local().get(LONG, 0)).isEqualTo(round);
                        job.world().barrier();
                        job.world().barrier();
                    } else {
                        job.world().barrier();
                        try (Access access = window.access(0)) {
                            access.putLong(0, 0, round);
                            access.flush(0);
                            job.world().barrier();
                            job.world().barrier();
                            assertThatThrownBy(() -> {
                                        access.putLong(0, 0, -1);
                                        access.flush(0);
                                    })
                                    .isInstanceOf(ExposureExpiredException.class)
                                    .hasMessageContaining("revoked");
                        }
                        job.world().barrier();
                    }
                }
            }
        });
    }

    @Test
    @Tag(CONFLICTS) // puts until the end, and does not flush
    void shouldChangeNoByteOnceTheEndIsReported() {
        changeNothing(ExposurePolicy.DONT_TOUCH);
        changeNothing(ExposurePolicy.STAGED);
    }

    /// Two origins put, get and add as fast as they can until they are refused; leases end by time and by hand.
    private void changeNothing(ExposurePolicy policy) {
        CyclicBarrier outside = new CyclicBarrier(3);
        ranks(3, job -> {
            WindowSpec spec = WindowSpec.ofBytes(BYTES).withPolicy(policy);
            try (Window window = job.world().openWindow(spec)) {
                for (int ending = 0; ending < ENDINGS; ending++) {
                    if (job.rank() == 0) {
                        boolean byTime = ending % 2 == 0;
                        Lease lease = window.expose(ExposureSpec.to(1, 2), byTime ? SOON : FOREVER);
                        meet(outside);
                        if (byTime) {
                            lease.awaitEnd();
                        } else {
                            lease.close();
                        }
                        if (policy == ExposurePolicy.STAGED) {
                            window.stage();
                        }
                        byte[] atEnd = window.local().toArray(ValueLayout.JAVA_BYTE);
                        meet(outside);
                        assertThat(window.local().mismatch(MemorySegment.ofArray(atEnd)))
                                .as("first byte changed after the end")
                                .isEqualTo(-1);
                    } else {
                        meet(outside);
                        hammer(window, job.rank() * (BYTES / 2L) - BYTES / 2L, (byte) (ending + 1));
                        meet(outside);
                    }
                }
            }
        });
    }

    private static void hammer(Window window, long from, byte value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(BYTES / 2, 8);
            Throwable thrown = catchThrowable(() -> {
                try (Access access = window.access(0)) {
                    for (int round = 0; ; round++) {
                        bytes.fill((byte) (value + round));
                        access.put(0, from, bytes);
                        access.putLong(0, from, round);
                        long ignored = access.fetchAdd(0, from + 8, 1);
                        access.get(0, from, bytes);
                        access.flush(0);
                    }
                }
            });
            assertThat(thrown).isInstanceOf(ExposureExpiredException.class);
        }
    }

    @Test
    void shouldKeepOthersOut() {
        ranks(3, job -> {
            try (Window window = open(job, 64)) {
                if (job.rank() == 0) {
                    assertThatThrownBy(() -> window.access(1)).isInstanceOf(AccessRefusedException.class);
                    Lease lease = window.expose(ExposureSpec.to(1), FOREVER);
                    Lease second = window.expose(ExposureSpec.to(0).allowing(Right.READ), FOREVER);
                    assertThatIllegalStateException()
                            .isThrownBy(() -> window.expose(ExposureSpec.to(1), FOREVER))
                            .withMessageContaining("rank 1 has a lease");
                    requireBusy(window::local);
                    requireBusy(window::fence);
                    requireBusy(window::lockAll);
                    requireBusy(window::expose);
                    requireBusy(() -> window.post(1));
                    requireBusy(() -> window.lock(1, LockKind.SHARED));
                    try (Access own = window.access(0)) {
                        assertThat(own.getLong(0, 0)).isZero();
                    }
                    job.world().barrier();
                    job.world().barrier();
                    lease.close();
                    requireBusy(window::local);
                    second.close();
                    assertThat(window.local().get(LONG, 0)).isZero();
                    window.expose();
                    return;
                }
                job.world().barrier();
                if (job.rank() == 2) {
                    assertThatThrownBy(() -> window.access(0))
                            .isExactlyInstanceOf(AccessRefusedException.class)
                            .hasMessageContaining("no lease");
                }
                job.world().barrier();
                try (Access access = window.lock(0, LockKind.EXCLUSIVE)) {
                    assertThat(access.getLong(0, 0)).isZero();
                }
            }
        });
    }

    private static void requireBusy(org.assertj.core.api.ThrowableAssert.ThrowingCallable what) {
        assertThatIllegalStateException().isThrownBy(what).withMessageContaining("leased exposure");
    }

    @Test
    void shouldBelongToTheThreadThatOpenedIt() {
        ranks(2, job -> {
            try (Window window = open(job, 64)) {
                Lease lease = window.expose(ExposureSpec.to(1 - job.rank(), job.rank()), FOREVER);
                job.world().barrier();
                int other = 1 - job.rank();
                try (Access access = window.access(other)) {
                    AtomicReference<Throwable> stranger = new AtomicReference<>();
                    AtomicReference<Throwable> own = new AtomicReference<>();
                    Thread second = Thread.ofPlatform().start(() -> {
                        stranger.set(catchThrowable(() -> access.putLong(other, 0, 1)));
                        own.set(catchThrowable(() -> {
                            try (Access mine = window.access(other)) {
                                mine.putLong(other, 8, 2);
                            }
                        }));
                    });
                    second.join();
                    assertThat(stranger.get()).isInstanceOf(WrongThreadException.class);
                    assertThat(own.get()).isNull();
                    assertThat(access.getLong(other, 0)).isZero();
                    assertThat(access.getLong(other, 8)).isEqualTo(2);
                }
                job.world().barrier();
                lease.close();
            }
        });
    }

    @Test
    void shouldRefuseWhatIsNoLease() {
        CountDownLatch closed = new CountDownLatch(1);
        ranks(2, job -> {
            try (Window window = open(job, 64)) {
                assertThatIllegalArgumentException().isThrownBy(() -> window.expose(ExposureSpec.to(1), Duration.ZERO));
                assertThatThrownBy(() -> window.expose(ExposureSpec.to(2), SOON))
                        .isInstanceOf(IndexOutOfBoundsException.class);
                window.fence().close();
                window.expose(ExposureSpec.to(), FOREVER).close();
            }
            WindowSpec unguarded = WindowSpec.ofBytes(64).withPolicy(ExposurePolicy.UNGUARDED);
            try (Window window = job.world().openWindow(unguarded)) {
                assertThatIllegalStateException()
                        .isThrownBy(() -> window.expose(ExposureSpec.to(1), SOON))
                        .withMessageContaining("UNGUARDED");
            }
            Window window = open(job, 64);
            Lease lease = window.expose(ExposureSpec.to(0, 1), Duration.ofMinutes(5));
            job.world().barrier();
            Access access = window.access(1 - job.rank());
            job.world().barrier();
            window.close();
            assertThat(lease.isOpen()).isFalse();
            assertThat(access.isOpen()).isFalse();
            closed.countDown();
        });
        assertThat(closed.getCount()).isZero();
    }
}
