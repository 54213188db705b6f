package org.porthole.cli;

import java.util.List;
import org.porthole.Job;
import org.porthole.cli.text.Arguments;

/// `porthole info`: what the runtime sees here.
final class InfoCommand implements Command {
    private static final List<String> OPTIONS = List.of("--config", "--json", "--join");

    @Override
    public String name() {
        return "info";
    }

    @Override
    public String summary() {
        return "show versions, transports, routes and settings";
    }

    @Override
    public String usage() {
        return """
                usage: porthole info [--config] [--json] [--join]

                Shows the versions, whether a launcher has started this process as a rank of a job, each transport with the
                reason if it cannot be used here and what to do about it, and which transport would serve which kind of peer.

                  --config    also every setting: key, value, default, where the value came from, what it does
                  --json      all of that as one JSON object on one line
                  --join      instead: joins the job and says in one line how, how long it took, and how peers are reached;
                              start it on all ranks, as in "srun -n 4 porthole info --join"
                """;
    }

    @Override
    public int run(List<String> words) {
        boolean config = false;
        boolean json = false;
        boolean join = false;
        Arguments arguments = Arguments.of("info", words, OPTIONS);
        while (arguments.hasOption()) {
            switch (arguments.option()) {
                case "--config" -> config = arguments.flag();
                case "--json" -> json = arguments.flag();
                case "--join" -> join = arguments.flag();
                default -> throw arguments.unknownOption();
            }
        }
        arguments.end();
        if (join) {
            try (Job job = Job.join()) {
                JoinReport report = new JoinReport(job);
                System.out.println(json ? report.json() : report.text());
            }
            return ExitCode.OK;
        }
        Survey survey = Survey.take();
        System.out.print(
                json ? new JsonReport(survey).text() + System.lineSeparator() : new TextReport(survey).text(config));
        return ExitCode.OK;
    }
}
