package org.porthole.cli.perf;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.porthole.cli.text.UsageException;

/// Counts the bytes that the current thread allocates on the heap.
final class AllocationCounter {
    private final ThreadMXBean threads;

    private AllocationCounter(ThreadMXBean threads) {
        this.threads = threads;
    }

    /// Counts.
    ///
    /// @return the counter
    /// @throws UsageException if this Java cannot
    static AllocationCounter ofThread() {
        ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
        if (threads == null
                || !threads.isThreadAllocatedMemorySupported()
                || !threads.isThreadAllocatedMemoryEnabled()) {
            throw new UsageException("perf: --alloc: this Java does not count what threads allocate");
        }
        return new AllocationCounter(threads);
    }

    /// What the current thread has allocated so far.
    ///
    /// @return bytes
    long bytes() {
        return threads.getCurrentThreadAllocatedBytes();
    }

    /// What one call of [#bytes()] allocates itself.
    ///
    /// @return bytes, once it is warm
    long ownBytes() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 1000; i++) {
            long before = bytes();
            least = Math.min(least, bytes() - before);
        }
        return least;
    }
}
