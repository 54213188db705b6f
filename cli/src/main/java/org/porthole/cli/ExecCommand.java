package org.porthole.cli;

import java.util.List;
import org.porthole.cli.text.Arguments;
import org.porthole.cli.text.UsageException;

/// `porthole exec`: this very process becomes one rank.
///
/// The launcher script reads `--jvm` and `--cp` itself, since they concern the JVM that runs this.
final class ExecCommand implements Command {
    private static final List<String> OPTIONS = List.of("--main", "--jvm", "--cp");

    @Override
    public String name() {
        return "exec";
    }

    @Override
    public String summary() {
        return "run one rank in the environment it finds (what srun or mpirun starts)";
    }

    @Override
    public String usage() {
        return """
                usage: porthole exec [options] PROGRAM [args...]
                       porthole exec [options] --main CLASS [args...]

                Becomes one rank of the job that whoever started it has begun: mpirun, mpiexec.hydra, srun, an Indexed Job of
                Kubernetes, or a script that sets PORTHOLE_JOB_RANK, PORTHOLE_JOB_SIZE and PORTHOLE_JOB_RENDEZVOUS; if nobody
                has, a job of one. Its standard streams and exit code are the program's; output is written in whole lines.
                "porthole info" says which of them it finds, and why not the others.

                  --jvm ARGUMENT    add an argument for the JVM, such as -Xmx1g; may be repeated
                                    (PORTHOLE_JVM holds further ones, separated by spaces)
                  --cp PATH         add to the class path; may be repeated
                  --main CLASS      run the main method of this class instead of a program
                """;
    }

    @Override
    public int run(List<String> words) {
        String mainClass = "";
        Arguments arguments = Arguments.of("exec", words, OPTIONS);
        while (arguments.hasOption()) {
            mainClass = mainClass(arguments);
        }
        var chosen = ProgramWords.choose("exec", mainClass, "", arguments.rest());
        RankMain.start(chosen.mainClass(), chosen.arguments().toArray(String[]::new));
        return ExitCode.OK;
    }

    private static String mainClass(Arguments arguments) {
        String option = arguments.option();
        if (option.equals("--main")) {
            return arguments.value();
        }
        if (OPTIONS.contains(option)) {
            throw new UsageException("exec: " + option + " is read by the porthole script, and this JVM already runs");
        }
        throw arguments.unknownOption();
    }
}
