package org.porthole.system;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import org.porthole.Access;
import org.porthole.Job;
import org.porthole.LockKind;
import org.porthole.Operator;
import org.porthole.Window;
import org.porthole.WindowSpec;

/// What the launcher's tests run as ranks. The first word says what to do.
final class RankProgram {
    private RankProgram() {}

    public static void main(String[] words) throws Exception {
        switch (words[0]) {
            case "ring" -> ring();
            case "pid" -> tellPidAndWait();
            case "join" -> joinAndWait();
            case "exit" -> exit(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
            case "throw" -> failIn(Integer.parseInt(words[1]));
            case "fail" -> failBesideThread();
            case "desert" -> joinUnless(Integer.parseInt(words[1]));
            case "tarry" -> tarry(Integer.parseInt(words[1]));
            case "cat" -> cat();
            case "write" -> write(Integer.parseInt(words[1]));
            case "say" -> say(words);
            case "finish" -> finish(Integer.parseInt(words[1]));
            default -> throw new IllegalArgumentException(Arrays.toString(words));
        }
    }

    private static int environmentRank() {
        return Integer.parseInt(System.getenv("PORTHOLE_JOB_RANK"));
    }

    /// Each rank puts its number into the window of the next.
    private static void ring() {
        try (Job job = Job.join();
                Window window = job.world().openWindow(WindowSpec.ofBytes(64))) {
            int next = (job.rank() + 1) % job.size();
            try (Access access = window.lock(next, LockKind.SHARED)) {
                access.putLong(next, 8, 100 + job.rank());
            }
            job.world().barrier();
            long got;
            try (Access access = window.lock(job.rank(), LockKind.SHARED)) {
                got = access.getLong(job.rank(), 8);
            }
            long sum = job.world().allreduce(got, Operator.SUM);
            System.out.println("got " + got + " sum " + sum);
        }
    }

    private static void tellPidAndWait() throws InterruptedException {
        System.out.println("pid " + ProcessHandle.current().pid());
        new CountDownLatch(1).await();
    }

    private static void joinAndWait() throws InterruptedException {
        try (Job job = Job.join()) {
            job.world().barrier();
            tellPidAndWait();
        }
    }

    /// One rank exits in the middle of the job, the others wait for it.
    private static void exit(int rank, int code) {
        try (Job job = Job.join()) {
            job.world().barrier();
            if (job.rank() == rank) {
                System.exit(code);
            }
            job.world().barrier();
        }
    }

    private static void failIn(int rank) {
        try (Job job = Job.join()) {
            job.world().barrier();
            if (job.rank() == rank) {
                throw new IllegalStateException("thrown on purpose");
            }
            job.world().barrier();
        }
    }

    /// One rank returns at once, the others join.
    private static void joinUnless(int rank) {
        if (environmentRank() != rank) {
            Job.join().close();
        }
    }

    /// One rank does not join, nor end.
    private static void tarry(int rank) throws InterruptedException {
        if (environmentRank() == rank) {
            new CountDownLatch(1).await();
        }
        Job.join().close();
    }

    /// Throws while a thread that is no daemon lives.
    private static void failBesideThread() {
        new Thread(() -> {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                })
                .start();
        throw new IllegalStateException("thrown on purpose");
    }

    private static void cat() throws Exception {
        System.out.println("read " + new String(System.in.readAllBytes(), StandardCharsets.UTF_8).strip());
    }

    /// Writes many lines in small pieces to both streams.
    private static void write(int lines) {
        String name = "rank" + environmentRank();
        PrintStream out = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), true);
        for (int i = 0; i < lines; i++) {
            out.print(name);
            out.print(" line " + i + ' ');
            out.println("x".repeat(i % 200) + " end" + i);
            if (i % 10 == 0) {
                System.err.println(name + " error " + i + " end" + i);
            }
        }
        out.print(name + " last");
        out.flush();
    }

    private static void say(String... words) {
        System.out.println(String.join(" ", words) + " X=" + System.getenv("X") + " p=" + System.getProperty("p"));
    }

    /// One rank fails at once; the others do not mind.
    private static void finish(int failing) {
        if (environmentRank() == failing) {
            System.exit(9);
        }
        System.out.println("finished");
    }
}
