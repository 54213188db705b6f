package org.porthole.internal.window;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How much memory this process may still take: the kernel answers a shared-memory allocation beyond the control group's limit with a kill, so
/// it has to be asked first.
///
/// **Source.** Linux, Documentation/filesystems/proc.rst (MemAvailable), Documentation/admin-guide/cgroup-v2.rst (memory.max) and
/// cgroup-v1/memory.rst (memory.limit_in_bytes).
final class MemoryBudget {
    private static final Path MEMINFO = Path.of("/proc/meminfo");
    private static final Path OWN_GROUPS = Path.of("/proc/self/cgroup");

    /// Where a version of control groups keeps its figures.
    private record Hierarchy(Path root, String limit, String usage, String reclaimable) {
        static final Hierarchy V1 = new Hierarchy(
                Path.of("/sys/fs/cgroup/memory"),
                "memory.limit_in_bytes",
                "memory.usage_in_bytes",
                "total_inactive_file");
        static final Hierarchy V2 =
                new Hierarchy(Path.of("/sys/fs/cgroup"), "memory.max", "memory.current", "inactive_file");

        /// The least that is left in a group and those above it. In a container the group's own path may not be visible, but its files are then
        /// at the root.
        long available(String path) {
            long least = Long.MAX_VALUE;
            Path group = root.resolve(path.substring(1)).normalize();
            while (group.startsWith(root)) {
                least = Math.min(least, left(group));
                group = group.getParent();
            }
            return least;
        }

        private long left(Path group) {
            try {
                String max = Files.readString(group.resolve(limit)).strip();
                if (max.equals("max")) {
                    return Long.MAX_VALUE;
                }
                long used =
                        Long.parseLong(Files.readString(group.resolve(usage)).strip());
                return Math.max(0, Long.parseLong(max) - used + reclaimable(group));
            } catch (IOException | NumberFormatException e) {
                return Long.MAX_VALUE; // there is no such group here, or it has no limit
            }
        }

        /// File pages that nobody has used lately: the kernel drops them rather than refuse memory.
        private long reclaimable(Path group) throws IOException {
            for (String line : Files.readAllLines(group.resolve("memory.stat"))) {
                if (line.startsWith(reclaimable + " ")) {
                    return Long.parseLong(line.substring(reclaimable.length() + 1));
                }
            }
            return 0;
        }
    }

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

    private static long groupAvailable() {
        long least = Long.MAX_VALUE;
        try {
            for (String line : Files.readAllLines(OWN_GROUPS)) {
                // hierarchy number : controllers : path
                String[] fields = line.split(":", 3);
                if (fields.length == 3 && fields[1].isEmpty()) {
                    least = Math.min(least, Hierarchy.V2.available(fields[2]));
                } else if (fields.length == 3 && fields[1].equals("memory")) {
                    least = Math.min(least, Hierarchy.V1.available(fields[2]));
                }
            }
        } catch (IOException e) {
            return least; // no control groups here
        }
        return least;
    }
}
