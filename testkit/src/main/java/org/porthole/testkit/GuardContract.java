package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.porthole.Access;
import org.porthole.CollectiveMismatchException;
import org.porthole.Epoch;
import org.porthole.Guard;
import org.porthole.Job;
import org.porthole.LocalRankException;
import org.porthole.LockKind;
import org.porthole.TransportException;
import org.porthole.Window;
import org.porthole.WindowSpec;
import org.porthole.spi.Memory;
import org.porthole.spi.Transport;

/// What keeps the owner's hands off an exposed part: views for one thread and for all, pages, and nothing.
public abstract class GuardContract extends TransportContract {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final int BYTES = 64 << 10;

    /// For transports.
    protected GuardContract() {}

    private static Window openGuarded(Job job, Guard guard) {
        return job.world().openWindow(WindowSpec.ofBytes(BYTES).named("guarded").withGuard(guard));
    }

    private boolean hasPages() {
        try (Transport transport = SpiPair.open(SpiPair.provider(transport()), 0, configuration());
                Memory memory = transport.allocate(BYTES, "test")) {
            return memory.guard("test")
                    .map(pages -> {
                        pages.close();
                        return true;
                    })
                    .orElse(false);
        }
    }

    private static Throwable inAnotherThread(Runnable what) throws InterruptedException {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread other = Thread.ofPlatform().start(() -> thrown.set(catchThrowable(what::run)));
        other.join();
        return thrown.get();
    }

    @Test
    void shouldShareAViewWithAllThreadsOnRequest() {
        ranks(2, job -> {
            try (Window window = open(job, BYTES)) {
                MemorySegment view = window.localShared();
                assertThat(inAnotherThread(() -> view.set(LONG, 8, 7))).isNull();
                assertThat(view.get(LONG, 8)).isEqualTo(7);
                assertThat(window.local()).isSameAs(view);
                assertThat(inAnotherThread(window::expose)).isNull();
                assertThatIllegalStateException().isThrownBy(() -> view.get(LONG, 8));
                assertThat(inAnotherThread(() -> view.set(LONG, 8, 7))).isInstanceOf(IllegalStateException.class);
                MemorySegment confined = window.local();
                assertThatIllegalStateException()
                        .isThrownBy(window::localShared)
                        .withMessageContaining("alone lives");
                assertThat(inAnotherThread(() -> confined.set(LONG, 8, 7))).isInstanceOf(WrongThreadException.class);
                assertThat(inAnotherThread(window::expose)).isInstanceOf(WrongThreadException.class);
                confined.set(LONG, 8, 9);
                window.fence().close();
                assertThat(window.localShared().get(LONG, 8)).isEqualTo(9);
            }
        });
    }

    @Test
    void shouldTrustTheProgramIfAskedTo() {
        ranks(2, job -> {
            int other = 1 - job.rank();
            try (Window window = openGuarded(job, Guard.NONE)) {
                MemorySegment view = window.local();
                assertThat(inAnotherThread(() -> view.set(LONG, 0, 1))).isNull();
                try (Epoch epoch = window.fence()) {
                    epoch.putLong(other, 8, 2);
                    assertThat(view.get(LONG, 0)).isEqualTo(1);
                }
                assertThat(window.local().get(LONG, 8)).isEqualTo(2);
                assertThat(view.get(LONG, 8)).isEqualTo(2);
                window.expose();
                try (Access access = window.lock(other, LockKind.EXCLUSIVE)) {
                    access.putLong(other, 16, 3);
                }
                job.world().barrier();
                assertThat(view.get(LONG, 16)).isEqualTo(3);
            }
        });
    }

    @Test
    @SuppressWarnings("restricted") // a forged segment is what is refused
    void shouldRefuseForgedSegmentsByPages() {
        Assumptions.assumeTrue(hasPages(), "its memory has one mapping only");
        ranks(2, job -> {
            int other = 1 - job.rank();
            try (Window window = openGuarded(job, Guard.PAGES)) {
                MemorySegment forged = null;
                for (int round = 1; round <= 20; round++) {
                    MemorySegment view = window.local();
                    view.set(LONG, BYTES - 8, round);
                    forged = MemorySegment.ofAddress(view.address()).reinterpret(BYTES);
                    assertThat(forged.get(LONG, BYTES - 8)).isEqualTo(round);
                    try (Epoch epoch = window.fence()) {
                        requireFault(forged);
                        assertThat(Files.readString(Path.of("/proc/self/maps"))).contains("porthole-exposed:guarded");
                        epoch.putLong(other, 0, round);
                        assertThat(epoch.getLong(other, BYTES - 8)).isEqualTo(round);
                    }
                    requireFault(forged);
                    assertThat(window.local().get(LONG, 0)).isEqualTo(round);
                }
                window.expose();
                requireFault(forged);
            }
        });
    }

    /// The Java VM makes a fault in a mapped file an error of the thread that touched it, a little later at times.
    private static void requireFault(MemorySegment forged) {
        assertThat(catchThrowable(() -> {
                    for (long at = 0; at < BYTES; at += 8) {
                        forged.set(LONG, at, -1);
                    }
                }))
                .isInstanceOf(InternalError.class);
    }

    @Test
    void shouldNotOpenWithPagesWhereThereAreNone() {
        Assumptions.assumeFalse(hasPages(), "there are");
        LocalRankException failure =
                failingRanks(2, job -> openGuarded(job, Guard.PAGES).close());
        assertThat(failure).hasCauseInstanceOf(TransportException.class).hasMessageContaining("PAGES");
    }

    @Test
    void shouldNotOpenWithDifferentGuards() {
        LocalRankException failure = failingRanks(
                2,
                job -> openGuarded(job, job.rank() == 0 ? Guard.NONE : Guard.SCOPE)
                        .close());
        assertThat(failure).hasCauseInstanceOf(CollectiveMismatchException.class);
        assertThatThrownBy(() -> WindowSpec.ofBytes(8).withGuard(null)).isInstanceOf(NullPointerException.class);
    }
}
