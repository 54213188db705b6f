package org.porthole.transport.rdma;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.porthole.config.Configuration;
import org.porthole.spi.Availability;
import org.porthole.spi.Finding;

/// The RDMA ports of this machine, and which one is used.
///
/// **Source.** The kernel's Documentation/ABI/stable/sysfs-class-infiniband.
final class RdmaPorts {
    private static final Path ROOT = Path.of("/");
    static final Path DEVICES = Path.of("sys/class/infiniband");
    static final Path FILES = Path.of("dev/infiniband");
    private static final String ROCE_V2 = "RoCE v2";
    private static final String AUTO = "auto";

    private RdmaPorts() {}

    /// Whether there is a port to use, and the library to do so: the first problem that [RdmaChecks] finds.
    static Availability availability() {
        return new RdmaChecks(Configuration.load(Map.of(), Map.of()), ROOT)
                .run().stream()
                        .filter(each ->
                                each.level() == Finding.Level.PROBLEM && each.code() != RdmaChecks.LOCKED_MEMORY)
                        .findFirst()
                        .<Availability>map(each -> new Availability.Unavailable(each.sentence(), each.remedy()))
                        .orElseGet(Availability.Available::new);
    }

    /// Whether a port is one that an option names.
    ///
    /// @param device `auto`, `NAME`, `NAME:PORT`, or an IP address that a GID of the port stands for
    static boolean isMeant(RdmaPort port, String device) {
        return device.equals(AUTO)
                || device.equals(port.device())
                || device.equals(port.toString())
                || port.gids().stream().anyMatch(each -> each.isFor(device));
    }

    /// The port, and the address of it, that are meant.
    ///
    /// @param gid null if the port is addressed by its local identifier
    record Choice(RdmaPort port, RdmaPort.Gid gid) {}

    /// Chooses as the options say.
    ///
    /// @param device `auto`, or `NAME`, or `NAME:PORT`, or an IP address
    /// @param gid    `auto`, or an index
    /// @throws IllegalArgumentException if there is no such thing
    static Choice choose(String device, String gid) {
        return choose(all(ROOT.resolve(DEVICES)), device, gid);
    }

    static Choice choose(List<RdmaPort> all, String device, String gid) {
        RdmaPort port = all.stream()
                .filter(each -> each.isActive() && isMeant(each, device))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no active port " + device + " among " + all));
        if (!gid.equals(AUTO)) {
            return new Choice(port, byIndex(port, gid));
        }
        return new Choice(
                port,
                port.gids().stream()
                        .filter(each -> each.isFor(device))
                        .findFirst()
                        .orElseGet(() -> best(port)));
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
    static List<RdmaPort> all(Path devices) {
        List<RdmaPort> all = new ArrayList<>();
        for (Path device : list(devices)) {
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
                read(folder.resolve("state")).replaceFirst(".*: ", ""),
                read(folder.resolve("rate")),
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
