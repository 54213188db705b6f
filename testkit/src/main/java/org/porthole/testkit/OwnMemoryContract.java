package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.porthole.Access;
import org.porthole.AccessRefusedException;
import org.porthole.DataType;
import org.porthole.Epoch;
import org.porthole.Job;
import org.porthole.LockKind;
import org.porthole.Operator;
import org.porthole.Window;
import org.porthole.WindowSpec;

/// Windows over memory that the ranks bring, when they open or while they are open.
public abstract class OwnMemoryContract extends TransportContract {
    /// More than goes through buffers at once.
    private static final long LONG_PAYLOAD = 300_000;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final int ROUNDS = 20;

    /// For transports.
    protected OwnMemoryContract() {}

    @Test
    void shouldReachMemoryThatARankBrings() {
        ranks(3, job -> {
            try (Arena arena = Arena.ofShared()) {
                // One rank lets Porthole allocate.
                MemorySegment mine = arena.allocate(1003, 8);
                WindowSpec spec = job.rank() == 2
                        ? WindowSpec.ofBytes(1003).withPolicy(org.porthole.ExposurePolicy.UNGUARDED)
                        : WindowSpec.over(mine);
                int right = (job.rank() + 1) % 3;
                int left = (job.rank() + 2) % 3;
                try (Window window = job.world().openWindow(spec)) {
                    MemorySegment local = window.local();
                    assertThat(local.byteSize()).isEqualTo(1003);
                    for (int round = 1; round <= ROUNDS; round++) {
                        try (Epoch epoch = window.fence()) {
                            epoch.put(right, 3, MemorySegment.ofArray(filled(1000, round + job.rank())));
                        }
                        assertThat(local.asSlice(3).toArray(ValueLayout.JAVA_BYTE))
                                .containsOnly((byte) (round + left));
                        byte[] seen = new byte[1000];
                        try (Epoch epoch = window.fence()) {
                            epoch.get(left, 3, MemorySegment.ofArray(seen));
                        }
                        assertThat(seen).containsOnly((byte) (round + (left + 2) % 3));
                    }
                    if (job.rank() != 2) {
                        assertThat(mine.get(ValueLayout.JAVA_BYTE, 3)).isEqualTo(local.get(ValueLayout.JAVA_BYTE, 3));
                    }
                }
            }
        });
    }

    @Test
    void shouldOperateAtomicallyOnIt() {
        ranks(3, job -> {
            try (Arena arena = Arena.ofShared();
                    Window window = job.world().openWindow(WindowSpec.over(arena.allocate(72, 8)))) {
                try (Access access = window.lockAll()) {
                    for (int round = 0; round < ROUNDS; round++) {
                        access.fetchAdd(0, 64, 1);
                        access.fetchAndOp(0, 8, Operator.SUM, 2);
                        long seen = access.getLong(0, 16);
                        while (access.compareAndExchange(0, 16, seen, seen + 3) != seen) {
                            seen = access.getLong(0, 16);
                        }
                        access.accumulate(
                                0, 24, DataType.DOUBLE, Operator.SUM, MemorySegment.ofArray(new double[] {1, 0.5}));
                    }
                }
                job.world().barrier();
                if (job.rank() == 0) {
                    MemorySegment local = window.local();
                    assertThat(local.get(LONG, 64)).isEqualTo(3L * ROUNDS);
                    assertThat(local.get(ValueLayout.JAVA_INT, 8)).isEqualTo(6 * ROUNDS);
                    assertThat(local.get(LONG, 16)).isEqualTo(9L * ROUNDS);
                    assertThat(local.get(ValueLayout.JAVA_DOUBLE, 24)).isEqualTo(3.0 * ROUNDS);
                    assertThat(local.get(ValueLayout.JAVA_DOUBLE, 32)).isEqualTo(1.5 * ROUNDS);
                }
            }
        });
    }

    @Test
    void shouldOpenSeveralWindowsOverOneMemory() {
        ranks(2, job -> {
            try (Arena arena = Arena.ofShared()) {
                MemorySegment mine = arena.allocate(64, 8);
                try (Window whole = job.world().openWindow(WindowSpec.over(mine));
                        Window half = job.world().openWindow(WindowSpec.over(mine.asSlice(32)))) {
                    try (Epoch epoch = whole.fence()) {
                        epoch.putLong(1 - job.rank(), 40, 5);
                    }
                    try (Epoch epoch = half.fence()) {
                        assertThat(epoch.getLong(1 - job.rank(), 8)).isEqualTo(5);
                    }
                }
            }
        });
    }

    @Test
    void shouldReachAMappedFile(@TempDir Path folder) {
        ranks(2, job -> {
            Path file = folder.resolve("part-" + job.rank());
            Files.write(file, new byte[4096]);
            try (Arena arena = Arena.ofShared();
                    Window window = job.world().openWindow(WindowSpec.over(map(file, arena)))) {
                try (Access access = window.lock(1 - job.rank(), LockKind.EXCLUSIVE)) {
                    access.put(1 - job.rank(), 100, MemorySegment.ofArray(filled(50, 7 + job.rank())));
                }
                job.world().barrier();
            }
            byte[] expected = new byte[4096];
            java.util.Arrays.fill(expected, 100, 150, (byte) (8 - job.rank()));
            assertThat(Files.readAllBytes(file)).isEqualTo(expected);
        });
    }

    private static MemorySegment map(Path file, Arena arena) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size(), arena);
        }
    }

    private static Window openDynamic(Job job) {
        return job.world().openWindow(WindowSpec.dynamic().named("dynamic"));
    }

    @Test
    void shouldReachWhatIsAttached() {
        ranks(3, job -> {
            int left = (job.rank() + 2) % 3;
            try (Arena arena = Arena.ofShared();
                    Window window = openDynamic(job)) {
                MemorySegment first = arena.allocate(64, 8);
                MemorySegment second = arena.allocate(3, 8);
                first.fill((byte) (10 + job.rank()));
                second.fill((byte) (20 + job.rank()));
                long[] offsets = {window.attach(first), window.attach(second)};
                long[] theirs = new long[2];
                for (int root = 0; root < 3; root++) {
                    long[] all = root == job.rank() ? offsets : new long[2];
                    job.world().broadcast(root, MemorySegment.ofArray(all));
                    if (root == left) {
                        theirs = all;
                    }
                }
                try (Access access = window.lockAll()) {
                    byte[] seen = new byte[3];
                    access.get(left, theirs[0] + 5, MemorySegment.ofArray(seen));
                    access.flushLocal(left);
                    assertThat(seen).containsOnly((byte) (10 + left));
                    access.get(left, theirs[1], MemorySegment.ofArray(seen));
                    access.flushLocal(left);
                    assertThat(seen).containsOnly((byte) (20 + left));
                    access.putLong(left, theirs[0] + 8, 99);
                    access.flush(left);
                    assertThat(access.getLong(left, theirs[0] + 8)).isEqualTo(99);
                    assertThat(access.fetchAdd(left, theirs[0] + 8, 1)).isEqualTo(99);
                    assertThat(access.getLong(job.rank(), offsets[0] + 16)).isEqualTo(first.get(LONG, 16));
                    long beyond = theirs[0] + 60;
                    assertThatThrownBy(() -> access.getLong(left, beyond))
                            .isInstanceOf(IndexOutOfBoundsException.class)
                            .hasMessageContaining("not all in one memory attached to rank " + left);
                    assertThatThrownBy(() -> access.getLong(left, 8)).isInstanceOf(IndexOutOfBoundsException.class);
                }
                job.world().barrier();
                assertThat(first.get(LONG, 8)).isEqualTo(100);
            }
        });
    }

    @Test
    void shouldRefuseWhatIsDetached() {
        ranks(2, job -> {
            try (Arena arena = Arena.ofShared();
                    Window window = openDynamic(job)) {
                MemorySegment memory = arena.allocate(LONG_PAYLOAD, 8);
                long[] offset = {job.rank() == 1 ? window.attach(memory) : 0};
                for (int round = 0; round < ROUNDS; round++) {
                    job.world().broadcast(1, MemorySegment.ofArray(offset));
                    if (job.rank() == 0) {
                        try (Access access = window.lock(1, LockKind.SHARED)) {
                            access.putLong(1, offset[0], round);
                        }
                    }
                    job.world().barrier();
                    long old = offset[0];
                    if (job.rank() == 1) {
                        assertThat(memory.get(LONG, 0)).isEqualTo(round);
                        window.detach(old);
                        assertThatIllegalArgumentException()
                                .isThrownBy(() -> window.detach(old))
                                .withMessageContaining("nothing is attached");
                        offset[0] = window.attach(memory);
                        assertThat(offset[0]).isNotEqualTo(old);
                    }
                    job.world().barrier();
                    if (job.rank() == 0) {
                        try (Access access = window.lock(1, LockKind.SHARED)) {
                            requireRefused(access, old);
                        }
                    }
                    job.world().barrier();
                    assertThat(memory.get(LONG, 0)).isEqualTo(job.rank() == 1 ? round : 0);
                }
            }
        });
    }

    private static void requireRefused(Access access, long old) {
        MemorySegment bytes = MemorySegment.ofArray(new byte[(int) LONG_PAYLOAD]);
        List<Consumer<Access>> operations = new ArrayList<>();
        operations.add(each -> each.put(1, old, bytes));
        operations.add(each -> each.get(1, old, bytes));
        for (OneSided operation : OneSided.values()) {
            operations.add(each -> operation.perform(each, 1, old));
        }
        for (Consumer<Access> operation : operations) {
            assertThatThrownBy(() -> {
                        operation.accept(access);
                        access.flush(1);
                    })
                    .isInstanceOfAny(IndexOutOfBoundsException.class, AccessRefusedException.class);
        }
    }

    @Test
    void shouldAttachOnlyToDynamicWindows() {
        ranks(2, job -> {
            try (Arena arena = Arena.ofShared();
                    Window window = open(job, 64);
                    Window dynamic = openDynamic(job)) {
                MemorySegment memory = arena.allocate(64, 8);
                assertThatIllegalStateException()
                        .isThrownBy(() -> window.attach(memory))
                        .withMessageContaining("is not dynamic");
                assertThatIllegalStateException().isThrownBy(() -> window.detach(0));
                assertThatIllegalArgumentException().isThrownBy(() -> dynamic.detach(0));
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> dynamic.attach(MemorySegment.ofArray(new long[1])))
                        .withMessageContaining("heap");
                long[] offsets = new long[256];
                for (int i = 0; i < offsets.length; i++) {
                    offsets[i] = dynamic.attach(memory);
                }
                assertThatIllegalStateException()
                        .isThrownBy(() -> dynamic.attach(memory))
                        .withMessageContaining("detach one first");
                dynamic.detach(offsets[100]);
                assertThat(dynamic.attach(memory)).isPositive();
            }
        });
    }
}
