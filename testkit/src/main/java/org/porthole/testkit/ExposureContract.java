package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.porthole.Access;
import org.porthole.AccessRefusedException;
import org.porthole.CollectiveMismatchException;
import org.porthole.DataType;
import org.porthole.Epoch;
import org.porthole.Exposure;
import org.porthole.ExposurePolicy;
import org.porthole.ExposureSpec;
import org.porthole.LocalRankException;
import org.porthole.LockKind;
import org.porthole.Operator;
import org.porthole.Region;
import org.porthole.Right;
import org.porthole.Window;
import org.porthole.WindowSpec;

/// Exposure to some ranks with some rights, and policies without a local view: what is not granted is refused and has touched nothing.
public abstract class ExposureContract extends TransportContract {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final int BYTES = 64;

    /// For transports.
    protected ExposureContract() {}

    private static Window neverTouched(org.porthole.Job job) {
        return job.world().openWindow(WindowSpec.ofBytes(BYTES).withPolicy(ExposurePolicy.NEVER_TOUCH));
    }

    @Test
    void shouldHaveNoLocalViewUnderNeverTouch() {
        ranks(2, job -> {
            int other = 1 - job.rank();
            try (Window window = neverTouched(job)) {
                assertThatIllegalStateException()
                        .isThrownBy(window::local)
                        .withMessageContaining(window.name())
                        .withMessageContaining("NEVER_TOUCH")
                        .withMessageContaining("rank " + job.rank());
                assertThatIllegalStateException().isThrownBy(() -> window.shared(other));
                window.expose();
                try (Epoch epoch = window.fence()) {
                    epoch.putLong(job.rank(), 0, 10 + job.rank());
                    epoch.next();
                    assertThat(epoch.getLong(other, 0)).isEqualTo(10 + other);
                    assertThatIllegalStateException().isThrownBy(window::local);
                }
                try (Access access = window.lock(job.rank(), LockKind.EXCLUSIVE)) {
                    assertThat(access.fetchAdd(job.rank(), 0, 1)).isEqualTo(10 + job.rank());
                }
            }
        });
    }

    @Test
    void shouldNotOpenUnderDifferentPolicies() {
        LocalRankException failure = failingRanks(2, job -> {
            WindowSpec spec = WindowSpec.ofBytes(BYTES);
            job.world()
                    .openWindow(job.rank() == 0 ? spec : spec.withPolicy(ExposurePolicy.NEVER_TOUCH))
                    .close();
        });
        assertThat(failure)
                .hasCauseInstanceOf(CollectiveMismatchException.class)
                .hasMessageContaining("DONT_TOUCH")
                .hasMessageContaining("NEVER_TOUCH");
    }

    @Test
    void shouldAllowWhatIsGrantedAndRefuseTheRest() {
        for (Right only : Right.values()) {
            requireExactly(EnumSet.of(only));
            requireExactly(EnumSet.complementOf(EnumSet.of(only)));
        }
        requireExactly(EnumSet.allOf(Right.class));
    }

    private void requireExactly(Set<Right> rights) {
        ranks(2, job -> {
            try (Window window = neverTouched(job)) {
                if (job.rank() == 0) {
                    window.post(ExposureSpec.to(1).allowing(rights.toArray(Right[]::new)))
                            .close();
                    return;
                }
                try (Access access = window.start(0)) {
                    for (OneSided operation : OneSided.values()) {
                        require(rights.contains(operation.right()), operation.right(), () -> {
                            operation.perform(access, 0, 0);
                            access.flush(0);
                        });
                    }
                    requireMoves(access, rights);
                }
            }
        });
    }

    private static void requireMoves(Access access, Set<Right> rights) {
        MemorySegment bytes = MemorySegment.ofArray(new long[2]);
        Region every = Region.strided(0, Long.BYTES, 2, 2 * Long.BYTES);
        Region packed = Region.strided(0, Long.BYTES, 2, Long.BYTES);
        require(rights.contains(Right.WRITE), Right.WRITE, () -> access.put(0, every, bytes, packed));
        access.flush(0);
        require(rights.contains(Right.READ), Right.READ, () -> access.get(0, every, bytes, packed));
        access.flush(0);
        require(
                rights.contains(Right.ATOMIC),
                Right.ATOMIC,
                () -> access.accumulate(0, 0, DataType.LONG, Operator.SUM, bytes));
        require(
                rights.contains(Right.ATOMIC),
                Right.ATOMIC,
                () -> access.getAccumulate(
                        0, 0, DataType.LONG, Operator.SUM, bytes, MemorySegment.ofArray(new long[2])));
        access.flush(0);
        access.flushLocal(0);
        access.fence(0);
    }

    private static void require(boolean allowed, Right right, Runnable operation) {
        if (allowed) {
            operation.run();
        } else {
            assertThatThrownBy(operation::run)
                    .isInstanceOf(AccessRefusedException.class)
                    .hasMessageContaining("rank 1 may not " + right)
                    .hasMessageContaining("rank 0's part");
        }
    }

    @Test
    void shouldGrantEachRankARangeOfItsOwn() {
        ranks(3, job -> {
            try (Window window = neverTouched(job)) {
                if (job.rank() == 0) {
                    try (Exposure exposure = window.post(ExposureSpec.to(1)
                            .within(8, 16)
                            .and(ExposureSpec.to(2).allowing(Right.READ)))) {
                        assertThat(exposure.isOpen()).isTrue();
                    }
                    try (Access own = window.lock(0, LockKind.SHARED)) {
                        assertThat(own.getLong(0, 0)).isZero();
                        assertThat(own.getLong(0, 8)).isEqualTo(1);
                        assertThat(own.getLong(0, 16)).isEqualTo(1);
                        assertThat(own.getLong(0, 24)).isZero();
                    }
                    return;
                }
                try (Access access = window.start(0)) {
                    for (long offset = 0; offset <= BYTES - Long.BYTES; offset += Long.BYTES) {
                        long at = offset;
                        boolean granted = job.rank() == 1 && (at == 8 || at == 16);
                        Runnable put = () -> access.putLong(0, at, 1);
                        if (granted) {
                            put.run();
                        } else {
                            assertThatThrownBy(put::run).isInstanceOf(AccessRefusedException.class);
                        }
                        if (job.rank() == 2) {
                            assertThat(access.getLong(0, at)).isBetween(0L, 1L);
                        }
                    }
                    assertThatThrownBy(() -> access.putLong(0, BYTES, 1)).isInstanceOf(IndexOutOfBoundsException.class);
                    assertThatThrownBy(() -> access.putLong(0, -8, 1)).isInstanceOf(IndexOutOfBoundsException.class);
                }
            }
        });
    }

    @Test
    void shouldGrantAnewWithEachExposure() {
        ranks(2, job -> {
            try (Window window = neverTouched(job)) {
                for (int round = 0; round < 50; round++) {
                    boolean writes = round % 3 == 0;
                    if (job.rank() == 0) {
                        Exposure exposure = round % 3 == 1
                                ? window.post(1)
                                : window.post(ExposureSpec.to(1).allowing(writes ? Right.WRITE : Right.READ));
                        exposure.close();
                    } else {
                        try (Access access = window.start(0)) {
                            if (round % 3 == 2) {
                                assertThatThrownBy(() -> access.putLong(0, 0, 1))
                                        .isInstanceOf(AccessRefusedException.class);
                            } else {
                                access.putLong(0, 0, 1);
                            }
                        }
                    }
                }
            }
        });
    }

    @Test
    void shouldRefuseRequestsThatAreNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ExposureSpec.to(1, 1))
                .withMessageContaining("rank 1 is named twice");
        assertThatIllegalArgumentException().isThrownBy(() -> ExposureSpec.to(1).allowing());
        assertThatThrownBy(() -> ExposureSpec.to(0).within(-1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        ranks(2, job -> {
            try (Window window = open(job, BYTES)) {
                MemorySegment view = window.local();
                assertThatThrownBy(() -> window.post(ExposureSpec.to(2))).isInstanceOf(IndexOutOfBoundsException.class);
                view.set(LONG, 0, 1);
            }
        });
    }
}
