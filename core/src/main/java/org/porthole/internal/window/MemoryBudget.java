package org.porthole.internal.window;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How much memory this process may still take: the kernel answers a shared-memory allocation beyond the control group's limit with a kill, so
/// it has to be asked first.
///
/// **Source.** Linux, Documentation/filesystems/proc.rst (MemAvailable) and Documentation/admin-guide/cgroup-v2.rst (memory.max).
final class MemoryBudget {
    private static final Path MEMINFO = Path.of("/proc/meminfo");
    private static final Path OWN_GROUP = Path.of("/proc/self/cgroup");
    private static final Path GROUPS = Path.of("/sys/fs/cgroup");

    private MemoryBudget() {}

    /// Bytes that can be had; [Long#MAX_VALUE] where nobody can tell.
    static long available() {
        return Math.min(hostAvailable(), groupAvailable());
    }

    private static long hostAvailable() {
        try {
            for (String line : Files.readAllLines(MEMINFO)) {
                if (line.startsWith("MemAvailable:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) << 10;
                }
            }
        } catch (IOException | NumberFormatException e) {
            return Long.MAX_VALUE; // not Linux, or /proc is closed
        }
        return Long.MAX_VALUE;
    }

    /// The least that is left in this process's control group and those above it.
    private static long groupAvailable() {
        long least = Long.MAX_VALUE;
        try {
            for (String line : Files.readAllLines(OWN_GROUP)) {
                if (line.startsWith("0::/")) {
                    Path group = GROUPS.resolve(line.substring("0::/".length()));
                    while (group != null && group.startsWith(GROUPS)) {
                        least = Math.min(least, left(group));
                        group = group.getParent();
                    }
                }
            }
        } catch (IOException e) {
            return least; // no control groups of version 2 here
        }
        return least;
    }

    private static long left(Path group) {
        try {
            String max = Files.readString(group.resolve("memory.max")).strip();
            String current = Files.readString(group.resolve("memory.current")).strip();
            return max.equals("max") ? Long.MAX_VALUE : Math.max(0, Long.parseLong(max) - Long.parseLong(current));
        } catch (IOException | NumberFormatException e) {
            return Long.MAX_VALUE; // the root group has no limit file
        }
    }
}
