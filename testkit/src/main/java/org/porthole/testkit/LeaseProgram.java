package org.porthole.testkit;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.porthole.Access;
import org.porthole.AccessRefusedException;
import org.porthole.ExposureExpiredException;
import org.porthole.ExposureSpec;
import org.porthole.Job;
import org.porthole.Lease;
import org.porthole.LockKind;
import org.porthole.PeerFailedException;
import org.porthole.Window;
import org.porthole.WindowSpec;

/// A rank of three of [LeaseFaultContract]: rank 0 leases its part to the two others, which put as much as they can; it stops rank 1 in the middle of that,
/// ends the lease, lets rank 1 go on, and looks whether a byte has changed; in the end it kills rank 1.
public final class LeaseProgram {
    static final String MOVED = "went on in a copy";
    static final String UNCHANGED = "nothing has changed";

    private static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();
    private static final Duration BRIEFLY = Duration.ofMillis(20);
    private static final int OWNER = 0;
    private static final int VICTIM = 1;
    private static final int PUT = 4 << 20;
    private static final int ROUNDS = 10;
    private static final long LOOK_NS = 100_000;

    private LeaseProgram() {}

    /// Runs the rank.
    ///
    /// @param arguments a seed
    /// @throws Exception if it fails
    public static void main(String[] arguments) throws Exception {
        try (Job job = Job.join();
                Window done = job.world().openWindow(WindowSpec.ofBytes(8).withNotifications(4));
                Window window = job.world().openWindow(WindowSpec.ofBytes(2L * PUT))) {
            long[] processes = new long[job.size()];
            job.world()
                    .allgather(
                            MemorySegment.ofArray(
                                    new long[] {ProcessHandle.current().pid()}),
                            MemorySegment.ofArray(processes));
            if (job.rank() == OWNER) {
                own(window, done, processes[VICTIM], new Random(Long.parseLong(arguments[0])));
            } else {
                originate(job, window, done);
            }
        }
    }

    private static void own(Window window, Window done, long victim, Random random) throws Exception {
        for (int round = 1; round <= ROUNDS; round++) {
            long before = window.local().address();
            boolean byTime = round % 3 == 0;
            Lease lease = window.expose(ExposureSpec.to(VICTIM, 2), FOREVER);
            done.notifications().await(VICTIM, round);
            LockSupport.parkNanos(random.nextInt(3_000_000));
            signal(victim, "STOP");
            if (byTime) {
                lease.renew(BRIEFLY);
                lease.awaitEnd();
            } else {
                lease.close();
            }
            byte[] atEnd = window.local().toArray(ValueLayout.JAVA_BYTE);
            if (window.local().address() != before) {
                System.out.println(MOVED);
            }
            signal(victim, "CONT");
            done.notifications().await(0, 2L * round);
            requireSame(window, atEnd);
        }
        Lease lease = window.expose(ExposureSpec.to(VICTIM, 2), FOREVER);
        done.notifications().await(VICTIM, ROUNDS + 1);
        LockSupport.parkNanos(random.nextInt(3_000_000));
        signal(victim, "KILL");
        lease.close();
        byte[] atEnd = window.local().toArray(ValueLayout.JAVA_BYTE);
        done.notifications().await(0, 2L * ROUNDS + 1);
        requireSame(window, atEnd);
        System.out.println(UNCHANGED);
    }

    private static void requireSame(Window window, byte[] atEnd) {
        long changed = window.local().mismatch(MemorySegment.ofArray(atEnd));
        if (changed >= 0) {
            throw new AssertionError("byte " + changed + " has changed after the end of the lease");
        }
    }

    private static void originate(Job job, Window window, Window done) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(PUT, 8);
            for (int round = 1; round <= ROUNDS + 1; round++) {
                try (Access access = awaitLease(window)) {
                    for (int puts = 0; ; puts++) {
                        bytes.set(ValueLayout.JAVA_INT, 0, puts);
                        bytes.set(ValueLayout.JAVA_INT, PUT - 4, puts);
                        access.put(OWNER, (job.rank() - 1L) * PUT, bytes);
                        access.flush(OWNER);
                        if (puts == 2) {
                            raise(done, job.rank());
                        }
                    }
                } catch (ExposureExpiredException e) {
                    raise(done, 0);
                }
            }
        } catch (PeerFailedException e) {
            throw new AssertionError("the owner is well", e);
        }
    }

    private static Access awaitLease(Window window) {
        for (; ; ) {
            try {
                return window.access(OWNER);
            } catch (AccessRefusedException e) {
                LockSupport.parkNanos(LOOK_NS);
            }
        }
    }

    private static void raise(Window done, int id) {
        try (Access access = done.lock(OWNER, LockKind.SHARED)) {
            access.raise(OWNER, id, 1);
        }
    }

    private static void signal(long process, String name) throws Exception {
        int code = new ProcessBuilder("sh", "-c", "kill -" + name + " " + process)
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new AssertionError("SIG" + name + " could not be sent");
        }
        while (name.equals("STOP") && !isStopped(process)) {
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    private static boolean isStopped(long process) throws IOException {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/" + process + "/task"))) {
            for (Path thread : threads) {
                String stat = Files.readString(thread.resolve("stat"), java.nio.charset.StandardCharsets.ISO_8859_1);
                if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            }
            return true;
        } catch (java.nio.file.NoSuchFileException e) {
            return false; // a thread has ended meanwhile
        }
    }
}
