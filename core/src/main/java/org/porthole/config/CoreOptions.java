package org.porthole.config;

import java.util.List;

/// The settings of the runtime itself.
public final class CoreOptions {
    /// Most ranks a job may have.
    public static final int MAX_RANKS = 1024;

    /// This process's rank.
    public static final Option<Integer> RANK = Option.ofInt(
            "porthole.job.rank",
            "",
            0,
            MAX_RANKS - 1,
            "This process's rank; set by the launcher, with size and rendezvous.");

    /// How many ranks the job has.
    public static final Option<Integer> SIZE =
            Option.ofInt("porthole.job.size", "", 1, MAX_RANKS, "How many ranks the job has; set by the launcher.");

    /// Where ranks find each other.
    public static final Option<String> RENDEZVOUS = Option.ofText(
            "porthole.job.rendezvous", "", "host:port where the ranks find each other; set by the launcher.");

    /// Who listens at the rendezvous address.
    public static final Option<RendezvousHost> RENDEZVOUS_HOST = Option.ofWord(
            "porthole.job.rendezvous.host",
            "rank0",
            RendezvousHost.class,
            "Who listens at the rendezvous address: rank 0 itself, or the launcher.");

    /// What proves membership.
    public static final Option<String> SECRET = Option.ofSecret(
            "porthole.job.secret",
            "The job's secret: proves to the rendezvous that a process is a member; never on a command line.");

    /// Where the secret is read from if it is not set.
    public static final Option<String> SECRET_FILE = Option.ofText(
            "porthole.job.secret.file",
            "~/.porthole/secret",
            "Where the job's secret is derived from if none is set and the launcher exchanges none: a file of the user's that all hosts see; made if it is missing.");

    /// How this process learns who it is.
    public static final Option<JoinMethod> METHOD = Option.ofWord(
            "porthole.job.method",
            "auto",
            JoinMethod.class,
            "How this process learns its rank and its peers; auto takes the first that applies, in this order.");

    /// The client library of PMIx.
    public static final Option<String> PMIX_LIBRARY = Option.ofText(
            "porthole.job.pmix.library",
            "libpmix.so.2",
            "The client library of PMIx: a name that the dynamic linker finds, or a path.");

    /// Where rank 0 listens if no address is given.
    public static final Option<Integer> RENDEZVOUS_PORT = Option.ofInt(
            "porthole.job.rendezvous.port",
            "",
            1,
            65535,
            "The port where rank 0 waits for the others if porthole.job.rendezvous is not set; otherwise a free one (PMIx, PMI), one that Slurm has reserved or that follows from the job's number, or 41700 (Kubernetes).");

    /// How long to wait for the other ranks to join.
    public static final Option<Long> JOIN_DEADLINE =
            Option.ofDurationNs("porthole.job.deadline", "60s", "How long to wait for all ranks to join.");

    /// The launcher's process.
    public static final Option<Integer> LAUNCHER = Option.ofInt(
            "porthole.job.launcher",
            "",
            1,
            Integer.MAX_VALUE,
            "The launcher's process id: a rank ends when that process has gone.");

    /// What this process's host is called.
    public static final Option<String> HOST = Option.ofText(
            "porthole.host",
            "auto",
            "What this process's host is called, where a kernel is not one host: ranks of other names are reached by networks only; auto is the kernel's boot id.");

    /// Which transports may be used.
    public static final Option<List<String>> TRANSPORTS = Option.ofList(
            "porthole.transports",
            "auto",
            "auto|name,...",
            "The transports that may be used, best first; auto takes every usable one, nearest first.");

    /// How a rank waits.
    public static final Option<WaitMode> WAIT =
            Option.ofWord("porthole.wait", "adaptive", WaitMode.class, "How a rank waits for its peers.");

    /// How long a wait may last.
    public static final Option<Long> WAIT_DEADLINE = Option.ofDurationNs(
            "porthole.wait.deadline", "1h", "How long a wait for living peers may last before JobTimeoutException.");

    /// When a wait is reported.
    public static final Option<Long> WAIT_REPORT = Option.ofDurationNs(
            "porthole.wait.report",
            "30s",
            "After how long a wait is reported in the log, and then after ever twice that.");

    /// How long the end of a lease waits for operations under way.
    public static final Option<Long> LEASE_BOUND = Option.ofDurationNs(
            "porthole.lease.bound",
            "100ms",
            "How long the end of a lease waits for a rank that maps the memory and is in the middle of an operation; then it keeps that memory, and the owner goes on with a copy.");

    /// How ranks tell each other that they have arrived.
    public static final Option<ArrivalMode> ARRIVALS = Option.ofWord(
            "porthole.collective.arrivals",
            "auto",
            ArrivalMode.class,
            "How the ranks of a team tell each other that they have arrived in a collective operation: direct, each tells all; relayed, each tells a few, which pass it on; auto relays in teams of more than 8 ranks that need messages.");

    /// What is checked beyond what is refused anyway.
    public static final Option<CheckMode> CHECK = Option.ofWord(
            "porthole.check",
            "off",
            CheckMode.class,
            "What the runtime checks: races finds conflicting accesses to windows; the same on all ranks.");

    /// What follows when a check finds something.
    public static final Option<CheckAction> CHECK_ACTION = Option.ofWord(
            "porthole.check.action",
            "report",
            CheckAction.class,
            "What follows when a check finds something: a line in the log (logger org.porthole.check), or a RaceException.");

    /// How much of messages is on the way between two ranks.
    public static final Option<Long> PORT_RING = Option.ofSize(
            "porthole.port.ring",
            "64k",
            "Memory for messages on the way from one rank to another, allocated when the first is sent: a power of two from 4k to 16m; the same on all ranks.");

    /// Longest message.
    public static final Option<Long> PORT_PAYLOAD = Option.ofSize(
            "porthole.port.payload",
            "8k",
            "Most bytes that a message may have, at most a quarter of porthole.port.ring less 1k; the same on all ranks. What is longer travels out of line.");

    /// How much of messages waits at this rank.
    public static final Option<Long> PORT_MEMORY = Option.ofSize(
            "porthole.port.memory",
            "64m",
            "Most memory that messages which wait at this rank's ports may take; beyond, senders wait.");

    /// When an inline agent is reported.
    public static final Option<Long> PORT_INLINE_REPORT = Option.ofDurationNs(
            "porthole.port.inline.report",
            "20ms",
            "After how long an inline agent, which must not block, is reported in the log with its stack.");

    /// The table of all of the above.
    public static final OptionTable TABLE = OptionTable.of(
            "Runtime",
            TRANSPORTS,
            HOST,
            WAIT,
            WAIT_DEADLINE,
            WAIT_REPORT,
            ARRIVALS,
            CHECK,
            CHECK_ACTION,
            PORT_RING,
            PORT_PAYLOAD,
            PORT_MEMORY,
            PORT_INLINE_REPORT,
            LEASE_BOUND,
            RANK,
            SIZE,
            RENDEZVOUS,
            RENDEZVOUS_HOST,
            RENDEZVOUS_PORT,
            SECRET,
            SECRET_FILE,
            METHOD,
            PMIX_LIBRARY,
            JOIN_DEADLINE,
            LAUNCHER);

    private CoreOptions() {}
}
