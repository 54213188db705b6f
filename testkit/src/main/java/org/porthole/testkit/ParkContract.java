package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.porthole.spi.Memory;
import org.porthole.spi.SignalKind;

/// Threads sleep on words of memory and are woken when somebody stores them: no wake-up is lost.
public abstract class ParkContract extends TransportContract {
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final long FOR_EVER_NS = TimeUnit.HOURS.toNanos(1);
    private static final long JOIN_MS = TimeUnit.SECONDS.toMillis(MEETING_S);
    private static final int ROUNDS = 2_000;

    /// For transports.
    protected ParkContract() {}

    private SpiPair pair() {
        return new SpiPair(transport(), configuration(), 4096);
    }

    private static int word(Memory memory, long offset) {
        return (int) INT.getVolatile(memory.segment(), offset);
    }

    /// Sleeps until the word is as wanted; for ever if a wake-up gets lost.
    private static void sleepUntil(Memory memory, long offset, int wanted) {
        for (int seen = word(memory, offset); seen != wanted; seen = word(memory, offset)) {
            memory.park(offset, seen, FOR_EVER_NS);
        }
    }

    private static void requireEnded(Thread sleeper) throws InterruptedException {
        sleeper.join(JOIN_MS);
        StackTraceElement[] stack = sleeper.getStackTrace();
        if (sleeper.isAlive()) {
            sleeper.interrupt();
            throw new AssertionError("still asleep at " + (stack.length == 0 ? "its end" : stack[0]));
        }
    }

    private static Thread start(Runnable body) {
        return Thread.ofPlatform().daemon().name("sleeper").start(body);
    }

    @Test
    void shouldWakeWhoeverSleepsOnAWord() throws InterruptedException {
        try (SpiPair pair = pair()) {
            Memory memory = pair.memory;
            CountDownLatch started = new CountDownLatch(2);
            Thread[] sleepers = new Thread[2];
            for (int i = 0; i < 2; i++) {
                sleepers[i] = start(() -> {
                    started.countDown();
                    sleepUntil(memory, 128, 1);
                });
            }
            await(started);
            INT.setVolatile(memory.segment(), 128, 1);
            memory.unpark(128);
            for (Thread sleeper : sleepers) {
                requireEnded(sleeper);
            }
        }
    }

    @Test
    void shouldLoseNoWakeUp() throws InterruptedException {
        try (SpiPair pair = pair()) {
            Memory memory = pair.memory;
            Thread sleeper = start(() -> {
                for (int round = 1; round <= ROUNDS; round++) {
                    sleepUntil(memory, 64, round);
                    INT.setVolatile(memory.segment(), 256, round);
                    memory.unpark(256);
                }
            });
            for (int round = 1; round <= ROUNDS; round++) {
                INT.setVolatile(memory.segment(), 64, round);
                memory.unpark(64);
                sleepUntil(memory, 256, round);
            }
            requireEnded(sleeper);
        }
    }

    @Test
    void shouldWakeByASignalFromAPeer() throws InterruptedException {
        try (SpiPair pair = pair()) {
            Memory memory = pair.memory;
            Thread sleeper = start(() -> {
                for (int round = 1; round <= ROUNDS; round++) {
                    sleepUntil(memory, 64, round);
                    if (word(memory, 512) != round) {
                        throw new AssertionError("the put of round " + round + " came after its signal");
                    }
                    INT.setVolatile(memory.segment(), 256, round);
                    memory.unpark(256);
                }
            });
            MemorySegment source = MemorySegment.ofArray(new int[1]);
            for (int round = 1; round <= ROUNDS && sleeper.isAlive(); round++) {
                source.set(ValueLayout.JAVA_INT, 0, round);
                pair.endpoint.put(pair.remote, 512, source, 0, Integer.BYTES);
                pair.endpoint.signal(pair.remote, 64, SignalKind.SET, round);
                pair.endpoint.flush();
                assertThat((long) LONG.getVolatile(memory.segment(), 64L)).isEqualTo(round);
                sleepUntil(memory, 256, round);
            }
            requireEnded(sleeper);
        }
    }

    @Test
    void shouldNotSleepOnAWordThatDiffers() {
        try (SpiPair pair = pair()) {
            pair.memory.park(64, 1, FOR_EVER_NS);
            INT.setVolatile(pair.memory.segment(), 64L, -1);
            pair.memory.park(64, 0, FOR_EVER_NS);
            assertThat(word(pair.memory, 64)).isEqualTo(-1);
        }
    }

    @Test
    void shouldSleepNoLongerThanAsked() {
        try (SpiPair pair = pair()) {
            for (long timeoutNs : new long[] {1, 1_000, 1_000_000, 20_000_000}) {
                pair.memory.park(64, 0, timeoutNs);
            }
            assertThat(word(pair.memory, 64)).isZero();
        }
    }

    @Test
    void shouldWakeThroughAMapping() throws InterruptedException {
        try (SpiPair pair = pair()) {
            if (pair.remote.mapped().isPresent()) {
                Memory theirs = pair.remote.mapped().get();
                CountDownLatch started = new CountDownLatch(1);
                Thread sleeper = start(() -> {
                    started.countDown();
                    sleepUntil(pair.memory, 64, 1);
                });
                await(started);
                INT.setVolatile(theirs.segment(), 64L, 1);
                theirs.unpark(64);
                requireEnded(sleeper);
            }
        }
    }
}
