package org.porthole.testkit;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Fails a test that leaves something of Porthole's behind: a thread, a mapping or a descriptor of shared memory, a child process.
///
/// What was there before the test is not held against it. Threads and processes end a little after they are told to, so that the check waits
/// for what is left, up to a deadline.
///
/// **Source.** Linux, Documentation/filesystems/proc.rst: `maps` and `fd`, where memory files appear as `/memfd:name`.
public final class LeakCheck implements BeforeEachCallback, AfterEachCallback {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(LeakCheck.class);
    private static final String NAME = "porthole";

    /// It watches for the process, before and after any job.
    private static final String LAUNCHER_WATCH = "porthole-launcher-watch";

    private static final String SHARED_MEMORY = "memfd:" + NAME;
    private static final Path MAPS = Path.of("/proc/self/maps");
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(5);

    /// For JUnit.
    public LeakCheck() {}

    @Override
    public void beforeEach(ExtensionContext context) {
        context.getStore(NAMESPACE).put(context.getUniqueId(), owned());
    }

    @Override
    @SuppressWarnings("unchecked") // what beforeEach has put there
    public void afterEach(ExtensionContext context) {
        requireNothingLeft((Set<String>) context.getStore(NAMESPACE).remove(context.getUniqueId()));
    }

    /// Waits until this process has no more of Porthole's than it had.
    ///
    /// @param before what [#owned()] returned then
    /// @throws AssertionError if something is left at the deadline
    public static void requireNothingLeft(Set<String> before) {
        long begin = System.nanoTime();
        for (; ; ) {
            Set<String> left = owned();
            left.removeAll(before);
            if (left.isEmpty()) {
                return;
            }
            if (System.nanoTime() - begin > DEADLINE_NS) {
                throw new AssertionError("left behind: " + String.join("; ", left));
            }
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    /// What this process has of Porthole's right now.
    ///
    /// @return one line each, to be changed freely
    public static Set<String> owned() {
        Set<String> owned = Thread.getAllStackTraces().keySet().stream()
                .filter(thread ->
                        thread.getName().startsWith(NAME) && !thread.getName().equals(LAUNCHER_WATCH))
                .map(thread -> "thread " + thread.getName() + " #" + thread.threadId())
                .collect(Collectors.toCollection(TreeSet::new));
        ProcessHandle.current()
                .children()
                .filter(ProcessHandle::isAlive)
                .forEach(child -> owned.add("process " + child.pid()));
        try {
            addMappings(owned);
            addDescriptors(owned);
        } catch (IOException e) {
            throw new AssertionError("cannot look at this process's memory: " + e, e);
        }
        return owned;
    }

    private static void addMappings(Set<String> owned) throws IOException {
        if (Files.isReadable(MAPS)) {
            Files.readAllLines(MAPS).stream()
                    .filter(line -> line.contains(SHARED_MEMORY))
                    .forEach(line -> owned.add("mapping " + line));
        }
    }

    private static void addDescriptors(Set<String> owned) throws IOException {
        if (!Files.isDirectory(DESCRIPTORS)) {
            return;
        }
        try (DirectoryStream<Path> links = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path link : links) {
                String file = target(link);
                if (file.contains(SHARED_MEMORY)) {
                    owned.add("descriptor " + link.getFileName() + " of " + file);
                }
            }
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return ""; // closed since it was listed, such as the one that lists
        }
    }
}
