package org.porthole.internal.bootstrap;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.porthole.config.Configuration;
import org.porthole.config.CoreOptions;

/// Names the host that this process runs on.
public final class Host {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private static final String AUTO = "auto";

    private Host() {}

    /// A name that two processes share if they share a host: what the settings say, or else the kernel's boot id on Linux, the host's name
    /// elsewhere.
    ///
    /// @param configuration the settings
    /// @return the name
    public static String name(Configuration configuration) {
        if (isNamed(configuration)) {
            return configuration.value(CoreOptions.HOST);
        }
        try {
            return Files.readString(BOOT_ID).strip();
        } catch (IOException e) {
            return hostName();
        }
    }

    /// Whether the settings name the host.
    ///
    /// @param configuration the settings
    /// @return true if so: ranks that meet on one kernel may then be on several hosts
    public static boolean isNamed(Configuration configuration) {
        return !configuration.value(CoreOptions.HOST).equals(AUTO);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
