package org.porthole.transport.tcp;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// One side of a connection: what both sides do to receive.
///
/// Whatever comes is received into a buffer, but for the rest of long payloads, which goes where it belongs without a stop.
///
/// **Threads.** Any; one works at a time, and the others leave their work to it.
abstract class TcpConnection {
    static final int STAGED = 16 << 10;
    /// What long payloads pass through that the system cannot reach.
    static final int BOUNCE = 256 << 10;
    /// Longest payload that is waited for until all of it is in the buffer.
    static final int WHOLE = 4096;

    private static final VarHandle BUSY = busy();
    /// System calls of one turn, so that nobody works for another for ever.
    private static final int MOST_CALLS = 64;
    /// Longest stretch received at once, so that memory can be withdrawn soon.
    private static final long STRETCH = 1L << 20;

    final TcpTransport transport;
    TcpSocket socket;
    final int peer;
    final MemorySegment staging;
    /// What is received and not yet parsed.
    int begin;

    int end;
    /// What is still to come of a payload.
    long rest;

    private MemorySegment restSegment;
    private long restOffset;
    private TcpRegistration restGuard;

    /// Made when it is first needed.
    private MemorySegment bounce;

    /// Whether the system takes no more for now.
    boolean blocked;

    private volatile boolean open = true;
    private volatile boolean busy;
    private TcpPoller.Watch watch;

    TcpConnection(TcpTransport transport, TcpSocket socket, int peer, MemorySegment staging) {
        this.transport = transport;
        this.socket = socket;
        this.peer = peer;
        this.staging = staging;
    }

    private static VarHandle busy() {
        try {
            return MethodHandles.lookup().findVarHandle(TcpConnection.class, "busy", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final void watchedBy(TcpPoller.Watch by) {
        watch = by;
    }

    final boolean isOpen() {
        return open;
    }

    /// Sends and receives what can be, unless another thread is at it: that one then sees to what this one has left.
    ///
    /// @param receiving whether to receive too
    final void drive(boolean receiving) {
        do {
            if (!BUSY.compareAndSet(this, false, true)) {
                return;
            }
            try {
                if (open) {
                    work(receiving);
                }
            } catch (TcpProtocolException e) {
                shut("it broke the protocol: " + e.getMessage(), true);
            } catch (TcpLeftException e) {
                shut(e.getMessage(), true);
            } catch (EOFException e) {
                shut(e.getMessage(), false);
            } catch (IOException e) {
                shut("its connection broke: " + e.getMessage(), false);
            } catch (RuntimeException e) {
                shut("what it sent could not be carried out: " + e, true);
            } finally {
                BUSY.setVolatile(this, false);
            }
        } while (hasLeftWork());
        worked();
    }

    /// Gives the connection up if the peer's host has not acknowledged anything for too long. A process that is stopped has a host that does.
    final void checkSilence(long mostMs) {
        if (!BUSY.compareAndSet(this, false, true)) {
            return;
        }
        try {
            long silence = open ? socket.silenceMs() : 0;
            if (silence > mostMs) {
                shut("its host has not answered for " + silence + " ms", false);
            }
        } catch (IOException e) {
            shut("its connection broke: " + e.getMessage(), false);
        } finally {
            BUSY.setVolatile(this, false);
        }
        worked();
    }

    abstract void work(boolean receiving) throws IOException;

    /// Whether there is something to send that was not there when the last turn looked.
    abstract boolean hasLeftWork();

    /// Whether something is to be sent, or likely to come. Any thread; may be late.
    abstract boolean isExpecting();

    /// Wakes whoever sleeps for what a turn may have brought.
    abstract void worked();

    /// What the buffer holds, as far as it goes.
    ///
    /// @return false if no more can be taken for now
    abstract boolean parse() throws IOException;

    /// The end of a payload has come.
    ///
    /// @param dropped whether it went nowhere
    abstract void restCame(boolean dropped) throws IOException;

    /// The peer has closed its side.
    abstract void ended() throws IOException;

    /// Begins to work, unless another thread does.
    final boolean seize() {
        return BUSY.compareAndSet(this, false, true);
    }

    /// Ends what [#seize()] has begun.
    final void release() {
        BUSY.setVolatile(this, false);
        worked();
    }

    /// Goes on over another socket. The caller has seized this connection, which is not open.
    final void goOn(TcpSocket over) throws IOException {
        socket = over;
        begin = 0;
        end = 0;
        rest = 0;
        restSegment = null;
        restGuard = null;
        blocked = false;
        goesOn();
        transport.add(this);
        open = true;
    }

    /// Forgets what was under way.
    abstract void goesOn();

    /// Lets go of the socket, if the connection still has one. The caller has seized it.
    final void cut() {
        if (open) {
            open = false;
            TcpSocket before = socket;
            watch.end(before::close);
        }
    }

    /// Ends the connection. The caller works on it, or is the last to.
    ///
    /// @param forGood whether it cannot be gone on with over another socket
    final void shut(String cause, boolean forGood) {
        if (open) {
            open = false;
            TcpSocket lost = socket;
            watch.end(lost::close);
            transport.lost(this, cause, forGood);
        }
    }

    /// Ends the connection from outside.
    final void close() {
        while (!BUSY.compareAndSet(this, false, true)) {
            Thread.onSpinWait();
        }
        try {
            if (open) {
                beforeClose();
                open = false;
                watch.end(socket::close);
            }
        } finally {
            BUSY.setVolatile(this, false);
        }
        worked();
    }

    /// Whether to receive though nothing can be sent.
    abstract boolean isReceivingWhileBlocked();

    /// Says good-bye.
    abstract void beforeClose();

    final void receive() throws IOException {
        // What a socket has taken from the system by itself is received in any case, for nothing would call for it
        // again.
        for (int calls = 0; calls < MOST_CALLS || socket.held() > 0; calls++) {
            int received;
            int room;
            if (rest > 0 && begin == end && restSegment != null && isDirect(restSegment)) {
                room = (int) Math.min(rest, STRETCH);
                received = receiveRest(room);
            } else if (rest > STAGED && begin == end) {
                room = (int) Math.min(rest, BOUNCE);
                received = receiveRestByBounce(room);
            } else {
                room = calls < MOST_CALLS ? STAGED - end : Math.min(STAGED - end, socket.held());
                received = socket.receive(staging, end, room);
                if (received > 0) {
                    end += received;
                    if (!parseStaged()) {
                        return;
                    }
                }
            }
            if (received < 0) {
                ended();
                return;
            }
            if (received > 0) {
                transport.noteArrival();
            }
            if (received < room) {
                return;
            }
        }
    }

    private int receiveRestByBounce(int length) throws IOException {
        if (bounce == null) {
            bounce = Arena.ofAuto().allocate(BOUNCE);
        }
        int received = socket.receive(bounce, 0, length);
        if (received > 0) {
            if (enterRest()) {
                try {
                    AnyMemory.copy(bounce, 0, restSegment, restOffset, received);
                } finally {
                    exitRest();
                }
            }
            advance(received);
        }
        return received;
    }

    private boolean isDirect(MemorySegment segment) {
        return socket.isDirect() && segment.isNative();
    }

    private int receiveRest(int length) throws IOException {
        if (!enterRest()) {
            return receiveRestByBounce(Math.min(length, BOUNCE));
        }
        int received;
        try {
            received = socket.receive(restSegment, restOffset, length);
        } finally {
            exitRest();
        }
        if (received > 0) {
            advance(received);
        }
        return received;
    }

    /// Parses what is there, and makes room.
    final boolean parseStaged() throws IOException {
        boolean goesOn = (rest > 0 && !takeRest()) || parse();
        if (begin == end) {
            begin = 0;
            end = 0;
        } else if (begin > 0) {
            MemorySegment.copy(staging, begin, staging, 0, end - begin);
            end -= begin;
            begin = 0;
        }
        return goesOn;
    }

    /// Begins a payload, whose first bytes may be in the buffer.
    ///
    /// @param segment where it goes; null if nowhere
    /// @return true if all of it was
    final boolean beginRest(MemorySegment segment, long offset, long length, TcpRegistration guard) throws IOException {
        restSegment = segment;
        restOffset = offset;
        restGuard = guard;
        rest = length;
        return takeRest();
    }

    private boolean takeRest() throws IOException {
        long part = Math.min(rest, end - begin);
        if (part > 0) {
            if (enterRest()) {
                try {
                    AnyMemory.copy(staging, begin, restSegment, restOffset, part);
                } finally {
                    exitRest();
                }
            }
            begin += (int) part;
            advance(part);
        }
        return rest == 0;
    }

    private void advance(long received) throws IOException {
        rest -= received;
        restOffset += received;
        if (rest == 0) {
            boolean dropped = restSegment == null;
            restSegment = null;
            restGuard = null;
            restCame(dropped);
        }
    }

    /// Whether the payload goes anywhere. If its memory is withdrawn meanwhile, what is still to come is dropped.
    private boolean enterRest() throws IOException {
        if (restGuard != null && !restGuard.enter()) {
            restSegment = null;
            restGuard = null;
        }
        if (restSegment == null) {
            return false;
        }
        if (!restSegment.scope().isAlive()) {
            exitRest();
            throw new TcpProtocolException("bytes for memory that has been freed");
        }
        return true;
    }

    private void exitRest() {
        if (restGuard != null) {
            restGuard.exit();
        }
    }

    /// Takes note of whether the system took all that was offered.
    final void setBlocked(boolean now) {
        if (blocked != now) {
            blocked = now;
            watch.interest(!now || isReceivingWhileBlocked(), now);
        }
    }
}
