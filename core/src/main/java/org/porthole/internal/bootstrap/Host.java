package org.porthole.internal.bootstrap;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Names the kernel that this process runs on.
public final class Host {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private Host() {}

    /// A name that two processes share if they share a kernel: its boot id on Linux, the host's name elsewhere.
    ///
    /// @return the name
    public static String name() {
        try {
            return Files.readString(BOOT_ID).strip();
        } catch (IOException e) {
            return hostName();
        }
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
