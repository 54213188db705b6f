package org.porthole.transport.tcp;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.porthole.ConfigurationException;

/// Which of this host's addresses peers are told.
///
/// @param bound      where to listen; null for everywhere
/// @param advertised what peers are told, best first
record TcpInterfaces(InetAddress bound, List<InetAddress> advertised) {
    private static final String AUTO = "auto";

    /// Chooses as `porthole.tcp.interface` says.
    ///
    /// @throws ConfigurationException if nothing here is meant by the text
    static TcpInterfaces choose(String text) {
        List<InetAddress> all = new ArrayList<>();
        List<InetAddress> chosen = new ArrayList<>();
        try {
            for (NetworkInterface each : NetworkInterface.networkInterfaces()
                    .filter(TcpInterfaces::isUp)
                    .toList()) {
                for (InetAddress address : each.inetAddresses().toList()) {
                    if (address.isLinkLocalAddress()) {
                        continue;
                    }
                    all.add(address);
                    if (each.getName().equals(text) || matches(address, text)) {
                        chosen.add(address);
                    }
                }
            }
        } catch (SocketException e) {
            all.add(InetAddress.getLoopbackAddress());
        }
        sort(chosen);
        if (!text.equals(AUTO)) {
            if (chosen.isEmpty()) {
                throw new ConfigurationException(TcpOptions.INTERFACE.key() + ": \"" + text
                        + "\" is no interface, address or network of this host, which has " + all);
            }
            return new TcpInterfaces(chosen.getFirst(), List.of(chosen.getFirst()));
        }
        sort(all);
        // First, since it is fastest; peers on other hosts leave it out.
        all.removeIf(InetAddress::isLoopbackAddress);
        all.addFirst(InetAddress.getLoopbackAddress());
        return new TcpInterfaces(
                null, all.stream().limit(TcpAddress.MOST_ADDRESSES).toList());
    }

    private static boolean isUp(NetworkInterface each) {
        try {
            return each.isUp();
        } catch (SocketException e) {
            return false;
        }
    }

    private static void sort(List<InetAddress> addresses) {
        addresses.sort((a, b) -> Boolean.compare(b instanceof Inet4Address, a instanceof Inet4Address));
    }

    private static boolean matches(InetAddress address, String text) {
        int slash = text.indexOf('/');
        // Names would be looked up on the network.
        if (!text.matches("[0-9a-fA-F.:]+(/\\d{1,3})?")) {
            return false;
        }
        try {
            byte[] mine = address.getAddress();
            byte[] asked = InetAddress.getByName(slash < 0 ? text : text.substring(0, slash))
                    .getAddress();
            int bits = slash < 0 ? asked.length * Byte.SIZE : Integer.parseInt(text.substring(slash + 1));
            if (mine.length != asked.length || bits > asked.length * Byte.SIZE) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int shift = Byte.SIZE - 1 - bit % Byte.SIZE;
                if ((((mine[bit / Byte.SIZE] ^ asked[bit / Byte.SIZE]) >> shift) & 1) != 0) {
                    return false;
                }
            }
            return true;
        } catch (UnknownHostException | NumberFormatException e) {
            return false;
        }
    }
}
