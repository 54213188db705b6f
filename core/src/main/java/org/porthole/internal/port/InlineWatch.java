package org.porthole.internal.port;

import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// Watches over inline agents that run in a thread which brings messages: they must not wait, and are reported when they take long.
///
/// **Threads.** One runs agents at a time; any may look.
final class InlineWatch {
    private static final System.Logger LOG = System.getLogger(InlineWatch.class.getName());
    private static final VarHandle RUNS;

    static {
        try {
            RUNS = MethodHandles.lookup().findVarHandle(InlineWatch.class, "runs", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long limitNs;
    private Thread thread;
    private OpenPort port;
    /// Odd while an agent runs.
    private long runs;

    private long seenRun;
    private long seenNs;
    private volatile long reported;

    InlineWatch(long limitNs) {
        this.limitNs = limitNs;
    }

    void enter(OpenPort of) {
        port = of;
        thread = Thread.currentThread();
        RUNS.setRelease(this, runs + 1);
    }

    void leave() {
        thread = null;
        RUNS.setRelease(this, runs + 1);
    }

    /// Refuses to let an agent wait.
    void requireMayWait() {
        if (thread == Thread.currentThread()) {
            throw new IllegalStateException(
                    "the agent of an inline port must not wait: open the port with an agent per message");
        }
    }

    /// Looks whether the agent that ran at the last look still does. Called every now and then, and by those who find that another thread brings messages.
    void check() {
        long run = (long) RUNS.getAcquire(this);
        if ((run & 1) == 0) {
            return;
        }
        long now = System.nanoTime();
        synchronized (this) {
            if (run != seenRun) {
                seenRun = run;
                seenNs = now;
                return;
            }
            if (now - seenNs < limitNs || reported == run) {
                return;
            }
            reported = run;
        }
        Thread busy = thread;
        if (busy != null) {
            LOG.log(
                    Level.WARNING,
                    "the agent of inline {0} has run for {1} ms, and nobody else gets messages meanwhile:{2}",
                    port,
                    (now - seenNs) / 1_000_000,
                    stack(busy));
        }
    }

    private static String stack(Thread thread) {
        StringBuilder text = new StringBuilder();
        for (StackTraceElement each : thread.getStackTrace()) {
            text.append("\n    at ").append(each);
        }
        return text.toString();
    }
}
