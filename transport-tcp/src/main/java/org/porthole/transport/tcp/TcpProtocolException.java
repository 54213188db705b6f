package org.porthole.transport.tcp;

import java.io.IOException;

/// A peer sent what no peer of this version sends.
final class TcpProtocolException extends IOException {
    private static final long serialVersionUID = 1;

    TcpProtocolException(String message) {
        super(message);
    }
}
