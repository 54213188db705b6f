package org.porthole.transport.tcp;

import java.io.EOFException;

/// A peer has said good-bye.
final class TcpLeftException extends EOFException {
    private static final long serialVersionUID = 1;

    TcpLeftException() {
        super("it has left the job");
    }
}
