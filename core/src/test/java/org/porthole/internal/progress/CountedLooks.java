package org.porthole.internal.progress;

import java.util.concurrent.atomic.AtomicReference;
import org.porthole.spi.Awaited;

/// Something that is ready after so many looks, which counts what is asked of it. It sleeps not at all.
class CountedLooks implements Awaited {
    final long readyAfter;
    final AtomicReference<RuntimeException> failure = new AtomicReference<>();
    long looks;
    int parks;
    int checks;
    long longestPark;

    CountedLooks(long readyAfter) {
        this.readyAfter = readyAfter;
    }

    @Override
    public boolean isReady() {
        return ++looks > readyAfter;
    }

    @Override
    public void park(long timeoutNs) {
        parks++;
        longestPark = Math.max(longestPark, timeoutNs);
    }

    @Override
    public void checkPeers() {
        checks++;
        if (failure.get() != null) {
            throw failure.get();
        }
    }

    @Override
    public String describe() {
        return "rank 0 waits in a test for rank 1";
    }
}
