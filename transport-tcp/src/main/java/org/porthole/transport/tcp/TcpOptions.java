package org.porthole.transport.tcp;

import org.porthole.config.Option;
import org.porthole.config.OptionTable;

/// The settings of the TCP transport.
final class TcpOptions {
    static final Option<String> INTERFACE = Option.ofText(
            "porthole.tcp.interface",
            "auto",
            "Where peers connect to: an interface's name, an address, a network as 10.1.0.0/16, or auto for every interface that is up.");

    static final Option<String> PORTS = Option.ofText(
            "porthole.tcp.ports",
            "auto",
            "The ports to listen at, as 41000-41099, of which the first free one is taken; or auto.");

    static final Option<TcpIo> IO = Option.ofWord(
            "porthole.tcp.io", "auto", TcpIo.class, "Which sockets are used; auto takes epoll where it works.");

    static final Option<Long> HEARTBEAT = Option.ofDurationNs(
            "porthole.tcp.heartbeat",
            "5s",
            "How often a silent peer's host is probed; after three probes without an answer the peer is gone.");

    static final Option<Long> CONNECT_DEADLINE = Option.ofDurationNs(
            "porthole.tcp.connect.deadline", "10s", "How long connecting to one address of a peer may take.");

    static final OptionTable TABLE = OptionTable.of("TCP transport", INTERFACE, PORTS, IO, HEARTBEAT, CONNECT_DEADLINE);

    private TcpOptions() {}
}
