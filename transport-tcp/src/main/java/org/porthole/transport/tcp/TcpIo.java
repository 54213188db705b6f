package org.porthole.transport.tcp;

/// Which sockets are used: the values of `porthole.tcp.io`.
enum TcpIo {
    /// Epoll where it works, else NIO.
    AUTO,
    /// Linux's epoll and system calls on native addresses, through Netty: bytes go between window and socket without a copy.
    EPOLL,
    /// The JDK's channels.
    NIO
}
