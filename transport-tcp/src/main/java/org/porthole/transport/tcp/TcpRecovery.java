package org.porthole.transport.tcp;

import java.io.IOException;
import java.net.ConnectException;
import java.util.concurrent.TimeUnit;

/// What is done about a peer while a connection from or to it is cut: the way to it is looked for again and again, until both are whole, it is known
/// to be dead, or the time is over. A thread of its own, since connecting takes long.
///
/// **Threads.** Any.
final class TcpRecovery implements Runnable {
    private static final long FIRST_PAUSE_MS = 1;
    private static final long LONGEST_PAUSE_MS = 200;

    private final TcpTransport transport;
    private final int peer;
    private final long deadlineNs;
    private final Thread thread;
    private TcpOrigin origin;
    private String originCause;
    private TcpTarget target;
    private String targetCause;
    private long cutNs;
    private boolean over;

    /// @param deadlineNs how long to try
    TcpRecovery(TcpTransport transport, int peer, long deadlineNs) {
        this.transport = transport;
        this.peer = peer;
        this.deadlineNs = deadlineNs;
        thread = Thread.ofPlatform()
                .daemon()
                .name("porthole-tcp-" + transport.rank() + "-to-" + peer)
                .unstarted(this);
    }

    void start() {
        thread.start();
    }

    /// A connection was cut.
    ///
    /// @return false if it is too late to do anything about it here
    synchronized boolean add(TcpConnection connection, String cause) {
        if (over) {
            return false;
        }
        if (origin == null && target == null) {
            cutNs = System.nanoTime();
        }
        if (connection instanceof TcpOrigin mine) {
            origin = mine;
            originCause = cause;
        } else {
            target = (TcpTarget) connection;
            targetCause = cause;
        }
        notifyAll();
        return true;
    }

    /// A connection is whole again, or of no interest any more.
    synchronized void remove(TcpConnection connection) {
        if (connection.equals(origin)) {
            origin = null;
        } else if (connection.equals(target)) {
            target = null;
        }
        notifyAll();
    }

    /// Ends the thread.
    void close() {
        synchronized (this) {
            over = true;
            notifyAll();
        }
        thread.interrupt();
    }

    void join() throws InterruptedException {
        thread.join();
    }

    @Override
    public void run() {
        String why = "no answer";
        try {
            for (long pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
                TcpOrigin mine;
                long leftNs;
                synchronized (this) {
                    if (over || (origin == null && target == null)) {
                        over = true;
                        break;
                    }
                    mine = origin;
                    leftNs = deadlineNs - (System.nanoTime() - cutNs);
                }
                if (leftNs <= 0) {
                    giveUp("; it could not be reached again within " + TimeUnit.NANOSECONDS.toMillis(deadlineNs)
                            + " ms: " + why);
                    break;
                }
                try {
                    transport.reach(peer, mine, leftNs);
                } catch (ConnectException e) {
                    if (String.valueOf(e.getMessage()).contains("refused")) {
                        giveUp("; nothing listens there any more");
                        break;
                    }
                    why = String.valueOf(e.getMessage());
                } catch (TcpProtocolException e) {
                    giveUp("; then " + e.getMessage());
                    break;
                } catch (IOException e) {
                    why = String.valueOf(e.getMessage());
                }
                pause(pauseMs);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            transport.recovered(this, peer);
        }
    }

    @SuppressWarnings("WaitNotInLoop") // to look early does no harm
    private synchronized void pause(long ms) throws InterruptedException {
        if (!over && (origin != null || target != null)) {
            wait(ms);
        }
    }

    private void giveUp(String why) {
        TcpOrigin lostOrigin;
        TcpTarget lostTarget;
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            lostOrigin = origin;
            lostTarget = target;
        }
        if (lostOrigin != null) {
            transport.gone(lostOrigin, originCause + why);
        }
        if (lostTarget != null) {
            transport.gone(lostTarget, targetCause + why);
        }
    }
}
