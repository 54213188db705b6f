package org.porthole.transport.tcp;

import org.porthole.config.Option;
import org.porthole.config.OptionTable;

/// The settings of the TCP transport.
final class TcpOptions {
    static final Option<String> INTERFACE = Option.ofText(
            "porthole.tcp.interface",
            "auto",
            "Where peers connect to: an interface's name, an address, or a network as 10.1.0.0/16; several with commas between, best first; or auto for every interface that is up.");

    static final Option<String> PORTS = Option.ofText(
            "porthole.tcp.ports",
            "auto",
            "The ports to listen at, as 41000-41099, of which the first free one is taken; or auto.");

    static final Option<TcpIo> IO = Option.ofWord(
            "porthole.tcp.io", "auto", TcpIo.class, "Which sockets are used; auto takes epoll where it works.");

    static final Option<String> CONGESTION = Option.ofText(
            "porthole.tcp.congestion",
            "auto",
            "The congestion control of Linux to use, as cubic; auto takes the system's between hosts, and reno inside one, where pacing costs and serves nothing.");

    static final Option<Long> HEARTBEAT = Option.ofDurationNs(
            "porthole.tcp.heartbeat",
            "5s",
            "How often a silent peer's host is probed; after three probes without an answer its connection counts as cut.");

    static final Option<Long> CONNECT_DEADLINE = Option.ofDurationNs(
            "porthole.tcp.connect.deadline", "10s", "How long connecting to one address of a peer may take.");

    static final Option<Long> RECONNECT = Option.ofDurationNs(
            "porthole.tcp.reconnect",
            "10s",
            "How long a rank whose connection was cut is looked for again; operations go on where they were. 0s: it is taken for failed at once.");

    static final Option<TcpTlsMode> TLS = Option.ofWord(
            "porthole.tcp.tls",
            "off",
            TcpTlsMode.class,
            "Whether connections are encrypted by TLS 1.3, with a certificate on either side; the same on all ranks.");

    static final Option<String> TLS_CERTIFICATE = Option.ofText(
            "porthole.tcp.tls.certificate",
            "",
            "This rank's certificate, followed by those that vouch for it: a file in PEM.");

    static final Option<String> TLS_KEY = Option.ofText(
            "porthole.tcp.tls.key", "", "The certificate's private key: a file in PEM (PKCS #8, not encrypted).");

    static final Option<String> TLS_TRUST = Option.ofText(
            "porthole.tcp.tls.trust", "", "Certificates of those whose word is taken for a peer: a file in PEM.");

    static final OptionTable TABLE = OptionTable.of(
            "TCP transport",
            INTERFACE,
            PORTS,
            IO,
            CONGESTION,
            HEARTBEAT,
            CONNECT_DEADLINE,
            RECONNECT,
            TLS,
            TLS_CERTIFICATE,
            TLS_KEY,
            TLS_TRUST);

    private TcpOptions() {}
}
