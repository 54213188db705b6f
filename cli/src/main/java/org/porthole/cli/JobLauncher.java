package org.porthole.cli;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.porthole.Rendezvous;

/// Starts the ranks of a job as children of this process, carries their output and sees them to their end.
///
/// **Threads.** [#run()] is called once, by a thread that nobody interrupts.
public final class JobLauncher {
    private static final Duration SHORT_PATIENCE = Duration.ofMillis(200);
    private static final Duration LONG_PATIENCE = Duration.ofSeconds(1);

    /// A person may take a day to page through the output.
    private static final Duration FOR_EVER = Duration.ofDays(1000);

    private final LaunchSpec spec;
    private final int cores = Runtime.getRuntime().availableProcessors();
    private final Terminals terminals = Terminals.detect();
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Screen screen = Screen.ofProcess(() -> events.add(new Event.OutputLost()));
    private final RankGroup group = new RankGroup();

    /// What the launcher waits for.
    private sealed interface Event {
        record Ended(RankProcess rank) implements Event {}

        record OutputLost() implements Event {}
    }

    /// Prepares a job.
    ///
    /// @param spec what to start
    public JobLauncher(LaunchSpec spec) {
        this.spec = spec;
    }

    /// Starts all ranks and returns when they have ended.
    ///
    /// A rank that fails makes all others end, unless the spec says to keep going. When this process is asked to end, they end too.
    ///
    /// @return 0, or the exit code of the rank that failed first
    /// @throws org.porthole.ConfigurationException if the ranks would refuse a setting: none was started
    /// @throws org.porthole.JoinException          if no port can be bound: none was started
    public int run() {
        try (Rendezvous rendezvous = Rendezvous.open(spec.ranks())) {
            RankEnvironment environment = RankEnvironment.of(spec, System.getenv(), rendezvous::environment, cores);
            try (ShutdownGuard guard = ShutdownGuard.open(this::onShutdown);
                    JoinProgress _ = JoinProgress.watch(
                            screen, spec.ranks(), rendezvous::joined, terminals.err() && spec.tag())) {
                startRanks(environment);
                int exitCode = awaitRanks(guard, rendezvous);
                group.awaitOutput(LONG_PATIENCE, FOR_EVER);
                return exitCode;
            } catch (InterruptedException e) {
                throw new IllegalStateException("the launcher's thread was interrupted", e);
            }
        }
    }

    private void startRanks(RankEnvironment environment) throws InterruptedException {
        List<String> words = RankCommandLine.of(spec, System.getenv(), cores, terminals);
        for (int rank = 0; rank < spec.ranks(); rank++) {
            int number = rank;
            try {
                group.start(() -> RankProcess.start(
                                number, builder(words, environment.of(number), number), screen, terminals))
                        .ifPresent(started -> started.onEnd(ended -> events.add(new Event.Ended(ended))));
            } catch (IOException e) {
                group.end();
                throw new EnvironmentException(
                        "cannot start rank " + rank + " of " + spec.ranks() + ": " + e.getMessage(), e);
            }
        }
    }

    private ProcessBuilder builder(List<String> words, Map<String, String> environment, int rank) {
        List<String> line = new ArrayList<>(words);
        line.addAll(1, ClassArchive.making(rank));
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().clear();
        builder.environment().putAll(environment);
        if (rank == 0) {
            builder.redirectInput(Redirect.INHERIT);
        }
        if (!spec.tag()) {
            builder.redirectOutput(Redirect.INHERIT).redirectError(Redirect.INHERIT);
        }
        return builder;
    }

    private int awaitRanks(ShutdownGuard guard, Rendezvous rendezvous) throws InterruptedException {
        int exitCode = ExitCode.OK;
        for (int ended = 0; ended < spec.ranks(); ended++) {
            if (!(events.take() instanceof Event.Ended(RankProcess rank))) {
                group.end();
                return ExitCode.OUTPUT_LOST;
            }
            Ending ending = rank.ending();
            if (!ending.isFailure() || spec.keepGoing()) {
                // Those that fail otherwise are told of here, and the others ended.
                rendezvous.ended(rank.rank(), ending.exitCode());
            }
            if (!ending.isFailure()) {
                continue;
            }
            exitCode = exitCode == ExitCode.OK ? ending.exitCode() : exitCode;
            if (guard.hasBegun(ending.isByRequest() ? SHORT_PATIENCE : Duration.ZERO)) {
                // Ctrl-C reaches the ranks and the launcher alike, and the guard ends them all.
                return exitCode;
            }
            report(rank, ending);
            if (!spec.keepGoing()) {
                return exitCode;
            }
        }
        return exitCode;
    }

    /// Ends the others, unless they are to go on, and says so when their last output is on the screen.
    private void report(RankProcess rank, Ending ending) throws InterruptedException {
        String consequence = spec.keepGoing() ? goOn(rank) : endOthers(ending);
        screen.say("rank " + rank.rank() + " (pid " + rank.pid() + ") " + ending.text() + consequence);
    }

    private String goOn(RankProcess rank) throws InterruptedException {
        rank.awaitOutput(SHORT_PATIENCE, LONG_PATIENCE);
        int others = group.living();
        return others == 0 ? "" : "; going on with the other " + others;
    }

    private String endOthers(Ending ending) throws InterruptedException {
        if (!ending.isBySignal()) {
            // It may have failed because another did: that one is given the time to say why.
            group.awaitEnd(LONG_PATIENCE);
        }
        int others = group.living();
        group.end();
        group.awaitOutput(SHORT_PATIENCE, LONG_PATIENCE);
        return others == 0 ? "" : "; ended the other " + others;
    }

    /// What is done when this process is asked to end.
    private void onShutdown() {
        try {
            group.end();
            group.awaitOutput(SHORT_PATIENCE, LONG_PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
