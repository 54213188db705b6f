package org.porthole.transport.shm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.Agent;
import org.porthole.spi.FailureListener;

/// Watches the processes of the peers and tells when one ends. Data needs no agent here: it is loaded and stored by whoever wants it.
///
/// Its duty cycle sleeps in poll(2) on one pidfd per peer and an event that wakes it for changes, so that it costs nothing while nobody dies.
///
/// **Threads.** [#watch(int, int, long)] and [#wakeToClose()] by any; the rest by the agent's own.
final class ShmProgressAgent implements Agent {
    /// struct pollfd: int fd, short events, short revents.
    private static final long POLLFD_BYTES = 8;

    private static final long EVENTS = 4;
    private static final long RETURNED = 6;
    private static final short POLLIN = 1;

    private record Watched(int rank, long process, int descriptor) {}

    private final FailureListener failures;
    private final int event = ShmNative.createEvent();
    private final List<Watched> added = new ArrayList<>();
    private final List<Watched> watched = new ArrayList<>();
    private volatile boolean closing;
    private MemorySegment polled;

    ShmProgressAgent(FailureListener failures) {
        this.failures = failures;
        describe();
    }

    /// Starts watching a process, which the caller knows to be the right one while its pidfd is open.
    void watch(int rank, int descriptor, long process) {
        synchronized (added) {
            added.add(new Watched(rank, process, descriptor));
        }
        ShmNative.signalEvent(event);
    }

    @Override
    public int doWork() {
        if (closing) {
            return 0;
        }
        takeAdded();
        ShmNative.poll(polled, watched.size() + 1L);
        if (polled.get(ValueLayout.JAVA_SHORT, RETURNED) != 0) {
            ShmNative.drainEvent(event);
        }
        int ended = 0;
        for (int i = watched.size() - 1; i >= 0; i--) {
            if (polled.get(ValueLayout.JAVA_SHORT, (i + 1) * POLLFD_BYTES + RETURNED) != 0) {
                Watched gone = watched.remove(i);
                ShmNative.close(gone.descriptor);
                failures.peerGone(gone.rank, "its process " + gone.process + " has ended");
                ended++;
            }
        }
        if (ended > 0) {
            describe();
        }
        return ended;
    }

    private void takeAdded() {
        synchronized (added) {
            if (added.isEmpty()) {
                return;
            }
            watched.addAll(added);
            added.clear();
        }
        describe();
    }

    /// Writes the descriptors to be polled.
    private void describe() {
        polled = Arena.ofAuto().allocate((watched.size() + 1) * POLLFD_BYTES, POLLFD_BYTES);
        describe(0, event);
        for (int i = 0; i < watched.size(); i++) {
            describe(i + 1, watched.get(i).descriptor);
        }
    }

    private void describe(int index, int descriptor) {
        polled.set(ValueLayout.JAVA_INT, index * POLLFD_BYTES, descriptor);
        polled.set(ValueLayout.JAVA_SHORT, index * POLLFD_BYTES + EVENTS, POLLIN);
    }

    /// Ends the sleep for good; the runner must be closed next.
    void wakeToClose() {
        closing = true;
        ShmNative.signalEvent(event);
    }

    @Override
    public void onClose() {
        takeAdded();
        watched.forEach(each -> ShmNative.close(each.descriptor));
        ShmNative.close(event);
    }

    @Override
    public String roleName() {
        return "porthole-shm-watch";
    }
}
