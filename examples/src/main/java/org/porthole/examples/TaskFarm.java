package org.porthole.examples;

import java.time.Duration;
import java.util.Locale;
import java.util.SplittableRandom;
import org.porthole.Access;
import org.porthole.Job;
import org.porthole.Operator;
import org.porthole.Window;
import org.porthole.WindowSpec;
import org.porthole.port.Message;
import org.porthole.port.Port;
import org.porthole.port.PortSpec;
import org.porthole.port.SendRight;

/// Tasks of very different length, done by whoever has time: each rank begins with a share, and steals when it has none left.
///
/// A rank's tasks are a range of numbers, of which its thread takes the first, and its agent gives away the last half to who asks. The agent
/// answers while the rank computes, so that nobody waits for a loop to come round. Tasks that are done are counted by a fetch-and-add on rank 0,
/// by which all know when to stop.
///
/// **Ports.** One per rank, with an agent that takes no thread.  **Windows.** One counter.
///
/// ```
/// porthole run -n 4 taskfarm --tasks 20000
/// ```
public final class TaskFarm {
    private static final String USAGE = """
            taskfarm [options]: does tasks of different length on whichever rank has time
              --tasks N   how many, all of which begin on rank 0 (default 20000)
            """;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Job job;
    private long first;
    private long end;
    private long stolen;

    private TaskFarm(Job job, long tasks) {
        this.job = job;
        end = job.rank() == 0 ? tasks : 0;
    }

    /// Joins the job and runs.
    ///
    /// @param args see the class
    public static void main(String[] args) {
        Example.start(
                USAGE, args, (job, arguments) -> run(job, arguments.integer("--tasks", 20_000, 1, Integer.MAX_VALUE)));
    }

    static Result run(Job job, int tasks) {
        return new TaskFarm(job, tasks).run(tasks);
    }

    @SuppressWarnings("try") // the port only has to be open
    private Result run(int tasks) {
        SendRight[] others = new SendRight[job.size()];
        long startNs = System.nanoTime();
        long sum = 0;
        long done = 0;
        try (Window window =
                        job.world().openWindow(WindowSpec.ofBytes(Long.BYTES).named("done"));
                Port thieves = job.openPort(PortSpec.inline(this::give).named("tasks"));
                Access counter = window.lockAll()) {
            for (int rank = 0; rank < others.length; rank++) {
                others[rank] = job.lookup(rank, "tasks", PATIENCE);
            }
            Message message = job.newMessage();
            SplittableRandom random = new SplittableRandom(job.rank());
            while (counter.fetchAndOp(0, 0, Operator.NO_OP, 0L) < tasks) {
                long task = take();
                if (task >= 0) {
                    sum += work(task);
                    done++;
                    counter.fetchAdd(0, 0, 1);
                } else if (job.size() > 1) {
                    steal(others[random.nextInt(job.size())], message);
                }
            }
            job.world().barrier();
        }
        for (SendRight each : others) {
            each.close();
        }
        double seconds = Example.secondsSince(startNs);
        long all = job.world().allreduce(sum, Operator.SUM);
        long most = job.world().allreduce(done, Operator.MAX);
        long moved = job.world().allreduce(stolen, Operator.SUM);
        long expected = 0;
        for (long task = 0; task < tasks; task++) {
            expected += work(task);
        }
        Example.verify(job, all == expected, "the tasks' results add up to " + all + " and should to " + expected);
        return new Result(job.size(), tasks, most, moved, seconds);
    }

    private synchronized long take() {
        return first < end ? first++ : -1;
    }

    /// The agent: answers with the half that is given away.
    private synchronized int give(Message message) {
        long half = (end - first) / 2;
        end -= half;
        message.setLong(0, end).setLong(8, end + half);
        return 0;
    }

    private void steal(SendRight victim, Message message) {
        if (victim.rank() == job.rank()) {
            return;
        }
        victim.call(message);
        synchronized (this) {
            first = message.getLong(0);
            end = message.getLong(8);
            stolen += end - first;
        }
    }

    /// One task: the length of a Collatz sequence, which nobody knows before.
    private static long work(long task) {
        long steps = 0;
        for (long number = task + 1; number != 1; steps++) {
            number = (number & 1) == 0 ? number / 2 : 3 * number + 1;
        }
        return steps;
    }

    /// What is printed at the end.
    ///
    /// @param ranks   how many ranks took part
    /// @param tasks   how many tasks there were
    /// @param most    what the busiest rank did
    /// @param moved   how many tasks were stolen, each time that they were
    /// @param seconds how long it took
    record Result(int ranks, int tasks, long most, long moved, double seconds) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%s, %d tasks in %.3f s; the busiest rank did %d; %d were stolen",
                    Example.ranks(ranks),
                    tasks,
                    seconds,
                    most,
                    moved);
        }
    }
}
