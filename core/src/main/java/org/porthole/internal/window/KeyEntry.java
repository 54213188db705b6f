package org.porthole.internal.window;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.porthole.TransportException;
import org.porthole.internal.route.Target;

/// An entry of control memory that holds the keys of memory which came after the window was opened.
final class KeyEntry {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    /// How many bytes of keys it has room for.
    static final int MOST = WindowDescriptor.KEYS - Long.BYTES;

    private KeyEntry() {}

    /// An entry to be written where it is read.
    static MemorySegment of(byte[] keys) {
        MemorySegment entry = MemorySegment.ofArray(new byte[Long.BYTES + keys.length]);
        entry.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, keys.length);
        MemorySegment.copy(keys, 0, entry, ValueLayout.JAVA_BYTE, Long.BYTES, keys.length);
        return entry;
    }

    /// The keys of an entry that somebody has written to this rank's memory.
    static byte[] read(MemorySegment own, long entry) {
        return own.asSlice(entry + Long.BYTES, own.get(ValueLayout.JAVA_LONG, entry))
                .toArray(ValueLayout.JAVA_BYTE);
    }

    static void publish(MemorySegment own, long entry, byte[] keys) {
        if (keys.length > MOST) {
            throw new TransportException("the keys of a memory take " + keys.length + " bytes; " + MOST
                    + " are possible: allow fewer transports");
        }
        MemorySegment.copy(keys, 0, own, ValueLayout.JAVA_BYTE, entry + Long.BYTES, keys.length);
        LONG.setRelease(own, entry, (long) keys.length);
    }

    /// The keys; null if there are none yet.
    static byte[] read(Target control, long entry) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment all = arena.allocate(WindowDescriptor.KEYS, Long.BYTES);
            if (control.segment != null && (long) LONG.getAcquire(control.segment, entry) == 0) {
                return null;
            }
            control.get(entry, all, 0, WindowDescriptor.KEYS);
            control.flush();
            long length = all.get(ValueLayout.JAVA_LONG, 0);
            return length == 0 ? null : all.asSlice(Long.BYTES, length).toArray(ValueLayout.JAVA_BYTE);
        }
    }
}
