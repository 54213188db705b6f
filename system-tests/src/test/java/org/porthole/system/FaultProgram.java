package org.porthole.system;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CountDownLatch;
import org.porthole.Access;
import org.porthole.DataType;
import org.porthole.Epoch;
import org.porthole.Job;
import org.porthole.LockKind;
import org.porthole.Operator;
import org.porthole.PeerFailedException;
import org.porthole.PortholeException;
import org.porthole.Team;
import org.porthole.Window;
import org.porthole.WindowSpec;

/// Ranks of which the last is the victim: it says who it is and does nothing more, while the others wait for it in the way that the first word names.
final class FaultProgram {
    private FaultProgram() {}

    public static void main(String[] words) throws Exception {
        Job job = Job.join();
        Window window = job.world().openWindow(WindowSpec.ofBytes(1 << 20).named("grid"));
        boolean victim = job.rank() == job.size() - 1;
        String wait = words[0];
        try {
            if (victim) {
                beVictim(job, window, wait);
            } else {
                job.world().barrier();
                System.out.println("waiting");
                awaitVictim(job, window, wait);
            }
            System.out.println("done");
        } catch (PortholeException e) {
            System.out.println("caught " + e.getClass().getSimpleName() + ": " + e.getMessage());
            if (e instanceof PeerFailedException && wait.startsWith("lock")) {
                relock(job, window);
            }
        }
        closeQuietly(window);
        closeQuietly(job);
    }

    private static void beVictim(Job job, Window window, String wait) throws InterruptedException {
        Access held = switch (wait) {
            case "lock-exclusive" -> window.lock(0, LockKind.EXCLUSIVE);
            case "lock-shared" -> window.lock(0, LockKind.SHARED);
            case "lock-view" -> {
                window.local();
                yield null;
            }
            default -> null;
        };
        Epoch epoch = null;
        if (wait.equals("next") || wait.equals("close")) {
            job.world().barrier();
            epoch = window.fence();
        } else {
            job.world().barrier();
        }
        System.out.println(
                "pid " + ProcessHandle.current().pid() + (held == null && epoch == null ? "" : " in an epoch"));
        if (wait.equals("resume")) {
            awaitFile(System.getenv("GO"));
            job.world().barrier();
            return;
        }
        new CountDownLatch(1).await();
    }

    private static void awaitFile(String path) throws InterruptedException {
        var file = java.nio.file.Path.of(path);
        try (var watch = file.getFileSystem().newWatchService()) {
            file.getParent().register(watch, java.nio.file.StandardWatchEventKinds.ENTRY_CREATE);
            while (!java.nio.file.Files.exists(file)) {
                watch.take().reset();
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void awaitVictim(Job job, Window window, String wait) {
        Team team = job.world();
        int last = job.size() - 1;
        switch (wait) {
            case "barrier", "resume" -> team.barrier();
            case "allreduce" -> team.allreduce(1, Operator.SUM);
            case "large-allreduce" -> {
                MemorySegment data = Arena.ofAuto().allocate(1 << 20, 8);
                team.allreduce(data, data, DataType.DOUBLE, Operator.SUM);
            }
            case "broadcast" -> team.broadcast(last, Arena.ofAuto().allocate(1 << 20));
            case "fence" -> window.fence();
            case "next" -> window.fence().next();
            case "close" -> window.fence().close();
            case "open" -> team.openWindow(WindowSpec.ofBytes(8));
            case "lock-exclusive" -> window.lock(0, LockKind.SHARED).close();
            case "lock-shared" -> window.lock(0, LockKind.EXCLUSIVE).close();
            case "lock-view" -> window.lock(last, LockKind.EXCLUSIVE).close();
            case "put" -> putUntilRefused(window, last);
            default -> throw new IllegalArgumentException(wait);
        }
    }

    /// Puts to a rank until that is known to be dead.
    private static void putUntilRefused(Window window, int target) {
        try (Access access = window.lock(target, LockKind.SHARED)) {
            for (; ; ) {
                access.putLong(target, 0, 1);
                access.flush(target);
            }
        }
    }

    /// The lock that the dead rank held can be had again.
    private static void relock(Job job, Window window) {
        for (int attempt = 0; attempt < 2; attempt++) {
            try (Access access = window.lock(0, LockKind.EXCLUSIVE)) {
                access.fetchAdd(0, 0, 1);
                System.out.println("relocked by " + job.rank());
                return;
            } catch (PeerFailedException e) {
                System.out.println("told again: " + e.getMessage());
            }
        }
    }

    private static void closeQuietly(AutoCloseable closeable) throws Exception {
        try {
            closeable.close();
        } catch (PortholeException e) {
            System.out.println("close: " + e.getClass().getSimpleName());
        }
    }
}
