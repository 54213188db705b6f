package org.porthole.internal.bootstrap;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.porthole.internal.bootstrap.Bootstrap.AbortListener;

/// Keeps a rank's connection to the rendezvous for the life of the job, so that any rank can end it for all. If the server's process dies the job
/// goes on without.
///
/// **Threads.** Any; it listens on a daemon thread of its own.
final class JobWatch implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(JobWatch.class.getName());
    private static final long TELLING_S = 2;
    private static final Duration LEAVING = Duration.ofSeconds(2);

    private final RendezvousConnection connection;
    private final int rank;
    private final AbortListener listener;
    private final CountDownLatch told = new CountDownLatch(1);
    private final Thread thread;
    private final Thread hook;

    private JobWatch(RendezvousConnection connection, int rank, AbortListener listener) {
        this.connection = connection;
        this.rank = rank;
        this.listener = listener;
        thread = Thread.ofPlatform().daemon().name("porthole-job-watch").unstarted(this::run);
        // The JVM waits 0.3 s at its exit for a thread that sits in the kernel.
        hook = Thread.ofPlatform().unstarted(connection::cut);
    }

    /// Says that this rank has joined, and listens.
    static JobWatch start(RendezvousConnection connection, int rank, AbortListener listener) {
        JobWatch watch = new JobWatch(connection, rank, listener);
        try {
            connection.timeout(0);
            watch.say(RendezvousWire.JOINED);
            watch.thread.start();
            Runtime.getRuntime().addShutdownHook(watch.hook);
        } catch (IOException | IllegalStateException e) {
            LOG.log(Level.DEBUG, "nobody can end this job for all", e);
            watch.told.countDown();
        }
        return watch;
    }

    private void say(byte word) throws IOException {
        connection.out.writeByte(word);
        connection.out.flush();
    }

    private void run() {
        try {
            while (connection.in.read() == RendezvousWire.ABORTED) {
                int who = connection.in.readInt();
                int exitCode = connection.in.readInt();
                if (who == rank) {
                    break;
                }
                listener.aborted(who, exitCode);
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the rendezvous has gone", e);
        } finally {
            connection.cut();
            told.countDown();
        }
    }

    /// Ends the job: returns when the others have been told, or cannot be.
    void abort(int exitCode) {
        try {
            synchronized (connection.out) {
                connection.out.writeByte(RendezvousWire.ABORT);
                connection.out.writeInt(exitCode);
                connection.out.flush();
            }
            if (!told.await(TELLING_S, TimeUnit.SECONDS)) {
                LOG.log(Level.DEBUG, "the rendezvous does not answer");
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "nobody can be told that this rank ends the job", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        connection.cut();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
            thread.join(LEAVING);
        } catch (IllegalStateException e) {
            LOG.log(Level.DEBUG, "this process is ending", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
