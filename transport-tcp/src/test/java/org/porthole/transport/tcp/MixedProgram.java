package org.porthole.transport.tcp;

import static org.porthole.testkit.WaitProgram.say;

import java.lang.foreign.ValueLayout;
import org.porthole.Access;
import org.porthole.Epoch;
import org.porthole.Job;
import org.porthole.Window;
import org.porthole.WindowSpec;
import org.porthole.config.Configuration;
import org.porthole.config.CoreOptions;

/// A rank of a job in which rank 1 can be reached by TCP only: because it allows nothing else, or, if the first word is `hosts`, because its host
/// is said to be another.
public final class MixedProgram {
    private static final int ROUNDS = 2_000;

    private MixedProgram() {}

    public static void main(String[] arguments) {
        boolean alone = System.getenv("PORTHOLE_JOB_RANK").equals("1");
        Configuration configuration = arguments.length > 0
                ? Configuration.load().with(CoreOptions.HOST, alone ? "hermit" : "town")
                : Configuration.load().with(CoreOptions.TRANSPORTS, alone ? "tcp" : "shm,tcp");
        try (Job job = Job.join(configuration);
                Window window = job.world().openWindow(WindowSpec.ofBytes(64))) {
            job.routes().forEach(route -> say(route.peer() + " by " + route.transport()));
            try (Access access = window.lockAll()) {
                for (int i = 0; i < ROUNDS; i++) {
                    access.fetchAdd(i % job.size(), 8, 1);
                }
            }
            try (Epoch epoch = window.fence()) {
                epoch.putLong((job.rank() + 1) % job.size(), 16, job.rank());
            }
            long counted = window.local().get(ValueLayout.JAVA_LONG, 8);
            long neighbour = window.local().get(ValueLayout.JAVA_LONG, 16);
            if (counted != ROUNDS || neighbour != (job.rank() + job.size() - 1) % job.size()) {
                throw new AssertionError("counted " + counted + ", put by " + neighbour);
            }
        }
        say("clean");
    }
}
