package org.porthole.internal.bootstrap;

import java.io.IOException;
import java.net.SocketTimeoutException;

/// A socket to a PMI-1 server that this process was started with.
final class PmiFile implements PmiLine {
    private final int fd;
    private final Deadline deadline;

    PmiFile(int fd, Deadline deadline) {
        this.fd = fd;
        this.deadline = deadline;
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        PmiNative.write(fd, bytes);
    }

    @Override
    public int read(byte[] bytes) throws IOException {
        while (!PmiNative.awaitInput(fd, deadline.leftMs())) {
            if (deadline.isOver()) {
                throw new SocketTimeoutException("no answer");
            }
        }
        int count = PmiNative.read(fd, bytes);
        return count == 0 ? -1 : count;
    }

    @Override
    public void close() throws IOException {
        PmiNative.close(fd);
    }
}
