package org.porthole.transport.rdma;

import com.ibm.disni.verbs.IbvContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.porthole.config.Configuration;
import org.porthole.spi.Finding;

/// What there is here of what RDMA needs, and what is missing: each thing with what to do about it.
///
/// Later checks are left out where earlier ones have found why they would fail.
final class RdmaChecks {
    static final int NO_DEVICE = 10;
    static final int NO_LIBRARY = 11;
    static final int NO_FILES = 12;
    static final int PORT_DOWN = 13;
    static final int NO_CHOICE = 14;
    static final int LOCKED_MEMORY = 15;
    static final int NO_USE = 16;

    private static final String UNLIMITED = "unlimited";
    private static final String LOCKED = "Max locked memory";
    /// Below this not even the transport's own buffers of a few dozen peers fit.
    private static final long LEAST_LOCKED = 64L << 20;

    private static final long PER_PEER = RdmaOrigin.BUFFER + RdmaTarget.BUFFER;

    private final Configuration configuration;
    private final Path root;
    private final List<Finding> findings = new ArrayList<>();

    /// @param root where `proc`, `sys` and `dev` are found
    RdmaChecks(Configuration configuration, Path root) {
        this.configuration = configuration;
        this.root = root;
    }

    List<Finding> run() {
        List<RdmaPort> ports = RdmaPorts.all(root.resolve(RdmaPorts.DEVICES));
        if (ports.isEmpty()) {
            problem(
                    NO_DEVICE,
                    "this machine has no RDMA device",
                    "load the adapter's driver, or make a software device: rdma link add rxe0 type rxe netdev eth0");
            return findings;
        }
        ports.forEach(this::describe);
        boolean hasPort = checkPort(ports);
        boolean hasFiles = checkFiles();
        boolean hasLibrary = checkLibrary();
        checkLockedMemory();
        checkFlags();
        if (hasPort && hasFiles && hasLibrary) {
            openDevices(ports);
        }
        return findings;
    }

    private void problem(int code, String sentence, String remedy) {
        findings.add(Finding.problem(code, sentence, remedy));
    }

    private void describe(RdmaPort port) {
        String gids = String.join(
                ", ",
                port.gids().stream()
                        .map(each -> each.index() + " " + each.text() + " (" + each.type() + ")")
                        .toList());
        findings.add(Finding.fact("port " + port + " is " + port.state() + ", "
                + (port.isEthernet() ? "Ethernet" : "InfiniBand")
                + (port.rate().isEmpty() ? "" : ", " + port.rate()) + (port.isEthernet() ? "" : ", LID " + port.lid())
                + "; GIDs: " + (gids.isEmpty() ? "none" : gids)));
    }

    private boolean checkPort(List<RdmaPort> ports) {
        String device = configuration.value(RdmaOptions.DEVICE);
        List<RdmaPort> meant =
                ports.stream().filter(each -> RdmaPorts.isMeant(each, device)).toList();
        if (meant.isEmpty()) {
            problem(
                    NO_CHOICE,
                    RdmaOptions.DEVICE.key() + " = " + device + " is none of " + ports,
                    "name one of them, or auto");
            return false;
        }
        if (meant.stream().noneMatch(RdmaPort::isActive)) {
            problem(
                    PORT_DOWN,
                    "no port is active: " + meant,
                    "connect the cable, or ip link set DEVICE up; on InfiniBand a subnet manager must run (opensm)");
            return false;
        }
        try {
            RdmaPorts.Choice choice = RdmaPorts.choose(ports, device, configuration.value(RdmaOptions.GID));
            findings.add(Finding.fact("port " + choice.port() + " would be used, with "
                    + (choice.gid() == null
                            ? "local identifiers"
                            : "GID " + choice.gid().index())));
            return true;
        } catch (IllegalArgumentException e) {
            problem(
                    NO_CHOICE,
                    e.getMessage(),
                    "give the network interface an address (ip addr add), or name an index that the port has: "
                            + RdmaOptions.GID.key());
            return false;
        }
    }

    private boolean checkFiles() {
        Path folder = root.resolve(RdmaPorts.FILES);
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> verbs = files.filter(
                            each -> each.getFileName().toString().startsWith("uverbs"))
                    .toList();
            if (verbs.stream().anyMatch(each -> Files.isReadable(each) && Files.isWritable(each))) {
                return true;
            }
            problem(
                    NO_FILES,
                    "this user may not open the devices " + verbs,
                    "modprobe ib_uverbs; chmod 666 /dev/infiniband/uverbs*");
        } catch (IOException e) {
            problem(NO_FILES, "there is no " + folder, "modprobe ib_uverbs; in a container: --device /dev/infiniband");
        }
        return false;
    }

    private boolean checkLibrary() {
        try {
            RdmaNative.load();
            return true;
        } catch (LinkageError | IllegalArgumentException e) {
            problem(
                    NO_LIBRARY,
                    "libibverbs.so.1 cannot be used: " + e.getMessage(),
                    "apt install libibverbs1 ibverbs-providers");
            return false;
        }
    }

    private void checkLockedMemory() {
        String limit = lockedMemory();
        if (limit.isEmpty() || limit.equals(UNLIMITED)) {
            return;
        }
        long bytes = Long.parseLong(limit);
        String sentence = "this process may lock " + bytes
                + " bytes of memory (ulimit -l); it takes the sizes of the windows and " + PER_PEER
                + " bytes for each peer";
        String remedy =
                "\"* - memlock unlimited\" into /etc/security/limits.d/rdma.conf and log in again; with Slurm LimitMEMLOCK=infinity in slurmd's unit; with Docker --ulimit memlock=-1";
        if (bytes < LEAST_LOCKED) {
            problem(LOCKED_MEMORY, sentence, remedy);
        } else {
            findings.add(Finding.warning(sentence, remedy));
        }
    }

    /// As the kernel tells it: a number, or a word; empty if it does not.
    private String lockedMemory() {
        try (Stream<String> lines = Files.lines(root.resolve("proc/self/limits"))) {
            return lines.filter(line -> line.startsWith(LOCKED))
                    .map(line -> line.replaceFirst(LOCKED + "\\s+(\\S+).*", "$1"))
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }

    private void checkFlags() {
        if (!RdmaChecks.class.getModule().isNativeAccessEnabled()) {
            findings.add(Finding.warning(
                    "the JVM warns of foreign functions, and a later one will refuse them",
                    "--enable-native-access=ALL-UNNAMED"));
        }
    }

    private void openDevices(List<RdmaPort> ports) {
        RdmaExtension verbs;
        try {
            verbs = configuration.value(RdmaOptions.PROVIDER).open();
        } catch (IOException e) {
            problem(NO_LIBRARY, String.valueOf(e.getMessage()), RdmaOptions.PROVIDER.key() + "=ffm does without");
            return;
        }
        findings.add(Finding.fact("the provider of verbs is " + verbs.describe()));
        for (String device : ports.stream().map(RdmaPort::device).distinct().toList()) {
            try {
                openDevice(verbs, device);
            } catch (IOException e) {
                boolean noProvider = String.valueOf(e.getMessage()).contains("no provider");
                problem(
                        noProvider ? NO_LIBRARY : NO_USE,
                        "device " + device + " cannot be used: " + e.getMessage(),
                        noProvider ? "apt install ibverbs-providers" : "ibv_devinfo -v -d " + device + " tells more");
            }
        }
    }

    private void openDevice(RdmaExtension verbs, String device) throws IOException {
        IbvContext context = verbs.openDevice(device);
        try {
            RdmaLimits limits = verbs.limits(context);
            findings.add(Finding.fact("device " + device + ": atomics "
                    + (limits.hasAtomics() ? "of 8 bytes" : "none, so that messages carry them") + ", on-demand paging "
                    + (verbs.verbs().queryOdpSupport(context) < 0 ? "no" : "yes") + ", at most "
                    + Long.toUnsignedString(limits.mostMemory())
                    + " bytes a registration, " + limits.mostWork() + " work requests a queue, " + limits.mostEntries()
                    + " completions a queue, " + limits.mostReads() + " reads at once"));
        } finally {
            verbs.closeDevice(context);
        }
    }
}
