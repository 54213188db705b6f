package org.porthole.transport.tcp;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/// The JDK's selector.
final class NioPoller implements TcpPoller {
    private final Selector selector = Selector.open();
    /// What to do once the selector has let go of keys that were cancelled, which is when it next looks.
    private final Queue<Runnable> cancelled = new ConcurrentLinkedQueue<>();

    NioPoller() throws IOException {}

    @Override
    public Watch watch(TcpSocket socket, Runnable ready) throws IOException {
        return watch(((NioSocket) socket).channel(), SelectionKey.OP_READ, ready);
    }

    @Override
    public Watch watch(TcpListener listener, Runnable ready) throws IOException {
        return watch(((NioPlatform.NioListener) listener).channel(), SelectionKey.OP_ACCEPT, ready);
    }

    private Watch watch(SelectableChannel channel, int input, Runnable ready) throws IOException {
        SelectionKey key = channel.register(selector, input, ready);
        selector.wakeup();
        return new Watch() {
            @Override
            public void interest(boolean receiving, boolean sending) {
                if (key.isValid()) {
                    key.interestOps((receiving ? input : 0) | (sending ? SelectionKey.OP_WRITE : 0));
                    selector.wakeup();
                }
            }

            @Override
            public void end(Runnable then) {
                key.cancel();
                cancelled.add(then);
                selector.wakeup();
            }
        };
    }

    @Override
    public void run(long timeoutNs) throws IOException {
        int count = cancelled.size();
        if (timeoutNs > 0 && count == 0) {
            selector.select(NioPoller::ready, Math.max(1, TimeUnit.NANOSECONDS.toMillis(timeoutNs)));
        } else {
            selector.selectNow(NioPoller::ready);
        }
        for (; count > 0; count--) {
            cancelled.remove().run();
        }
    }

    private static void ready(SelectionKey key) {
        ((Runnable) key.attachment()).run();
    }

    @Override
    public void wakeup() {
        selector.wakeup();
    }

    @Override
    public void close() {
        NioSocket.close(selector);
        cancelled.forEach(Runnable::run);
        cancelled.clear();
    }
}
