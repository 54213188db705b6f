package org.porthole.transport.rdma;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.porthole.spi.Availability;

/// The RDMA ports of this machine, and which one is used.
///
/// **Source.** The kernel's Documentation/ABI/stable/sysfs-class-infiniband.
final class RdmaPorts {
    private static final Path DEVICES = Path.of("/sys/class/infiniband");
    private static final Path FILES = Path.of("/dev/infiniband");
    private static final String ROCE_V2 = "RoCE v2";
    private static final String AUTO = "auto";

    private RdmaPorts() {}

    /// Whether there is a port to use, and the library to do so.
    static Availability availability() {
        List<RdmaPort> all = all();
        if (all.isEmpty()) {
            return new Availability.Unavailable(
                    "this machine has no RDMA device",
                    "load the adapter's driver, or make a software device: rdma link add rxe0 type rxe netdev eth0");
        }
        if (all.stream().noneMatch(RdmaPort::isActive)) {
            return new Availability.Unavailable(
                    "no port of an RDMA device is active: " + all, "connect the cable, or ip link set DEVICE up");
        }
        try (Stream<Path> files = Files.list(FILES)) {
            List<Path> verbs = files.filter(
                            each -> each.getFileName().toString().startsWith("uverbs"))
                    .toList();
            if (verbs.stream().noneMatch(each -> Files.isReadable(each) && Files.isWritable(each))) {
                return new Availability.Unavailable(
                        "this user may not open the devices " + verbs,
                        "modprobe ib_uverbs; chmod 666 /dev/infiniband/uverbs*");
            }
        } catch (IOException e) {
            return new Availability.Unavailable("there is no " + FILES, "modprobe ib_uverbs");
        }
        try {
            RdmaNative.load();
            return new Availability.Available();
        } catch (LinkageError | IllegalArgumentException e) {
            return new Availability.Unavailable(
                    "libibverbs.so.1 cannot be used: " + e.getMessage(), "apt install libibverbs1 ibverbs-providers");
        }
    }

    /// The port, and the address of it, that are meant.
    ///
    /// @param gid null if the port is addressed by its local identifier
    record Choice(RdmaPort port, RdmaPort.Gid gid) {}

    /// Chooses as the options say.
    ///
    /// @param device `auto`, or `NAME`, or `NAME:PORT`
    /// @param gid    `auto`, or an index
    /// @throws IllegalArgumentException if there is no such thing
    static Choice choose(String device, String gid) {
        RdmaPort port = all().stream()
                .filter(RdmaPort::isActive)
                .filter(each -> device.equals(AUTO) || device.equals(each.device()) || device.equals(each.toString()))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("there is no active port " + device + " among " + all()));
        return new Choice(port, gid.equals(AUTO) ? best(port) : byIndex(port, gid));
    }

    private static RdmaPort.Gid byIndex(RdmaPort port, String index) {
        return port.gids().stream()
                .filter(each -> Integer.toString(each.index()).equals(index))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("port " + port + " has no GID " + index));
    }

    /// On Ethernet the first GID that routers understand, those of IPv4 first; none on InfiniBand, where the local identifier will do.
    private static RdmaPort.Gid best(RdmaPort port) {
        if (!port.isEthernet()) {
            return null;
        }
        List<RdmaPort.Gid> routable =
                port.gids().stream().filter(each -> each.type().equals(ROCE_V2)).toList();
        Optional<RdmaPort.Gid> ipv4 =
                routable.stream().filter(RdmaPort.Gid::isIpv4).findFirst();
        return ipv4.or(() -> routable.stream().findFirst())
                .or(() -> port.gids().stream().findFirst())
                .orElseThrow(() -> new IllegalArgumentException("port " + port + " has no GID"));
    }

    /// Every port.
    static List<RdmaPort> all() {
        List<RdmaPort> all = new ArrayList<>();
        for (Path device : list(DEVICES)) {
            for (Path port : list(device.resolve("ports"))) {
                all.add(port(device.getFileName().toString(), port));
            }
        }
        return all;
    }

    private static RdmaPort port(String device, Path folder) {
        List<RdmaPort.Gid> gids = new ArrayList<>();
        for (Path each : list(folder.resolve("gids"))) {
            byte[] bytes = HexFormat.of().parseHex(read(each).replace(":", ""));
            String index = each.getFileName().toString();
            String type = read(folder.resolve("gid_attrs/types").resolve(index));
            if (!type.isEmpty() && bytes.length == RdmaPath.GID) {
                gids.add(new RdmaPort.Gid(Integer.parseInt(index), bytes, type));
            }
        }
        gids.sort((one, other) -> Integer.compare(one.index(), other.index()));
        String lid = read(folder.resolve("lid"));
        return new RdmaPort(
                device,
                Integer.parseInt(folder.getFileName().toString()),
                read(folder.resolve("state")).endsWith("ACTIVE"),
                read(folder.resolve("link_layer")).equals("Ethernet"),
                lid.isEmpty() ? 0 : Integer.decode(lid),
                gids);
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (IOException e) {
            return List.of(); // the kernel has no such folder where there is no device
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return ""; // so the kernel answers for what is not in use
        }
    }
}
