package org.porthole.transport.tcp;

/// Whether connections are encrypted: the values of `porthole.tcp.tls`.
enum TcpTlsMode {
    /// They are not: whoever can read the network reads what is sent. Members still prove that they know the job's secret.
    OFF,
    /// Every connection is, and both sides show a certificate.
    REQUIRED
}
