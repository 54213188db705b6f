package org.porthole.internal.bootstrap;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.porthole.JoinException;

/// A process that a PMIx server has started. The library's calls know no deadline: each is made on a thread of its own, which a call that never
/// returns keeps.
final class PmixClient implements LauncherExchange {
    private static final String KEY = "porthole";

    private final PmixNative library;
    private final Deadline deadline;
    private final int size;
    private final boolean oneHost;

    private PmixClient(PmixNative library, Deadline deadline, int size, boolean oneHost) {
        this.library = library;
        this.deadline = deadline;
        this.size = size;
        this.oneHost = oneHost;
    }

    /// Connects to the server that the environment names.
    static PmixClient init(PmixNative library, Deadline deadline) {
        return timed(deadline, "connecting", () -> {
            library.init();
            try {
                int size = library.number("pmix.job.size");
                return new PmixClient(library, deadline, size, size == library.number("pmix.local.size"));
            } catch (RuntimeException e) {
                library.end();
                throw e;
            }
        });
    }

    private static <T> T timed(Deadline deadline, String what, Callable<T> call) {
        FutureTask<T> task = new FutureTask<>(call);
        Thread.ofPlatform().daemon().name("porthole-pmix").start(task);
        try {
            return task.get(Math.max(1, deadline.leftNs()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new JoinException(
                    "PMIx has not answered within " + deadline.text() + " (" + what
                            + "): a rank has not started, or takes another way",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JoinException("interrupted while joining through PMIx (" + what + ")", e);
        } catch (ExecutionException e) {
            throw new JoinException("PMIx: " + what + " failed: " + e.getCause().getMessage(), e.getCause());
        }
    }

    @Override
    public int rank() {
        return library.rank();
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public boolean isOneHost() {
        return oneHost;
    }

    @Override
    public void publish(String word) {
        library.put(KEY, word);
    }

    @Override
    public void fence() {
        timed(deadline, "waiting for the other ranks", () -> {
            library.fence();
            return null;
        });
    }

    @Override
    public String read(int rank) {
        return timed(deadline, "reading what rank " + rank + " published", () -> library.text(rank, KEY));
    }

    @Override
    public void close() {
        timed(deadline, "taking leave", () -> {
            library.end();
            return null;
        });
    }
}
