package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.porthole.AccessRefusedException;
import org.porthole.DataType;
import org.porthole.ExposureExpiredException;
import org.porthole.ExposurePolicy;
import org.porthole.Job;
import org.porthole.LockKind;
import org.porthole.Operator;
import org.porthole.Right;
import org.porthole.RightAccess;
import org.porthole.Window;
import org.porthole.WindowRight;
import org.porthole.WindowSpec;
import org.porthole.config.CoreOptions;
import org.porthole.port.Message;
import org.porthole.port.Port;
import org.porthole.port.PortSpec;
import org.porthole.port.SendRight;

/// Rights to windows in messages: whoever holds one reaches what it gives, though he has had no part in the window, until it ends; and nothing else.
public abstract class WindowRightContract extends TransportContract {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final Set<Right> ALL = EnumSet.allOf(Right.class);
    private static final Duration MEETING = PortContract.SOON;
    private static final int BYTES = 256 << 10;

    /// For transports.
    protected WindowRightContract() {}

    /// What rank 0 does, which owns the memory, and what rank 2 does, which is not in the window's team.
    @FunctionalInterface
    private interface Owner {
        void act(Job job, Window window) throws Exception;
    }

    @FunctionalInterface
    private interface Stranger {
        void act(Job job, Port inbox) throws Exception;
    }

    /// Ranks 0 and 1 open a window, in which rank 1 does nothing.
    private void meet(WindowSpec spec, Owner owner, Stranger stranger) {
        ranks(3, job -> {
            var pair = job.world().of(0, 1);
            try (Port inbox = job.openPort(PortSpec.queue().named("in"))) {
                if (pair.isEmpty()) {
                    stranger.act(job, inbox);
                } else {
                    try (Window window = pair.orElseThrow().openWindow(spec)) {
                        if (job.rank() == 0) {
                            owner.act(job, window);
                        }
                        pair.orElseThrow().barrier();
                    }
                }
                job.world().barrier();
            }
        });
    }

    private static void send(Job job, int rank, WindowRight... rights) {
        try (SendRight to = job.lookup(rank, "in", MEETING)) {
            Message message = job.newMessage();
            for (WindowRight right : rights) {
                message.add(right);
            }
            to.send(message);
        }
    }

    private static WindowRight receive(Port inbox) {
        try (Message message = inbox.receive()) {
            assertThat(message.windowRights()).isEqualTo(1);
            return message.windowRight(0);
        }
    }

    /// Tells another rank to go on.
    private static void signal(Job job, int rank) {
        send(job, rank);
    }

    private static void awaitSignal(Port inbox) {
        try (Message message = inbox.receive()) {
            assertThat(message.windowRights()).isZero();
        }
    }

    /// The port that rank 0 is told on.
    private static Port told(Job job) {
        return job.openPort(PortSpec.queue().named("told"));
    }

    private static void tell(Job job) {
        try (SendRight to = job.lookup(0, "told", MEETING)) {
            to.send(job.newMessage());
        }
    }

    @Test
    void shouldReachAWindowOfOthers() {
        byte[] pattern = randomBytes(BYTES / 2, 1);
        meet(
                WindowSpec.ofBytes(BYTES),
                (job, window) -> {
                    window.local().set(LONG, 64, 5);
                    window.local().set(LONG, 56, 11);
                    try (Port told = told(job)) {
                        WindowRight right = window.grant(ALL, 64, BYTES - 64);
                        assertThat(right.rank()).isZero();
                        assertThat(right.length()).isEqualTo(BYTES - 64);
                        assertThat(right.rights()).isEqualTo(ALL);
                        send(job, 2, right);
                        awaitSignal(told);
                        assertThat(right.lease().isOpen()).isTrue();
                        right.lease().close();
                    }
                    MemorySegment local = window.local();
                    assertThat(local.get(LONG, 56)).isEqualTo(11);
                    assertThat(local.get(LONG, 64)).isEqualTo(8);
                    assertThat(local.get(LONG, 72)).isEqualTo(9);
                    assertThat(local.get(LONG, 80)).isEqualTo(3);
                    assertThat(local.get(LONG, 88)).isEqualTo(4);
                    assertThat(local.get(LONG, 96)).isEqualTo(21);
                    assertThat(local.asSlice(BYTES / 2, BYTES / 2).mismatch(MemorySegment.ofArray(pattern)))
                            .isEqualTo(-1);
                },
                (job, inbox) -> {
                    WindowRight right = receive(inbox);
                    assertThat(right.rank()).isZero();
                    assertThat(right.length()).isEqualTo(BYTES - 64);
                    assertThat(right.rights()).isEqualTo(ALL);
                    assertThat(right.toString()).contains("rank 0");
                    try (RightAccess access = right.access()) {
                        assertThat(access.getLong(0)).isEqualTo(5);
                        assertThat(access.fetchAdd(0, 3)).isEqualTo(5);
                        access.putLong(8, 9);
                        assertThat(access.compareAndExchange(16, 0, 3)).isZero();
                        assertThat(access.compareAndExchange(16, 0, 5)).isEqualTo(3);
                        access.accumulate(24, DataType.LONG, Operator.SUM, MemorySegment.ofArray(new long[] {4, 21}));
                        access.put(BYTES / 2 - 64, MemorySegment.ofArray(pattern));
                        access.flushLocal();
                        access.flush();
                        byte[] got = new byte[pattern.length];
                        access.get(BYTES / 2 - 64, MemorySegment.ofArray(got));
                        access.flush();
                        assertThat(got).isEqualTo(pattern);
                        assertThat(access.getLong(32)).isEqualTo(21);
                    }
                    tell(job);
                });
    }

    /// All operations, by what they take.
    private static Map<Right, ThrowingCallable[]> operations(RightAccess access, long offset) {
        MemorySegment word = MemorySegment.ofArray(new long[] {1});
        return Map.of(
                Right.READ,
                new ThrowingCallable[] {() -> access.get(offset, word), () -> access.getLong(offset)},
                Right.WRITE,
                new ThrowingCallable[] {() -> access.put(offset, word), () -> access.putLong(offset, 1)},
                Right.ATOMIC,
                new ThrowingCallable[] {
                    () -> access.fetchAdd(offset, 1),
                    () -> access.compareAndExchange(offset, 0, 1),
                    () -> access.accumulate(offset, DataType.LONG, Operator.SUM, word)
                });
    }

    @Test
    void shouldAllowWhatTheRightGivesAndRefuseTheRest() {
        for (Right only : Right.values()) {
            meet(
                    WindowSpec.ofBytes(64),
                    (job, window) -> {
                        try (Port told = told(job)) {
                            WindowRight right = window.grant(Set.of(only), 8, 16);
                            send(job, 2, right);
                            awaitSignal(told);
                            right.lease().close();
                        }
                        for (long offset : new long[] {0, 24, 32}) {
                            assertThat(window.local().get(LONG, offset)).isZero();
                        }
                    },
                    (job, inbox) -> {
                        try (RightAccess access = receive(inbox).access()) {
                            for (long offset : new long[] {-8, 0, 8, 9, 16, Long.MAX_VALUE - 3}) {
                                boolean isInside = offset == 0 || offset == 8;
                                operations(access, offset).forEach((taken, operations) -> {
                                    for (ThrowingCallable operation : operations) {
                                        Throwable thrown = catchThrowable(() -> {
                                            operation.call();
                                            access.flush();
                                        });
                                        if (!isInside) {
                                            assertThat(thrown).isInstanceOf(IndexOutOfBoundsException.class);
                                        } else if (taken == only) {
                                            assertThat(thrown).isNull();
                                        } else {
                                            assertThat(thrown)
                                                    .isExactlyInstanceOf(AccessRefusedException.class)
                                                    .hasMessageContaining("may not " + taken);
                                        }
                                    }
                                });
                            }
                        }
                        tell(job);
                    });
        }
    }

    /// A right goes on in messages and comes in replies, and each copy is worth the same; its owner does not need it.
    @Test
    void shouldTravelFurther() {
        ranks(3, job -> {
            AtomicReference<WindowRight> given = new AtomicReference<>();
            try (Window window = job.world().openWindow(WindowSpec.ofBytes(64));
                    Port inbox = job.openPort(PortSpec.queue().named("in"));
                    Port asked = job.openPort(PortSpec.inline(message -> {
                                message.add(given.get());
                                return 3;
                            })
                            .named("ask"))) {
                if (job.rank() == 0) {
                    given.set(window.grant(Set.of(Right.ATOMIC), 8, 8));
                }
                job.world().barrier();
                if (job.rank() == 1) {
                    try (SendRight ask = job.lookup(0, "ask", MEETING)) {
                        Message message = job.newMessage();
                        for (int i = 0; i < 5; i++) {
                            assertThat(ask.call(message)).isEqualTo(3);
                            assertThat(message.windowRights()).isEqualTo(1);
                        }
                        send(job, 2, message.windowRight(0));
                        count(message.windowRight(0));
                    }
                } else {
                    WindowRight right = receive(inbox);
                    if (job.rank() == 2) {
                        count(right);
                        send(job, 0, right);
                    } else {
                        assertThatIllegalStateException().isThrownBy(right::access);
                        assertThatIllegalStateException().isThrownBy(right::lease);
                    }
                }
                job.world().barrier();
                if (job.rank() == 0) {
                    given.get().lease().close();
                    assertThat(window.local().get(LONG, 8)).isEqualTo(2 * 100);
                    assertThat(asked.refused()).isZero();
                }
                job.world().barrier();
            }
        });
    }

    private static void count(WindowRight right) {
        try (RightAccess access = right.access()) {
            for (int i = 0; i < 100; i++) {
                access.fetchAdd(0, 1);
            }
        }
    }

    @Test
    void shouldEndWhenItIsRevoked() {
        meet(
                WindowSpec.ofBytes(64),
                (job, window) -> {
                    try (Port told = told(job)) {
                        for (int round = 0; round < 3; round++) {
                            WindowRight right = window.grant(ALL, 0, 64);
                            WindowRight other = window.grant(Set.of(Right.READ), 0, 8);
                            send(job, 2, right, other);
                            awaitSignal(told);
                            right.lease().close();
                            assertThat(right.lease().isOpen()).isFalse();
                            assertThat(other.lease().isOpen()).isTrue();
                            signal(job, 2);
                            awaitSignal(told);
                            other.lease().close();
                            assertThat(window.local().get(LONG, 0)).isEqualTo(round);
                            window.local().set(LONG, 0, round + 1);
                        }
                    }
                },
                (job, inbox) -> {
                    for (int round = 0; round < 3; round++) {
                        WindowRight right;
                        WindowRight other;
                        try (Message message = inbox.receive()) {
                            right = message.windowRight(0);
                            other = message.windowRight(1);
                        }
                        RightAccess access = right.access();
                        assertThat(access.getLong(0)).isEqualTo(round);
                        tell(job);
                        awaitSignal(inbox);
                        operations(access, 0).values().forEach(operations -> requireExpired(access, operations));
                        assertThatThrownBy(right::access).isInstanceOf(ExposureExpiredException.class);
                        closeExpired(access);
                        assertThatIllegalStateException().isThrownBy(() -> access.getLong(0));
                        try (RightAccess still = other.access()) {
                            assertThat(still.getLong(0)).isEqualTo(round);
                        }
                        tell(job);
                    }
                });
    }

    private static void requireExpired(RightAccess access, ThrowingCallable... operations) {
        for (ThrowingCallable operation : operations) {
            assertThatThrownBy(() -> {
                        operation.call();
                        access.flush();
                    })
                    .isInstanceOf(ExposureExpiredException.class);
        }
    }

    /// What was refused before may be reported once more.
    private static void closeExpired(RightAccess access) {
        Throwable thrown = catchThrowable(access::close);
        assertThat(thrown == null || thrown instanceof ExposureExpiredException).isTrue();
        access.close();
    }

    @Test
    void shouldEndByTime() {
        meet(
                WindowSpec.ofBytes(64),
                (job, window) -> {
                    try (Port told = told(job)) {
                        WindowRight right = window.grant(ALL, 0, 64, Duration.ofHours(1));
                        send(job, 2, right);
                        awaitSignal(told);
                        right.lease().renew(Duration.ofMillis(30));
                        right.lease().awaitEnd();
                        assertThat(window.local().get(LONG, 0)).isEqualTo(7);
                        signal(job, 2);
                    }
                },
                (job, inbox) -> {
                    WindowRight right = receive(inbox);
                    RightAccess access = right.access();
                    access.putLong(0, 7);
                    access.flush();
                    tell(job);
                    awaitSignal(inbox);
                    requireExpired(access, () -> access.putLong(0, 8));
                    assertThatThrownBy(right::access).isInstanceOf(ExposureExpiredException.class);
                    closeExpired(access);
                });
    }

    @Test
    void shouldEndWithItsWindow() {
        ranks(2, job -> {
            try (Port inbox = job.openPort(PortSpec.queue().named("in"))) {
                if (job.rank() == 0) {
                    WindowRight right;
                    try (Window window = job.world().of(0).orElseThrow().openWindow(WindowSpec.ofBytes(64))) {
                        right = window.grant(ALL, 0, 64);
                        send(job, 1, right);
                        awaitSignal(inbox);
                    }
                    assertThat(right.lease().isOpen()).isFalse();
                    signal(job, 1);
                } else {
                    job.world().of(0);
                    WindowRight right = receive(inbox);
                    RightAccess access = right.access();
                    assertThat(access.fetchAdd(0, 1)).isZero();
                    signal(job, 0);
                    awaitSignal(inbox);
                    requireExpired(access, () -> access.fetchAdd(0, 1));
                    assertThatThrownBy(right::access).isInstanceOf(ExposureExpiredException.class);
                    closeExpired(access);
                }
                job.world().barrier();
            }
        });
    }

    @Test
    void shouldRefuseWhatCannotBeGiven() {
        ranks(1, job -> {
            try (Window window = open(job, 64);
                    Window bulk = job.world().openWindow(WindowSpec.ofBytes(64).withBulkAtomics());
                    Window plain =
                            job.world().openWindow(WindowSpec.ofBytes(64).withPolicy(ExposurePolicy.UNGUARDED))) {
                assertThatThrownBy(() -> window.grant(ALL, 8, 64)).isInstanceOf(IndexOutOfBoundsException.class);
                assertThatThrownBy(() -> window.grant(ALL, -1, 8)).isInstanceOf(IndexOutOfBoundsException.class);
                assertThatIllegalArgumentException().isThrownBy(() -> window.grant(Set.of(), 0, 8));
                assertThatIllegalArgumentException().isThrownBy(() -> window.grant(ALL, 0, 8, Duration.ZERO));
                assertThatIllegalStateException().isThrownBy(() -> bulk.grant(ALL, 0, 8));
                assertThatIllegalStateException().isThrownBy(() -> plain.grant(ALL, 0, 8));
                try (var access = window.lock(0, LockKind.SHARED)) {
                    assertThatIllegalStateException().isThrownBy(() -> window.grant(ALL, 0, 8));
                    assertThat(access.getLong(0, 0)).isZero();
                }
                WindowRight right = bulk.grant(Set.of(Right.READ, Right.WRITE), 0, 8);
                assertThatIllegalStateException().isThrownBy(right::access);
                WindowRight[] many = new WindowRight[32];
                for (int i = 0; i < many.length; i++) {
                    many[i] = window.grant(ALL, 0, 8);
                }
                assertThatIllegalStateException().isThrownBy(() -> window.grant(ALL, 0, 8));
                many[5].lease().close();
                window.grant(ALL, 0, 8).lease().close();
                for (WindowRight each : many) {
                    each.lease().close();
                }
                assertThat(window.local().byteSize()).isEqualTo(64);
            }
        });
    }

    @Test
    void shouldTakeUpRoomInMessages() {
        ranks(1, job -> {
            long most = job.configuration().value(CoreOptions.PORT_PAYLOAD);
            try (Window window = open(job, 64)) {
                WindowRight right = window.grant(ALL, 0, 8);
                Message message = job.newMessage().setLength(most);
                assertThatIllegalArgumentException().isThrownBy(() -> message.add(right));
                message.setLength(0);
                for (int i = 0; i < 4; i++) {
                    message.add(right);
                }
                assertThatIllegalArgumentException().isThrownBy(() -> message.add(right));
                assertThatIllegalArgumentException().isThrownBy(() -> message.setLength(most));
                message.clear().setLength(most);
                right.lease().close();
            }
        });
    }

    @Test
    void shouldBelongToOneThread() {
        meet(
                WindowSpec.ofBytes(64),
                (job, window) -> {
                    try (Port told = told(job)) {
                        send(job, 2, window.grant(ALL, 0, 64));
                        awaitSignal(told);
                    }
                },
                (job, inbox) -> {
                    WindowRight right = receive(inbox);
                    try (RightAccess access = right.access()) {
                        AtomicReference<Throwable> thrown = new AtomicReference<>();
                        Thread other = new Thread(() -> thrown.set(catchThrowable(() -> access.getLong(0))));
                        other.start();
                        other.join();
                        assertThat(thrown.get()).isInstanceOf(WrongThreadException.class);
                        assertThat(access.getLong(0)).isZero();
                    }
                    tell(job);
                });
    }
}
