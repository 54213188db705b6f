package org.porthole.transport.tcp;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Netty's epoll handler, run by the transport's own thread without an event loop around it.
final class EpollPoller implements TcpPoller, IoHandlerContext, ThreadAwareExecutor {
    private static final EpollIoOps INPUT = EpollIoOps.EPOLLIN;
    private static final EpollIoOps BOTH = INPUT.with(EpollIoOps.EPOLLOUT);
    private static final long NEVER = -1;

    private final IoHandler handler = EpollIoHandler.newFactory().newHandler(this);
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private volatile Thread owner;
    /// Netty's handler wakes only a sleeper; whoever is about to sleep looks here.
    private volatile boolean woken;
    private boolean blocking;
    private long deadlineNs;

    @Override
    public Watch watch(TcpSocket socket, Runnable ready) {
        return watch(((EpollSocket) socket).socket(), ready);
    }

    @Override
    public Watch watch(TcpListener listener, Runnable ready) {
        return watch(((EpollPlatform.EpollListener) listener).socket(), ready);
    }

    private Watch watch(FileDescriptor descriptor, Runnable ready) {
        Handle handle = new Handle(descriptor, ready);
        execute(handle::register);
        return handle;
    }

    @Override
    public void run(long timeoutNs) {
        if (owner == null) {
            owner = Thread.currentThread();
            handler.initialize();
        }
        runTasks();
        blocking = timeoutNs > 0;
        deadlineNs = blocking ? System.nanoTime() + timeoutNs : NEVER;
        handler.run(this);
        // What was to be seen to is looked at before the next run.
        woken = false;
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    @Override
    public void wakeup() {
        woken = true;
        handler.wakeup();
    }

    @Override
    public void close() {
        runTasks();
        handler.prepareToDestroy();
        handler.destroy();
    }

    @Override
    public boolean isExecutorThread(Thread thread) {
        return thread == owner;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        wakeup();
    }

    @Override
    public boolean canBlock() {
        return blocking && !woken && tasks.isEmpty();
    }

    @Override
    public long delayNanos(long currentTimeNanos) {
        return Math.max(0, deadlineNs - currentTimeNanos);
    }

    @Override
    public long deadlineNanos() {
        return deadlineNs;
    }

    private final class Handle implements EpollIoHandle, Watch {
        private final FileDescriptor descriptor;
        private final Runnable ready;
        private volatile IoRegistration registration;
        private EpollIoOps wanted = INPUT;
        private volatile boolean ended;

        Handle(FileDescriptor descriptor, Runnable ready) {
            this.descriptor = descriptor;
            this.ready = ready;
        }

        /// Against [#interest(boolean, boolean)]: what is wanted last is submitted last.
        synchronized void register() {
            if (ended) {
                return;
            }
            try {
                registration = handler.register(this);
                registration.submit(wanted);
            } catch (Exception e) {
                System.getLogger(EpollPoller.class.getName())
                        .log(System.Logger.Level.WARNING, "a connection cannot be watched", e);
            }
        }

        @Override
        public FileDescriptor fd() {
            return descriptor;
        }

        @Override
        public void handle(IoRegistration source, IoEvent event) {
            if (!ended) {
                ready.run();
            }
        }

        @Override
        public synchronized void interest(boolean input, boolean output) {
            wanted = !output ? input ? INPUT : EpollIoOps.NONE : input ? BOTH : EpollIoOps.EPOLLOUT;
            IoRegistration current = registration;
            if (current != null && !ended) {
                current.submit(wanted);
            }
        }

        @Override
        public void end(Runnable then) {
            ended = true;
            execute(() -> {
                IoRegistration current = registration;
                if (current != null) {
                    current.cancel();
                }
                then.run();
            });
        }

        @Override
        public void close() throws IOException {}
    }
}
