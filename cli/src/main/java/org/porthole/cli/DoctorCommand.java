package org.porthole.cli;

import java.util.List;
import org.porthole.Transports;
import org.porthole.cli.text.Arguments;
import org.porthole.config.Configuration;

/// `porthole doctor`: what is in the transports' way here, and what to do about it.
final class DoctorCommand implements Command {
    private static final String PROBLEM = "problem";

    @Override
    public String name() {
        return "doctor";
    }

    @Override
    public String summary() {
        return "find what is in the way of RDMA, and what to do about it";
    }

    @Override
    public String usage() {
        return """
                usage: porthole doctor

                Checks what RDMA needs of this machine, and prints for each thing that is in its way what to do.

                Exit codes: 0 nothing is in the way; else that of the first problem:
                  10  there is no RDMA device
                  11  libibverbs, its part for the device, or the provider that is asked for is missing
                  12  /dev/infiniband is missing, or closed to this user
                  13  the port is down
                  14  the port, or the GID, that is asked for is not there
                  15  too little memory may be locked
                  16  the device cannot be used
                """;
    }

    @Override
    public int run(List<String> words) {
        Arguments.of("doctor", words, List.of()).end();
        List<Transports.Finding> findings = Transports.findings(Configuration.load());
        for (Transports.Finding each : findings) {
            System.out.println(each.transport() + ": " + each.level() + ": " + each.sentence());
            if (!each.remedy().isEmpty()) {
                System.out.println("    remedy: " + each.remedy());
            }
        }
        List<Transports.Finding> problems =
                findings.stream().filter(each -> each.level().equals(PROBLEM)).toList();
        System.out.println(problems.isEmpty() ? "nothing is in the way" : problems.size() + " in the way");
        return problems.isEmpty() ? ExitCode.OK : problems.getFirst().code();
    }
}
