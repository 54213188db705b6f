package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.porthole.Access;
import org.porthole.DataType;
import org.porthole.Epoch;
import org.porthole.InsufficientMemoryException;
import org.porthole.Job;
import org.porthole.LockKind;
import org.porthole.Operator;
import org.porthole.Team;
import org.porthole.Window;
import org.porthole.WindowSpec;
import org.porthole.config.CoreOptions;

/// Windows and jobs can be opened, used and closed in every order that makes sense; what makes none is refused with the reason.
public abstract class LifecycleContract extends TransportContract {
    private static final int RANKS = 3;

    /// For transports.
    protected LifecycleContract() {}

    private static void requireRefused(Runnable call, String... reasons) {
        assertThatThrownBy(call::run).isInstanceOf(IllegalStateException.class).hasMessageContainingAll(reasons);
    }

    private static void requireClosed(Window window) {
        assertThat(window.isOpen()).isFalse();
        String name = "\"" + window.name() + "\" is closed";
        requireRefused(window::local, name);
        requireRefused(window::expose, name);
        requireRefused(window::fence, name);
        requireRefused(window::lockAll, name);
        requireRefused(() -> window.lock(0, LockKind.SHARED), name);
        window.close();
    }

    @Test
    void shouldRefuseAWindowThatIsClosed() {
        ranks(RANKS, job -> {
            Window window = job.world().openWindow(WindowSpec.ofBytes(64).named("grid"));
            assertThat(window.isOpen()).isTrue();
            MemorySegment view = window.local();
            window.close();
            assertThat(view.scope().isAlive()).isFalse();
            requireClosed(window);
            job.world().barrier();
        });
    }

    @Test
    void shouldRefuseTheEpochsOfAWindowThatIsClosed() {
        ranks(RANKS, job -> {
            Window window = job.world().openWindow(WindowSpec.ofBytes(64).named("grid"));
            Epoch epoch = window.fence();
            window.close();
            assertThat(epoch.isOpen()).isFalse();
            for (OneSided operation : OneSided.values()) {
                requireRefused(() -> operation.perform(epoch, 1, 0), "\"grid\" is closed");
            }
            requireRefused(epoch::flushAll, "\"grid\" is closed");
            epoch.close();
        });
    }

    @Test
    void shouldGiveLocksBackWhenTheWindowCloses() {
        ranks(2, job -> {
            Window window = open(job, 64);
            if (job.rank() == 0) {
                Access abandoned = window.lock(1, LockKind.EXCLUSIVE);
                abandoned.putLong(1, 0, 5);
                job.world().barrier();
                window.close();
                assertThat(abandoned.isOpen()).isFalse();
            } else {
                job.world().barrier();
                try (Access access = window.lock(1, LockKind.EXCLUSIVE)) {
                    assertThat(access.getLong(1, 0)).isEqualTo(5);
                }
                window.close();
            }
        });
    }

    @Test
    void shouldOpenAndCloseManyWindows() {
        ranks(RANKS, job -> {
            for (int i = 0; i < 50; i++) {
                try (Window window = open(job, 1000L * i)) {
                    MemorySegment view = window.local();
                    assertThat(view.mismatch(MemorySegment.ofArray(new byte[1000 * i])))
                            .as("a new window is zeroed")
                            .isEqualTo(-1);
                    view.fill((byte) -1);
                }
            }
        });
    }

    @Test
    void shouldKeepWindowsApartAndCloseThemInAnyOrder() {
        ranks(RANKS, job -> {
            int peer = (job.rank() + 1) % RANKS;
            List<Window> windows = new ArrayList<>();
            List<Epoch> epochs = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                windows.add(open(job, 64));
                epochs.add(windows.get(i).fence());
            }
            for (int i = 0; i < 5; i++) {
                epochs.get(i).putLong(peer, 8, i + 1);
            }
            for (int i : new int[] {2, 0, 4, 1, 3}) {
                epochs.get(i).close();
                assertThat(windows.get(i).local().get(ValueLayout.JAVA_LONG, 8)).isEqualTo(i + 1);
            }
            for (int i : new int[] {3, 0, 1, 4, 2}) {
                windows.get(i).close();
            }
        });
    }

    @Test
    void shouldNameWindowsInMessages() {
        ranks(RANKS, job -> {
            try (Window grid = job.world().openWindow(WindowSpec.ofBytes(8).named("grid"));
                    Window unnamed = open(job, 8);
                    Access access = grid.lock(0, LockKind.SHARED)) {
                assertThat(grid.name()).isEqualTo("grid");
                assertThat(unnamed.name()).startsWith("window-");
                assertThat(grid.team()).isSameAs(job.world());
                assertThatThrownBy(() -> access.putLong(0, 8, 1)).hasMessageContaining("\"grid\"");
                assertThatThrownBy(() -> access.putLong(1, 0, 1)).hasMessageContaining("\"grid\"");
                assertThatThrownBy(grid::fence).hasMessageContaining("\"grid\"");
            }
        });
    }

    @Test
    void shouldAcceptAnyNameThatFits() {
        ranks(2, job -> {
            for (String name : new String[] {"a/b c\n", "x".repeat(WindowSpec.MAX_NAME_LENGTH), "\u2693".repeat(64)}) {
                try (Window window =
                        job.world().openWindow(WindowSpec.ofBytes(8).named(name))) {
                    assertThat(window.name()).isEqualTo(name);
                }
            }
        });
    }

    @Test
    void shouldCheckWhatIsAskedFor() {
        assertThatThrownBy(() -> WindowSpec.ofBytes(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
        assertThatThrownBy(() -> WindowSpec.ofBytes(1).named("x".repeat(65)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("65");
        for (int size : new int[] {0, -1, 1025}) {
            assertThatThrownBy(() -> Job.runLocal(size, job -> {}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(Integer.toString(size));
        }
    }

    @Test
    void shouldRefuseMoreMemoryThanThereIsOnEveryRank() {
        ranks(RANKS, job -> {
            for (long size : new long[] {1L << 60, Long.MAX_VALUE}) {
                assertThat(catchThrowable(() ->
                                job.world().openWindow(WindowSpec.ofBytes(size).named("huge"))))
                        .isInstanceOf(InsufficientMemoryException.class)
                        .hasMessageContainingAll("huge", Long.toString(size));
                assertThat(catchThrowable(() -> open(job, job.rank() == 1 ? size : 8)))
                        .as("one rank alone asks for too much")
                        .isInstanceOf(InsufficientMemoryException.class);
            }
            try (Window window = open(job, 8)) {
                assertThat(window.local().byteSize()).isEqualTo(8);
            }
        });
    }

    @Test
    void shouldFreeTheWindowsOfAJobThatIsLeft() {
        Window[] left = new Window[RANKS];
        ranks(RANKS, job -> {
            left[job.rank()] = open(job, 64);
            open(job, 64).local().set(ValueLayout.JAVA_LONG, 0, 1);
            open(job, 64).fence().putLong(0, 8L * job.rank(), 1);
            open(job, 64).lockAll().putLong(0, 8L * job.rank(), 1);
        });
        for (Window window : left) {
            requireClosed(window);
        }
    }

    @Test
    void shouldCloseAWindowWhoseViewAThreadHasLeft() {
        ranks(2, job -> {
            for (int i = 0; i < 3; i++) {
                Window window = open(job, 64);
                Thread holder = Thread.ofPlatform().start(window::local);
                holder.join();
                if (i == 1) {
                    window.fence().close();
                } else if (i == 2) {
                    assertThat(window.local().byteSize()).isEqualTo(64);
                }
                window.close();
            }
            Window left = open(job, 64);
            Thread holder = Thread.ofPlatform().start(left::local);
            holder.join();
        });
    }

    @Test
    void shouldNotCloseAWindowWhoseViewAnotherThreadHolds() {
        ranks(2, job -> {
            CountDownLatch taken = new CountDownLatch(1);
            CountDownLatch refused = new CountDownLatch(1);
            Window window = open(job, 64);
            Thread holder = Thread.ofPlatform().start(() -> {
                window.local().set(ValueLayout.JAVA_LONG, 0, 3);
                taken.countDown();
                Throwable ignored = catchThrowable(() -> await(refused));
                window.expose();
            });
            await(taken);
            assertThatThrownBy(window::close)
                    .isInstanceOf(WrongThreadException.class)
                    .hasMessageContaining(window.name());
            assertThat(window.isOpen()).isTrue();
            refused.countDown();
            holder.join();
            assertThat(window.local().get(ValueLayout.JAVA_LONG, 0)).isEqualTo(3);
            window.close();
        });
    }

    @Test
    void shouldRefuseAJobThatIsClosed() {
        Job[] jobs = new Job[RANKS];
        ranks(RANKS, job -> {
            jobs[job.rank()] = job;
            job.close();
            job.close();
        });
        ranks(1, unrelated -> {
            for (Job job : jobs) {
                requireClosed(job.world());
                assertThat(job.size()).isEqualTo(RANKS);
                job.close();
            }
            unrelated.world().barrier();
        });
    }

    private static void requireClosed(Team team) {
        String reason = "job is closed";
        MemorySegment small = MemorySegment.ofArray(new long[2]);
        MemorySegment large = MemorySegment.ofArray(new byte[100_000]);
        requireRefused(team::barrier, reason);
        requireRefused(() -> team.broadcast(0, small), reason);
        requireRefused(() -> team.broadcast(0, large), reason);
        requireRefused(() -> team.allreduce(small, small, DataType.LONG, Operator.SUM), reason);
        requireRefused(() -> team.allreduce(large, large, DataType.BYTE, Operator.SUM), reason);
        requireRefused(() -> team.allreduce(1L, Operator.SUM), reason);
        requireRefused(() -> team.allreduce(1.0, Operator.SUM), reason);
        requireRefused(() -> team.openWindow(WindowSpec.ofBytes(8)), reason);
    }

    @Test
    void shouldBeAWorldOfOneWhenNobodyLaunchedIt() {
        try (Job job = Job.join(configuration());
                Window window = open(job, 64)) {
            assertThat(job.size()).isEqualTo(1);
            assertThat(job.rank()).isZero();
            assertThat(job.configuration().value(CoreOptions.TRANSPORTS)).containsExactly(transport());
            try (Epoch epoch = window.fence()) {
                epoch.putLong(0, 8, 3);
            }
            job.world().barrier();
            assertThat(job.world().allreduce(5L, Operator.SUM)).isEqualTo(5);
            assertThat(window.local().get(ValueLayout.JAVA_LONG, 8)).isEqualTo(3);
        }
    }

    @Test
    void shouldRunJobsBesideEachOther() {
        ranks(2, outer -> {
            Window window = open(outer, 64);
            ranks(2, inner -> {
                try (Window other = open(inner, 64);
                        Epoch epoch = other.fence()) {
                    epoch.putLong(1 - inner.rank(), 0, 1);
                }
            });
            try (Epoch epoch = window.fence()) {
                epoch.putLong(1 - outer.rank(), 0, 2);
            }
            assertThat(window.local().get(ValueLayout.JAVA_LONG, 0)).isEqualTo(2);
        });
    }
}
