package org.porthole.cli;

/// One of a process's two output streams.
enum Outlet {
    OUT,
    ERR
}
