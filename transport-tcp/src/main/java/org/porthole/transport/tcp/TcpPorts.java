package org.porthole.transport.tcp;

import java.io.IOException;
import java.net.InetAddress;
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

    /// Listens at the first that is free.
    ///
    /// @throws TransportException if none is
    TcpListener listen(TcpPlatform platform, InetAddress address) {
        String refusal = "";
        for (int port = first; port <= last; port++) {
            try {
                return platform.listen(address, port);
            } catch (IOException e) {
                refusal = e.getMessage();
            }
        }
        throw new TransportException("tcp: cannot listen at port " + first + "-" + last + " of "
                + (address == null ? "any address" : address) + ": " + refusal + " (" + TcpOptions.PORTS.key() + ")");
    }
}
