package org.porthole.transport.rdma;

import com.ibm.disni.verbs.IbvWC;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// One side of a connection: a queue pair, and the socket on which it was agreed on, which tells when the other side ends.
///
/// **Threads.** Any; one works at a time, and the others leave their work to it.
abstract class RdmaConnection {
    private static final VarHandle BUSY = busy();

    final RdmaTransport transport;
    private volatile RdmaQueue queue;
    final RdmaBuffer buffer;
    final int peer;
    private volatile SocketChannel socket;
    private volatile boolean open = true;
    private volatile boolean bye;
    /// Whether nothing is taken from the queue pair any more, until there is another.
    private boolean retired;

    @SuppressWarnings("UnusedVariable") // by its VarHandle
    private volatile boolean busy;

    RdmaConnection(RdmaTransport transport, RdmaQueue queue, RdmaBuffer buffer, SocketChannel socket, int peer) {
        this.transport = transport;
        this.queue = queue;
        this.buffer = buffer;
        this.socket = socket;
        this.peer = peer;
    }

    private static VarHandle busy() {
        try {
            return MethodHandles.lookup().findVarHandle(RdmaConnection.class, "busy", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final boolean isOpen() {
        return open;
    }

    final RdmaQueue queue() {
        return queue;
    }

    final SocketChannel socket() {
        return socket;
    }

    /// Whether the peer has said that it goes.
    final boolean isBye() {
        return bye;
    }

    /// Takes what is complete, unless another thread is at it.
    final void drive() {
        if (!BUSY.compareAndSet(this, false, true)) {
            return;
        }
        try {
            workOrShut();
        } finally {
            BUSY.setVolatile(this, false);
        }
        worked();
    }

    private void workOrShut() {
        try {
            for (int count = RdmaQueue.BATCH; open && !retired && count == RdmaQueue.BATCH; ) {
                count = queue.poll();
                for (int i = 0; i < count; i++) {
                    completed(queue.completion(i));
                }
                if (count > 0) {
                    transport.noteArrival();
                }
            }
        } catch (IOException e) {
            shut(e.getMessage());
        } catch (RuntimeException e) {
            shut("what it sent could not be carried out: " + e);
        }
    }

    /// Takes what is complete, once nobody else is at it, and nothing more after that.
    final void retireQueue() {
        lock();
        try {
            workOrShut();
            retired = true;
        } finally {
            BUSY.setVolatile(this, false);
        }
        worked();
    }

    /// Does something while nobody works.
    final void alone(Turn turn) throws IOException {
        lock();
        try {
            turn.run();
        } finally {
            BUSY.setVolatile(this, false);
        }
        worked();
    }

    /// What is done while nobody works.
    @FunctionalInterface
    interface Turn {
        void run() throws IOException;
    }

    /// Has another queue pair from now on, and another socket; takes nothing from it before [#goOn()]. Nobody else works or posts.
    final void replace(RdmaQueue another, SocketChannel itsSocket) {
        RdmaQueue old = queue;
        SocketChannel oldSocket = socket;
        queue = another;
        retired = true;
        socket = itsSocket;
        old.close();
        close(oldSocket);
    }

    /// Completions are taken from the other queue pair from now on. Nobody else works.
    final void goOn() {
        retired = false;
    }

    /// Whether the end of the socket tells nothing, since another is looked for.
    boolean isMending() {
        return false;
    }

    /// Lets the device's channel tell of the next completion.
    final void arm() {
        lock();
        try {
            if (open && !retired) {
                queue.arm();
            }
        } catch (IOException e) {
            shut(e.getMessage());
        } finally {
            BUSY.setVolatile(this, false);
        }
    }

    private void lock() {
        while (!BUSY.compareAndSet(this, false, true)) {
            Thread.onSpinWait();
        }
    }

    /// One of the queue's completions.
    abstract void completed(IbvWC completion) throws IOException;

    /// There is no queue pair any more.
    void closed() {}

    /// Wakes whoever sleeps for what a turn may have brought.
    abstract void worked();

    /// A socket of the connection has something to say. By the control agent.
    final void hear(SocketChannel from) {
        if (!from.equals(socket) || isMending()) {
            close(from);
            return;
        }
        ByteBuffer in = ByteBuffer.allocate(1);
        String end = "its connection has ended";
        try {
            int count = from.read(in);
            if (count == 0) {
                return;
            }
            if (count == 1) {
                bye = in.get(0) == RdmaWire.BYE;
                end = bye ? "it has left the job" : "it broke the protocol";
            }
        } catch (IOException e) {
            end = "its connection broke: " + e.getMessage();
        }
        lock();
        try {
            workOrShut(); // what it sent before it went
            shut(end);
        } finally {
            BUSY.setVolatile(this, false);
        }
        worked();
    }

    /// Ends the connection but for its memory, which threads may still be about to use. The caller works on it.
    final void shut(String cause) {
        if (open) {
            open = false;
            closeSocket();
            transport.lost(this, cause);
        }
    }

    /// Ends the connection from outside, when nobody posts to it any more.
    final void close() {
        lock();
        try {
            if (open) {
                open = false;
                sayBye();
                closeSocket();
            }
            queue.close();
            closed();
            buffer.close();
        } catch (IOException e) {
            System.getLogger(RdmaConnection.class.getName())
                    .log(System.Logger.Level.WARNING, "rdma: a buffer was not closed: {0}", e.getMessage());
        } finally {
            BUSY.setVolatile(this, false);
        }
        worked();
    }

    /// Tells the peer that the end of this connection is no failure.
    final void sayBye() {
        try {
            socket.write(ByteBuffer.wrap(new byte[] {RdmaWire.BYE}));
        } catch (IOException e) {
            System.getLogger(RdmaConnection.class.getName()).log(System.Logger.Level.DEBUG, "a peer was gone first", e);
        }
    }

    private void closeSocket() {
        close(socket);
        transport.control().wakeup();
    }

    private static void close(SocketChannel socket) {
        try {
            socket.close();
        } catch (IOException e) {
            System.getLogger(RdmaConnection.class.getName())
                    .log(System.Logger.Level.DEBUG, "a socket was not closed", e);
        }
    }
}
