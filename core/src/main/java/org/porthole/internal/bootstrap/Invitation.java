package org.porthole.internal.bootstrap;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.porthole.JoinException;

/// Where rank 0 waits for the others, and the job's secret: what it publishes through the launcher.
///
/// As a word: `PH1;secret;port;address,address,...`.
///
/// @param secret    the job's
/// @param port      where rank 0 listens
/// @param addresses of rank 0's host, likeliest first
record Invitation(String secret, int port, List<InetAddress> addresses) {
    private static final String MARK = "PH1";
    private static final Pattern NUMERIC = Pattern.compile("[0-9a-fA-F:.]{2,45}");

    /// An invitation to this host.
    ///
    /// @param secret  the job's
    /// @param port    where this process listens
    /// @param oneHost whether nobody comes from elsewhere
    static Invitation here(String secret, int port, boolean oneHost) {
        return new Invitation(secret, port, oneHost ? List.of(InetAddress.getLoopbackAddress()) : ownAddresses());
    }

    /// The addresses of this host's interfaces that are up, those of IPv4 and of hardware first. Loopback comes last: it serves ranks of this host.
    private static List<InetAddress> ownAddresses() {
        try {
            List<NetworkInterface> all = NetworkInterface.networkInterfaces()
                    .sorted(Comparator.comparing(Invitation::isSecondRate))
                    .toList();
            List<InetAddress> found = new ArrayList<>();
            for (NetworkInterface each : all) {
                if (each.isUp()) {
                    each.inetAddresses()
                            .filter(address -> !address.isLinkLocalAddress() && !address.isMulticastAddress())
                            .forEach(found::add);
                }
            }
            found.sort(Comparator.comparing(InetAddress::isLoopbackAddress)
                    .thenComparing(address -> address instanceof Inet6Address));
            return List.copyOf(found);
        } catch (SocketException e) {
            throw new JoinException("cannot list this host's network interfaces: " + e.getMessage(), e);
        }
    }

    /// Bridges of containers and virtual machines have the same addresses on every host.
    private static boolean isSecondRate(NetworkInterface each) {
        return Stream.of("docker", "virbr", "br-", "cni", "podman", "lxc").anyMatch(each.getName()::startsWith);
    }

    String word() {
        StringBuilder word = new StringBuilder(MARK)
                .append(';')
                .append(secret)
                .append(';')
                .append(port)
                .append(';');
        String separator = "";
        for (InetAddress each : addresses) {
            String text = each.getHostAddress();
            int scope = text.indexOf('%');
            text = separator + (scope < 0 ? text : text.substring(0, scope));
            if (word.length() + text.length() <= LauncherExchange.MAX_CHARS) {
                word.append(text);
                separator = ",";
            }
        }
        return word.toString();
    }

    /// Reads a word.
    ///
    /// @param word what [#word()] made
    /// @throws JoinException if it is no invitation
    static Invitation of(String word) {
        String[] parts = word.split(";", -1);
        try {
            if (parts.length == 4 && parts[0].equals(MARK) && !parts[1].isEmpty()) {
                List<InetAddress> addresses = new ArrayList<>();
                for (String each : parts[3].split(",", -1)) {
                    if (!NUMERIC.matcher(each).matches()) {
                        throw new IllegalArgumentException("an address that is no number");
                    }
                    addresses.add(InetAddress.ofLiteral(each));
                }
                int port = Integer.parseInt(parts[2]);
                if (port > 0 && port <= 0xffff) {
                    return new Invitation(parts[1], port, List.copyOf(addresses));
                }
            }
        } catch (IllegalArgumentException e) {
            throw none(e);
        }
        throw none(null);
    }

    private static JoinException none(Exception cause) {
        return new JoinException(
                "what rank 0 published is no invitation of this version; all ranks of a job must run the same", cause);
    }

    /// Where to look for rank 0: addresses in a network of this host's own come first.
    List<InetSocketAddress> places() {
        List<InetAddress> near = new ArrayList<>(addresses);
        near.sort(Comparator.comparing(address -> !isNear(address)));
        return near.stream()
                .map(address -> new InetSocketAddress(address, port))
                .toList();
    }

    private static boolean isNear(InetAddress address) {
        try {
            return NetworkInterface.networkInterfaces()
                    .filter(each -> !isSecondRate(each))
                    .flatMap(each -> each.getInterfaceAddresses().stream())
                    .anyMatch(own -> !own.getAddress().isLoopbackAddress()
                            && sameNetwork(
                                    own.getAddress().getAddress(), address.getAddress(), own.getNetworkPrefixLength()));
        } catch (SocketException e) {
            return false;
        }
    }

    private static boolean sameNetwork(byte[] one, byte[] other, int bits) {
        int whole = bits / Byte.SIZE;
        int rest = bits % Byte.SIZE;
        int mask = 0xff << (Byte.SIZE - rest);
        return one.length == other.length
                && Arrays.equals(one, 0, whole, other, 0, whole)
                && (rest == 0 || (one[whole] & mask) == (other[whole] & mask));
    }

    /// Shows no secret.
    @Override
    public String toString() {
        return places().toString();
    }
}
