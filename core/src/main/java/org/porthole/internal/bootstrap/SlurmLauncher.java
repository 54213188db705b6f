package org.porthole.internal.bootstrap;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.porthole.ConfigurationException;
import org.porthole.config.CoreOptions;
import org.porthole.config.JoinMethod;

/// A step of Slurm, by its variables: `srun --mpi=none`. Rank 0 is looked for on the first of the step's nodes.
///
/// `SLURM_PROCID` alone means nothing: a batch script has it too, and so has whatever another launcher starts in an allocation.
///
/// **Source.** srun(1), output environment variables.
final class SlurmLauncher implements Launcher {
    /// Steps from here on are a job's script, its shell, or its daemons.
    private static final long FIRST_SPECIAL_STEP = 0xffff_fff0L;

    private static final Pattern NUMBER = Pattern.compile("\\d{1,10}");
    private static final String RANK = "SLURM_PROCID";
    private static final String SIZE = "SLURM_STEP_NUM_TASKS";
    private static final String STEP = "SLURM_STEP_ID";

    @Override
    public JoinMethod method() {
        return JoinMethod.SLURM;
    }

    @Override
    public String rankVariable(Surroundings around) {
        return RANK;
    }

    @Override
    public Finding look(Surroundings around) {
        String step = around.text(STEP);
        if (step.isEmpty()) {
            return Finding.none(
                    around.has(RANK)
                            ? STEP + " is not set: this is a job's script, not a step of srun"
                            : STEP + " is not set");
        }
        if (!NUMBER.matcher(step).matches() || Long.parseLong(step) >= FIRST_SPECIAL_STEP) {
            return Finding.none(STEP + "=" + step + " is a shell or script, not a step of several tasks");
        }
        if (around.number(RANK).isEmpty() || around.number(SIZE).isEmpty()) {
            return Finding.none(RANK + " and " + SIZE + " are not set");
        }
        return Finding.of("rank " + around.text(RANK) + " of " + around.text(SIZE) + ", from " + RANK);
    }

    @Override
    public Bootstrap open(Surroundings around, Deadline deadline) {
        int rank = around.number(RANK).orElse(-1);
        int size = around.number(SIZE).orElse(-1);
        Meeting.requireSize(around, rank, size);
        String given = around.configuration().value(CoreOptions.RENDEZVOUS);
        if (!given.isEmpty()) {
            return GivenAddress.meet(around, deadline, rank, size, "Slurm step", given);
        }
        String job = "slurm " + around.text("SLURM_JOB_ID") + '.' + around.text(STEP);
        boolean oneHost = around.text("SLURM_STEP_NUM_NODES").equals("1");
        String host = oneHost ? "" : firstNode(around.text("SLURM_STEP_NODELIST"));
        List<Integer> ports = ports(around, job);
        var seat = new RendezvousBootstrap.Seat(
                rank,
                size,
                "Slurm step" + (oneHost ? "" : ", rendezvous at " + host + ":" + ports.getFirst()),
                oneHost,
                JobSecret.of(around, job));
        InetAddress own = oneHost ? InetAddress.getLoopbackAddress() : null;
        Supplier<List<InetSocketAddress>> places = () -> ports.stream()
                .map(port -> oneHost ? new InetSocketAddress(own, port) : new InetSocketAddress(host, port))
                .toList();
        return Meeting.at(
                seat,
                ports.stream().map(port -> new InetSocketAddress(own, port)).toList(),
                places,
                deadline);
    }

    /// What Slurm has reserved for the step (`--resv-ports`), or what follows from its number.
    private static List<Integer> ports(Surroundings around, String job) {
        String reserved = around.text("SLURM_STEP_RESV_PORTS");
        if (Meeting.port(around, 0) == 0 && !reserved.isEmpty()) {
            String first = reserved.split("[-,]", 2)[0];
            if (NUMBER.matcher(first).matches() && first.length() <= 5) {
                return List.of(Integer.parseInt(first));
            }
        }
        return JobPorts.of(around, job);
    }

    /// The first of a list of nodes: `n07` of `n[07-09,12],m3`, `r1n4` of `r[1-2]n[4-5]`.
    static String firstNode(String list) {
        StringBuilder name = new StringBuilder();
        boolean inside = false;
        boolean taken = false;
        for (int i = 0; i < list.length(); i++) {
            char each = list.charAt(i);
            if (each == '[') {
                inside = true;
                taken = false;
            } else if (each == ']') {
                inside = false;
            } else if (!inside && each == ',') {
                break;
            } else if (inside && (each == '-' || each == ',')) {
                taken = true;
            } else if (!inside || !taken) {
                name.append(each);
            }
        }
        if (name.isEmpty()) {
            throw new ConfigurationException("SLURM_STEP_NODELIST names no node: set " + CoreOptions.RENDEZVOUS.key()
                    + "=host:port to where rank 0 runs");
        }
        return name.toString();
    }
}
