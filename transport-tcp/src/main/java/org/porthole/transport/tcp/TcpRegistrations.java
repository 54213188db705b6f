package org.porthole.transport.tcp;

import java.security.SecureRandom;
import java.util.Arrays;
import org.porthole.TransportException;
import org.porthole.spi.Memory;
import org.porthole.spi.Permit;
import org.porthole.spi.TargetAtomics;

/// The memory that peers reach, by its keys: some bits of a key find it, the others cannot be guessed.
///
/// **Threads.** Any.
final class TcpRegistrations {
    private static final SecureRandom RANDOM = new SecureRandom();

    /// Bits of a key that find its registration; the others are random.
    private static final int SLOT_BITS = 20;

    private static final int SLOT_MASK = (1 << SLOT_BITS) - 1;

    /// So many keys are remembered that stand for nothing any more.
    private static final int WITHDRAWN = 1024;

    private volatile TcpRegistration[] registrations = {};
    /// The keys of what was withdrawn last.
    private final long[] withdrawn = new long[WITHDRAWN];

    private int withdrawals;

    /// Lets peers reach memory.
    synchronized TcpRegistration register(Memory memory, TargetAtomics atomics, Permit permit) {
        TcpRegistration[] all = registrations;
        int slot = 0;
        while (slot < all.length && all[slot] != null) {
            slot++;
        }
        if (slot > SLOT_MASK) {
            throw new TransportException("tcp: " + slot + " memories are shared already");
        }
        TcpRegistration[] more = Arrays.copyOf(all, Math.max(all.length, slot + 1));
        TcpRegistration registration =
                new TcpRegistration((RANDOM.nextLong() << SLOT_BITS) | slot, memory, atomics, permit, this::withdraw);
        more[slot] = registration;
        registrations = more;
        return registration;
    }

    private synchronized void withdraw(TcpRegistration registration) {
        TcpRegistration[] left = registrations.clone();
        left[(int) registration.number() & SLOT_MASK] = null;
        withdrawn[withdrawals++ & (WITHDRAWN - 1)] = registration.number();
        registrations = left;
    }

    /// Whether a key stood for memory of this rank's not long ago: who uses it still is late, not a liar.
    synchronized boolean isWithdrawn(long key) {
        for (int i = 0; i < Math.min(withdrawals, WITHDRAWN); i++) {
            if (withdrawn[i] == key) {
                return true;
            }
        }
        return false;
    }

    /// What a key stands for; null if it is none of this rank's.
    TcpRegistration find(long key) {
        TcpRegistration[] all = registrations;
        int slot = (int) key & SLOT_MASK;
        TcpRegistration found = slot < all.length ? all[slot] : null;
        return found != null && found.number() == key ? found : null;
    }

    /// Withdraws all. Nobody registers more.
    void close() {
        for (TcpRegistration each : registrations) {
            if (each != null) {
                each.close();
            }
        }
    }
}
