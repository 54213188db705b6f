package org.porthole.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.porthole.cli.text.Arguments;
import org.porthole.cli.text.UsageException;
import org.porthole.config.CoreOptions;

/// `porthole run`: a job on this host.
final class RunCommand implements Command {
    private static final int DEFAULT_MOST = 4;
    private static final List<String> OPTIONS =
            List.of("-n", "--tag", "--keep-going", "--env", "--jvm", "--cp", "--main", "--list");

    @Override
    public String name() {
        return "run";
    }

    @Override
    public String summary() {
        return "start a program as several processes on this host";
    }

    @Override
    public String usage() {
        return """
                usage: porthole run [options] PROGRAM [args...]
                       porthole run [options] --main CLASS [args...]

                Starts N processes of a program on this host, each a rank of one job, and ends when they have ended.
                Standard input goes to rank 0. Ctrl-C and SIGTERM end all ranks (SIGTERM, and SIGKILL after 2 s).

                  -n N              number of ranks, 1 to %d; default: one per core, at most %d
                  --tag=false       pass output through as it is; default: each line begins with its rank
                  --keep-going      let the others go on when a rank fails; default: end them, after 1 s
                  --env NAME=VALUE  add a variable to the ranks' environment; may be repeated
                  --jvm ARGUMENT    add an argument for the ranks' JVMs, such as -Xmx1g; may be repeated
                  --cp PATH         add to the class path; may be repeated
                  --main CLASS      run the main method of this class instead of a program
                  --list            list the programs

                The exit code is that of the first rank that failed: 128 and the signal's number for one that was killed.
                A rank whose main method throws ends with exit code 1. A failure of the runtime is told in one line;
                --jvm -D%s=true gives the whole stack trace.
                When no core is left idle the ranks use the serial collector, unless --jvm chooses another.
                Lines of more than 64 KiB are broken; NO_COLOR=1 turns colours off.
                """.formatted(CoreOptions.MAX_RANKS, DEFAULT_MOST, RankMain.TRACES);
    }

    @Override
    public int run(List<String> words) {
        Request request = Request.parse(words);
        if (request.list) {
            System.out.print(ProgramWords.programs(request.classPath()).table());
            return ExitCode.OK;
        }
        return new JobLauncher(request.spec()).run();
    }

    /// The options while they are read.
    static final class Request {
        private final Map<String, String> environment = new LinkedHashMap<>();
        private final List<String> jvmArguments = new ArrayList<>();
        private final List<String> classPath = new ArrayList<>();
        private List<String> rest = List.of();
        private String mainClass = "";
        private int ranks;
        private boolean tag = true;
        private boolean keepGoing;
        private boolean list;

        static Request parse(List<String> words) {
            Request request = new Request();
            Arguments arguments = Arguments.of("run", words, OPTIONS);
            while (arguments.hasOption()) {
                request.take(arguments);
            }
            request.rest = arguments.rest();
            return request;
        }

        private void take(Arguments arguments) {
            switch (arguments.option()) {
                case "-n" -> ranks = arguments.number(1, CoreOptions.MAX_RANKS);
                case "--tag" -> tag = arguments.flag();
                case "--keep-going" -> keepGoing = arguments.flag();
                case "--env" -> addVariable(arguments.value());
                case "--jvm" -> jvmArguments.add(arguments.value());
                case "--cp" -> classPath.add(arguments.value());
                case "--main" -> mainClass = arguments.value();
                case "--list" -> list = arguments.flag();
                default -> throw arguments.unknownOption();
            }
        }

        private void addVariable(String text) {
            int end = text.indexOf('=');
            if (end < 1) {
                throw new UsageException("run: --env: \"" + text + "\" is not NAME=VALUE");
            }
            environment.put(text.substring(0, end), text.substring(end + 1));
        }

        String classPath() {
            return String.join(java.io.File.pathSeparator, classPath);
        }

        LaunchSpec spec() {
            var chosen = ProgramWords.choose("run", mainClass, classPath(), rest);
            return new LaunchSpec(
                    ranks == 0 ? defaultRanks() : ranks,
                    tag,
                    keepGoing,
                    environment,
                    jvmArguments,
                    classPath(),
                    chosen.mainClass(),
                    chosen.arguments());
        }

        private static int defaultRanks() {
            int cores = Runtime.getRuntime().availableProcessors();
            int ranks = Math.min(cores, DEFAULT_MOST);
            System.err.println("porthole: starting " + ranks + (ranks == 1 ? " rank" : " ranks") + " on " + cores
                    + (cores == 1 ? " core" : " cores") + " (-n N chooses)");
            return ranks;
        }
    }
}
