package org.porthole.system;

import java.util.concurrent.CountDownLatch;
import org.porthole.Job;
import org.porthole.PeerFailedException;
import org.porthole.PortholeException;

/// A rank that waits for one that never comes. The first word says what else it does.
final class LauncherProgram {
    /// What a rank ends with that has seen another fail.
    static final int SEEN = 9;

    static final int LINES = 2_000;

    private LauncherProgram() {}

    public static void main(String[] words) throws InterruptedException {
        Job job = Job.join();
        if (words[0].equals("write")) {
            write(job);
            return;
        }
        int last = job.size() - 1;
        try {
            job.world().barrier();
            System.out.printf(
                    "ready %d pid %d%n", job.rank(), ProcessHandle.current().pid());
            switch (words[0]) {
                case "wait" -> await(job, job.rank() == last);
                case "abort" -> abort(job);
                default -> throw new IllegalArgumentException(words[0]);
            }
        } catch (PeerFailedException e) {
            System.out.printf("rank %d saw %d fail%n", job.rank(), e.rank());
        }
        closeQuietly(job);
        System.exit(SEEN);
    }

    private static void await(Job job, boolean isVictim) throws InterruptedException {
        if (isVictim) {
            new CountDownLatch(1).await();
        }
        job.world().barrier();
    }

    /// Writes lines in pieces, while the others do.
    private static void write(Job job) {
        job.world().barrier();
        for (int line = 0; line < LINES; line++) {
            System.out.printf("rank %d line %d of %d%n", job.rank(), line, LINES);
        }
        job.close();
    }

    /// Rank 1 ends the job while rank 0 waits for it and the others do something else for ever.
    private static void abort(Job job) throws InterruptedException {
        switch (job.rank()) {
            case 0 -> job.world().barrier();
            case 1 -> job.abort(7);
            default -> new CountDownLatch(1).await();
        }
    }

    private static void closeQuietly(Job job) {
        try {
            job.close();
        } catch (PortholeException e) {
            System.out.println("closing: " + e.getMessage());
        }
    }
}
