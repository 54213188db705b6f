package org.porthole.transport.tcp;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.porthole.ConfigurationException;
import org.porthole.TransportException;

/// The ports that may be listened at.
///
/// @param first the first; 0 if any will do
/// @param last  the last
record TcpPorts(int first, int last) {
    private static final Pattern RANGE = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?");
    private static final int MOST = 65_535;

    /// @throws ConfigurationException if the text is no range
    static TcpPorts of(String text) {
        if (text.equals("auto")) {
            return new TcpPorts(0, 0);
        }
        Matcher matcher = RANGE.matcher(text);
        if (matcher.matches()) {
            int first = Integer.parseInt(matcher.group(1));
            int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
            if (first >= 1 && last >= first && last <= MOST) {
                return new TcpPorts(first, last);
            }
        }
        throw new ConfigurationException(
                TcpOptions.PORTS.key() + ": \"" + text + "\" is no range of ports such as 41000-41099");
    }

    /// Listens at the first that is free at all addresses.
    ///
    /// @param addresses where; none for everywhere
    /// @return a listener for each address, or the one for all of them
    /// @throws TransportException if none is
    List<TcpListener> listen(TcpPlatform platform, List<InetAddress> addresses) {
        IOException refusal = null;
        for (int port = first; port <= last; port++) {
            List<TcpListener> listeners = new ArrayList<>();
            try {
                listeners.add(platform.listen(addresses.isEmpty() ? null : addresses.getFirst(), port));
                for (InetAddress each : addresses.subList(Math.min(1, addresses.size()), addresses.size())) {
                    listeners.add(platform.listen(each, listeners.getFirst().port()));
                }
                return listeners;
            } catch (IOException e) {
                listeners.forEach(TcpListener::close);
                refusal = e;
            }
        }
        throw new TransportException(
                "tcp: " + (first == 0 ? "no port" : "none of the ports " + first + "-" + last)
                        + " can be listened at on "
                        + (addresses.isEmpty() ? "any address" : addresses)
                        + (refusal == null ? "" : " (" + refusal.getMessage() + ")")
                        + ": every rank on a host needs one that nobody else uses; widen "
                        + TcpOptions.PORTS.key(),
                refusal);
    }
}
