package org.porthole.internal.port;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.porthole.WindowRight;
import org.porthole.internal.window.BearerRight;
import org.porthole.port.Message;
import org.porthole.port.SendRight;
import org.porthole.spi.LoadStore;

/// What is in a message: its bytes, and what it carries besides.
///
/// **Threads.** Whoever has the message.
public abstract sealed class MessageContent implements Message permits PooledMessage {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    final PostOffice office;
    MemorySegment segment;
    int length;
    /// What travels besides; null until there is something.
    private Cargo cargo;

    MessageContent(PostOffice office, MemorySegment segment) {
        this.office = office;
        this.segment = segment;
    }

    /// Refuses what is the runtime's, or nobody's.
    abstract void requireUsable();

    final PostOffice office() {
        return office;
    }

    final long capacity() {
        return segment.byteSize();
    }

    @Override
    public final MemorySegment bytes() {
        requireUsable();
        return segment;
    }

    @Override
    public final long length() {
        return length;
    }

    @Override
    public final Message setLength(long newLength) {
        requireUsable();
        reserve(newLength);
        length = (int) newLength;
        return this;
    }

    private void reserve(long needed) {
        long most = office.payload() - (cargo == null ? 0 : cargo.windowBytes());
        if (needed < 0 || needed > most) {
            throw new IllegalArgumentException("a message of " + needed + " bytes; 0 to " + most
                    + " are possible (porthole.port.payload, less its rights to windows), and more out of line");
        }
        if (needed > segment.byteSize()) {
            MemorySegment larger = MessagePool.memory(office.payload());
            LoadStore.copy(segment, 0, larger, 0, length);
            segment = larger;
        }
    }

    @Override
    public final Message set(MemorySegment source) {
        setLength(source.byteSize());
        LoadStore.copy(source, 0, segment, 0, length);
        return this;
    }

    @Override
    public final long getLong(long offset) {
        if (offset < 0 || offset > length - Long.BYTES) {
            throw new IndexOutOfBoundsException("8 bytes at " + offset + " of a message of " + length + " bytes");
        }
        requireUsable();
        return segment.get(LONG, offset);
    }

    @Override
    public final Message setLong(long offset, long value) {
        requireUsable();
        long end = offset + Long.BYTES;
        if (end > length) {
            reserve(end);
            length = (int) end;
        }
        segment.set(LONG, offset, value);
        return this;
    }

    @Override
    public final String text() {
        requireUsable();
        return decoded();
    }

    @Override
    public final Message setText(String text) {
        return set(MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8)));
    }

    /// Whether it carries nothing but bytes.
    final boolean isBare() {
        return cargo == null || cargo.isEmpty();
    }

    final Cargo cargo() {
        if (cargo == null) {
            cargo = new Cargo(office);
        }
        return cargo;
    }

    final void dropCargo() {
        if (cargo != null) {
            cargo.clear();
            cargo.dropArrived();
        }
    }

    /// What it carries is about to be sent.
    final void beginCargo(int to) {
        if (!isBare()) {
            cargo.begin(to);
        }
    }

    final void cargoSent() {
        if (!isBare()) {
            cargo.sent();
        }
    }

    @Override
    public final Message add(SendRight right) {
        requireUsable();
        HeldRight added = (HeldRight) right;
        added.require();
        cargo().add(added);
        return this;
    }

    @Override
    public final int rights() {
        return cargo == null ? 0 : cargo.arrivedRights();
    }

    @Override
    public final SendRight right(int index) {
        requireUsable();
        return cargo().takeRight(index);
    }

    @Override
    public final Message add(WindowRight right) {
        requireUsable();
        cargo().add((BearerRight) right, office.payload() - length - cargo().windowBytes());
        return this;
    }

    @Override
    public final int windowRights() {
        return cargo == null ? 0 : cargo.arrivedWindows();
    }

    @Override
    public final WindowRight windowRight(int index) {
        requireUsable();
        return cargo().window(index);
    }

    /// Sends what it carries with another message, of a rank of this process.
    final void giveCargo(MessageContent to) {
        if (!isBare()) {
            cargo.begin(to.office.rank());
            to.cargo().take(cargo);
            cargo.sent();
        }
    }

    /// Takes over the content of a message of a rank of this process.
    final void copy(MessageContent from) {
        makeRoom(from.length);
        length = from.length;
        LoadStore.copy(from.segment, 0, segment, 0, length);
        if (!from.isBare()) {
            cargo().take(from.cargo);
        }
    }

    @Override
    public final Message attach(MemorySegment lent, Runnable onRelease) {
        requireUsable();
        cargo().attach(new Loan(lent, onRelease));
        return this;
    }

    @Override
    public final boolean hasRegion() {
        return cargo != null && cargo.region() != null;
    }

    @Override
    public final long regionLength() {
        return hasRegion() ? cargo.region().byteSize() : 0;
    }

    @Override
    public final void fetch(MemorySegment destination) {
        requireUsable();
        cargo().fetch(destination);
    }

    /// Makes its bytes those of a text, as long as it may be.
    final void say(String text) {
        byte[] all = text.getBytes(StandardCharsets.UTF_8);
        int most = (int) Math.min(all.length, office.payload());
        makeRoom(most);
        length = most;
        MemorySegment.copy(all, 0, segment, ValueLayout.JAVA_BYTE, 0, most);
    }

    /// Makes it large enough; what it held is lost.
    final void makeRoom(long needed) {
        if (needed > segment.byteSize()) {
            segment = MessagePool.memory(office.payload());
        }
    }

    final String decoded() {
        return StandardCharsets.UTF_8
                .decode(segment.asSlice(0, length).asByteBuffer())
                .toString();
    }

    /// Nothing that it carries besides goes anywhere.
    final void clearCargo() {
        if (cargo != null) {
            cargo.clear();
        }
    }

    /// Gives up what has come.
    final void dropArrived() {
        if (cargo != null) {
            cargo.dropArrived();
        }
    }
}
