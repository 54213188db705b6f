package org.porthole.transport.tcp;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.porthole.ConfigurationException;

/// Which of this host's addresses peers are told.
///
/// @param bound      where to listen; empty for everywhere
/// @param advertised what peers are told, best first
record TcpInterfaces(List<InetAddress> bound, List<InetAddress> advertised) {
    private static final String AUTO = "auto";

    /// Chooses as `porthole.tcp.interface` says.
    ///
    /// @throws ConfigurationException if nothing here is meant by the text, or by one of its words
    static TcpInterfaces choose(String text) {
        return choose(text, ofThisHost());
    }

    /// Chooses among the addresses of interfaces that are up.
    static TcpInterfaces choose(String text, Map<String, List<InetAddress>> interfaces) {
        if (text.strip().equals(AUTO)) {
            return everywhere(interfaces);
        }
        List<InetAddress> chosen = new ArrayList<>();
        for (String word : text.split(",", -1)) {
            List<InetAddress> meant = meant(word.strip(), interfaces);
            if (meant.isEmpty()) {
                throw refusal(word, "means no interface, address or network of this host", interfaces);
            }
            meant.stream().filter(each -> !chosen.contains(each)).forEach(chosen::add);
        }
        List<InetAddress> first =
                chosen.stream().limit(TcpAddress.MOST_ADDRESSES).toList();
        return new TcpInterfaces(first, first);
    }

    private static TcpInterfaces everywhere(Map<String, List<InetAddress>> interfaces) {
        List<InetAddress> all = new ArrayList<>(
                interfaces.values().stream().flatMap(List::stream).toList());
        sort(all);
        all.removeIf(InetAddress::isLoopbackAddress);
        // First, since it is fastest; peers on other hosts leave it out.
        all.addFirst(InetAddress.getLoopbackAddress());
        return new TcpInterfaces(
                List.of(), all.stream().limit(TcpAddress.MOST_ADDRESSES).toList());
    }

    private static ConfigurationException refusal(String word, String why, Map<String, List<InetAddress>> interfaces) {
        String here = interfaces.entrySet().stream()
                .map(each -> each.getKey() + " "
                        + each.getValue().stream()
                                .map(InetAddress::getHostAddress)
                                .collect(Collectors.joining(" ")))
                .collect(Collectors.joining(", "));
        return new ConfigurationException(
                TcpOptions.INTERFACE.key() + ": \"" + word.strip() + "\" " + why + "; up are " + here);
    }

    /// The addresses of the interfaces that are up, but for those that are good on one link only.
    private static Map<String, List<InetAddress>> ofThisHost() {
        Map<String, List<InetAddress>> interfaces = new LinkedHashMap<>();
        try {
            for (NetworkInterface each : NetworkInterface.networkInterfaces()
                    .filter(TcpInterfaces::isUp)
                    .toList()) {
                List<InetAddress> addresses = each.inetAddresses()
                        .filter(address -> !address.isLinkLocalAddress())
                        .toList();
                if (!addresses.isEmpty()) {
                    interfaces.put(each.getName(), addresses);
                }
            }
        } catch (SocketException e) {
            interfaces.put("loopback", List.of(InetAddress.getLoopbackAddress()));
        }
        return interfaces;
    }

    private static boolean isUp(NetworkInterface each) {
        try {
            return each.isUp();
        } catch (SocketException e) {
            return false;
        }
    }

    /// IPv4 first.
    private static void sort(List<InetAddress> addresses) {
        addresses.sort((a, b) -> Boolean.compare(b instanceof Inet4Address, a instanceof Inet4Address));
    }

    private static List<InetAddress> meant(String word, Map<String, List<InetAddress>> interfaces) {
        List<InetAddress> meant = new ArrayList<>();
        if (interfaces.containsKey(word)) {
            meant.addAll(interfaces.get(word));
        } else if (word.matches("[0-9a-fA-F.:]*[.:][0-9a-fA-F.:]*(/.*)?")) { // names would be looked up on the network
            int slash = word.indexOf('/');
            byte[] prefix = literal(word, slash < 0 ? word : word.substring(0, slash), interfaces);
            int bits =
                    slash < 0 ? prefix.length * Byte.SIZE : bits(word, word.substring(slash + 1), prefix, interfaces);
            interfaces.values().stream()
                    .flatMap(List::stream)
                    .filter(each -> begins(each.getAddress(), prefix, bits))
                    .forEach(meant::add);
        }
        sort(meant);
        return meant;
    }

    private static byte[] literal(String word, String text, Map<String, List<InetAddress>> interfaces) {
        try {
            return InetAddress.ofLiteral(text).getAddress();
        } catch (IllegalArgumentException e) {
            throw refusal(word, "is no address, nor a network such as 10.1.0.0/16", interfaces);
        }
    }

    private static int bits(String word, String text, byte[] prefix, Map<String, List<InetAddress>> interfaces) {
        int most = prefix.length * Byte.SIZE;
        int bits = text.matches("\\d{1,3}") ? Integer.parseInt(text) : most + 1;
        if (bits > most) {
            throw refusal(word, "is no network: after the slash a number from 0 to " + most + " is due", interfaces);
        }
        return bits;
    }

    private static boolean begins(byte[] address, byte[] prefix, int bits) {
        boolean begins = address.length == prefix.length;
        for (int bit = 0; begins && bit < bits; bit++) {
            int shift = Byte.SIZE - 1 - bit % Byte.SIZE;
            begins = (((address[bit / Byte.SIZE] ^ prefix[bit / Byte.SIZE]) >> shift) & 1) == 0;
        }
        return begins;
    }
}
